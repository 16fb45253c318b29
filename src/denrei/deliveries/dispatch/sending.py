"""Send: hand released rows to the channel and take what it says, without a database connection."""

from __future__ import annotations

import asyncio
import logging
import random

from denrei.channels import Accepted, Outgoing, SendError, WithheldError
from denrei.deliveries import links
from denrei.deliveries.connection import clock
from denrei.deliveries.dispatch import verdict
from denrei.deliveries.dispatch.hands import Hands, Released
from denrei.deliveries.dispatch.held import Result, Waiting
from denrei.deliveries.dispatch.routes import Route, Routes, is_trouble
from denrei.deliveries.lanes import LaneSettings
from denrei.domain.failures import Reason
from denrei.domain.states import Phase

_log = logging.getLogger(__name__)


class Pump:
    """Keeps the channel full; called whenever a place or a row may have become free."""

    def __init__(self, lane: LaneSettings, routes: Routes, hands: Hands) -> None:
        self._lane = lane
        self._routes = routes
        self._hands = hands

    def __call__(self) -> None:
        """Hand over what there is place for."""
        hands = self._hands
        while hands.work:
            route = self._routes.current()
            if route is None:
                hands.pause.set()
                return
            if hands.in_flight >= route.sender.capacity:
                return
            if not hands.work[0].held.alive():
                hands.late.set()  # my lease may be over: ask the database before the next byte
                return
            self._send(hands.work.popleft(), route)
        hands.room.set()

    def _send(self, released: Released, route: Route) -> None:
        held, row, letter = released
        outgoing = Outgoing(
            delivery=row.id,
            correlation=links.correlation(held.broadcast, row.id),
            return_token=links.return_token(held.organization, row.id),
            address=row.address,
            content=letter.texts[row.language],
            url=links.answer_url(held.organization, row.id) if letter.has_page else "",
            alive=held.alive,
        )
        self._hands.in_flight += 1
        started = clock()
        future = asyncio.ensure_future(route.sender.send(outgoing))
        future.add_done_callback(lambda done: self._ended(done, released, route, started))

    def _ended(
        self, done: asyncio.Future[Accepted], released: Released, route: Route, started: float
    ) -> None:
        hands, held = self._hands, released.held
        hands.in_flight -= 1
        error = asyncio.CancelledError() if done.cancelled() else done.exception()
        if isinstance(error, WithheldError):
            hands.put_back(released)
        elif isinstance(error, SendError) and is_trouble(error):
            route.failed(error)
            hands.put_back(released)
        else:
            held.results.append(self._result(released.row, done, error, route, clock() - started))
            held.landed += 1
            if len(held.results) >= self._lane.window // 2 or len(held.results) == held.left:
                hands.flush.set()
        self()

    def _result(
        self,
        row: Waiting,
        done: asyncio.Future[Accepted],
        error: BaseException | None,
        route: Route,
        took: float,
    ) -> Result:
        if error is None:
            route.worked()
            return verdict.accepted(self._lane, row, done.result(), route.gateway, took)
        if not isinstance(error, SendError):
            # A fault of the channel's code, or its task was cancelled: nobody knows what was sent.
            _log.error("channel fault", extra={"delivery": row.id}, exc_info=error)
            error = SendError(
                Reason.OTHER, retryable=True, phase=Phase.IN_DOUBT, detail=repr(error)
            )
        elif error.phase is Phase.ANSWERED:
            route.worked()
        return verdict.refused(self._lane, row, error, route.gateway, took, random.random())
