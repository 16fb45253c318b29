"""The gateways of a lane: which one is used now, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from denrei.channels import Ended, Outgoing, Sender, SendError, poster
from denrei.deliveries.connection import clock
from denrei.domain.failures import CONSEQUENCES, Reason
from denrei.domain.states import Phase

#: Before a byte of a message was written these say something of the gateway, nothing of the person.
_OF_THE_GATEWAY = {Reason.CONNECTION, Reason.TIMEOUT, Reason.GATEWAY, Reason.THROTTLED}
#: Seconds that a gateway rests after the first, second, … trouble in a row: it is tried by one
#: connection, which costs it little, and an emergency must not wait for long when it is back.
_RESTS = (1.0, 2.0, 5.0, 10.0)


@dataclass(slots=True, eq=False)
class Route:
    """One opened gateway."""

    gateway: int
    sender: Sender
    #: Messages a second; None: as fast as it goes.
    rate: float | None = None
    resting_until: float = 0.0
    troubles: int = 0
    #: What is wrong, for the operator.
    words: str = ""
    #: What the database was told of it.
    told: str | None = None
    #: How messages are handed to the sender.
    post: Callable[[Outgoing, Ended], None] = field(init=False)

    def __post_init__(self) -> None:
        self.post = poster(self.sender)

    def worked(self) -> None:
        """Note that it took or refused a message: it is there."""
        if self.troubles:
            self.troubles, self.words, self.resting_until = 0, "", 0.0

    def failed(self, error: SendError) -> None:
        """Note that it could not be used; it rests, longer each time."""
        if clock() < self.resting_until:
            return
        self.resting_until = clock() + _RESTS[min(self.troubles, len(_RESTS) - 1)]
        self.troubles += 1
        self.words = f"{CONSEQUENCES[error.reason].words}（{error.detail[:200]}）"


def is_trouble(error: BaseException) -> bool:
    """Tell whether an error is the gateway's alone, with nothing sent."""
    return (
        isinstance(error, SendError)
        and error.phase is Phase.UNSENT
        and error.reason in _OF_THE_GATEWAY
    )


class Routes:
    """The gateways of a lane in order of preference."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes

    @property
    def all(self) -> Sequence[Route]:
        """Every route, for telling what is wrong."""
        return self._routes

    def current(self) -> Route | None:
        """Return the preferred gateway that is not resting; None: wait for `rest()` seconds."""
        now = clock()
        for (
            route
        ) in self._routes:  # asked for each message: a generator costs more than the question
            if route.resting_until <= now:
                return route
        return None

    def rest(self) -> float:
        """Return the seconds until a gateway may be tried again."""
        return max(0.05, min(route.resting_until for route in self._routes) - clock())
