"""Send: hand released rows to the channel and take what it says, without a database connection."""

from __future__ import annotations

import logging
import random
from functools import partial

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
        self._is_pumping = False

    def __call__(self) -> None:
        """Hand over what there is place for. What ends meanwhile makes place: the loop goes on."""
        if not self._is_pumping:
            self._is_pumping = True
            try:
                self._pump()
            finally:
                self._is_pumping = False

    def _pump(self) -> None:
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
        organization, delivery = held.organization, row.id
        outgoing = Outgoing(
            delivery=delivery,
            correlation=links.correlation(organization, held.broadcast, delivery),
            return_token=links.return_token(organization, delivery),
            address=row.address,
            content=letter.texts[row.language],
            url=letter.pages and letter.pages + links.answer_token(organization, delivery),
            alive=held.alive,
        )
        self._hands.in_flight += 1
        route.post(outgoing, partial(self._ended, released, route, clock()))

    def _ended(
        self, released: Released, route: Route, started: float, how: Accepted | BaseException
    ) -> None:
        hands, held = self._hands, released.held
        hands.in_flight -= 1
        if isinstance(how, WithheldError):
            hands.put_back(released)
        elif isinstance(how, SendError) and is_trouble(how):
            route.failed(how)
            hands.put_back(released)
        else:
            held.came_to(self._result(released.row, how, route, clock() - started))
            if hands.owes(held, self._lane.window):
                hands.flush.set()
        self()

    def _result(
        self, row: Waiting, how: Accepted | BaseException, route: Route, took: float
    ) -> Result:
        if isinstance(how, Accepted):
            route.worked()
            return verdict.accepted(self._lane, row, how, route.gateway, took)
        if not isinstance(how, SendError):
            # A fault of the channel's code, or its task was cancelled: nobody knows what was sent.
            _log.error("channel fault", extra={"delivery": row.id}, exc_info=how)
            how = SendError(Reason.OTHER, retryable=True, phase=Phase.IN_DOUBT, detail=repr(how))
        elif how.phase is Phase.ANSWERED:
            route.worked()
        return verdict.refused(self._lane, row, how, route.gateway, took, random.random())
