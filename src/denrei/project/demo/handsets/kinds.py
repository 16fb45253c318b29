"""The kinds of phones that the demo has: one entry for each medium that it really speaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from denrei.domain.states import Medium
from denrei.project.demo.handsets.inbox import Inbox
from denrei.project.demo.handsets.wire import Arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a phone gets and shows what one medium brings."""

    medium: Medium
    #: Draws the inside of the frame.
    template: str
    #: What the servers of the medium did with an address or number, the newest first.
    arrivals: Callable[[Inbox, str], Sequence[Arrival]]


KINDS: tuple[Kind, ...] = (
    Kind(medium=Medium.MAIL, template="demo/handsets/mail.html", arrivals=Inbox.of),
)
