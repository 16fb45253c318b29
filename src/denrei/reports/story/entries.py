"""What can happen to one person in one broadcast: one kind of entry for each, with its facts (ALL-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from denrei.deliveries.models import WaveKind
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Medium, Phase, State
from denrei.domain.status import Position, Status, status_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One delivery that reaches the person, as it stands."""

    id: int
    wave: int
    contact_id: int
    medium: Medium
    #: Place among the contacts of its medium; None: the contact was deleted since.
    slot: int | None
    #: As it was sent to.
    address: str
    state: State
    reason: Reason
    evidence: Evidence
    #: A worker holds it: SENDING.
    leased: bool
    #: Attempts that may have arrived: 二重送信の可能性.
    doubts: int
    #: When it is tried next; None: not before its turn comes, or never.
    next_at: datetime | None
    updated_at: datetime
    #: Others of the household whom it reaches, too (NEW-5).
    others: tuple[str, ...] = ()
    #: It was planned for one of those others.
    is_others: bool = False
    #: Why and since when its address is left out, where it is.
    bad_reason: Reason | None = None
    bad_since: datetime | None = None

    @property
    def status(self) -> Status:
        """The one status that people see (EMC-1); by the same facts as the board's counts."""
        return status_of(
            Position(
                state=self.state,
                medium=self.medium,
                reason=self.reason,
                tries=int(self.reason is not Reason.NONE),
                claimed=self.state is State.WAITING and self.leased,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant(Entry):
    """The person belongs to a wave, by these deliveries."""

    wave: int
    kind: WaveKind
    #: The wave had a text of its own.
    reworded: bool
    #: "": a command, or denrei itself.
    by: str
    deliveries: tuple[Delivery, ...]
    #: The slice that this person is in was written: what is not here is not to come.
    is_planned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed(Entry):
    """Not sent: the address is known to be bad, or its owner opted out."""

    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried(Entry):
    """One attempt, as the wire told it or as its worker left it."""

    delivery: Delivery
    generation: int
    #: 1 for the first try of this delivery.
    number: int
    state: State
    reason: Reason
    phase: Phase
    #: "": nobody told.
    gateway: str
    took_ms: int | None
    provider_id: str
    reply: str
    #: Its worker fell silent; the reaper wrote this.
    is_silence: bool = False
    #: Told after the worker had been taken for dead.
    is_late: bool = False

    @property
    def in_doubt(self) -> bool:
        """Whether it may have arrived without anybody knowing: 二重送信の可能性."""
        return self.phase is Phase.IN_DOUBT

    @property
    def status(self) -> Status:
        """The status that this attempt led to."""
        return status_of(
            Position(state=self.state, medium=self.delivery.medium, reason=self.reason, tries=1)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Entry):
    """What a gateway or another server told later: a bounce, a receipt."""

    delivery: Delivery
    #: `denrei.deliveries.fold.Source`
    source: int
    state: State
    reason: Reason
    evidence: Evidence
    raw: str

    @property
    def status(self) -> Status | None:
        """The status that it tells of; None where it leaves the delivery as it was."""
        if self.state is State.WAITING:
            return None
        return status_of(
            Position(state=self.state, medium=self.delivery.medium, reason=self.reason, tries=1)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Entry):
    """Somebody or some program fetched the answer page: no evidence of anything (NEW-3)."""

    id: int
    delivery: Delivery
    #: A value of `denrei.responses.models.Kind`.
    kind: str
    user_agent: str
    #: IP address, "" unknown.
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Entry):
    """One answer or 受信確認, from whomever (NEW-4)."""

    id: int
    #: None: none of ours, an operator heard it on the spot.
    medium: Medium | None
    #: "": 受信確認 only.
    choice: str
    words: str
    needs_help: bool
    comment: str
    #: A value of `denrei.responses.models.Source`.
    source: str
    late: bool
    #: The operator who noted it, "" where it came from the person's side.
    by: str
    #: 1 for the first answer of this person.
    number: int
    is_latest: bool
    #: The one before said that all is well.
    worsened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Halted(Entry):
    """Nothing more for this person, or for nobody of a wave; with what was cancelled by it."""

    reason: Reason
    #: "": not an operator.
    by: str
    #: The answer that stopped it.
    answer: Answered | None
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Entry):
    """An address is sent to again while the broadcast was open: who vouched for it (EMC-6)."""

    by: str
    delivery: Delivery
    #: A human answered from the address.
    heard: bool = False
    #: A test that an operator sent to it arrived.
    tested: bool = False


class Help(StrEnum):
    """What became of a call for help; the values but the last are actions of the audit trail."""

    TAKEN = "help.taken"
    GIVEN_BACK = "help.given_back"
    CLOSED = "help.closed"
    #: A later answer said that no help is needed.
    TAKEN_BACK = "taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped(Entry):
    """An operator took care of a call for help, gave it back or closed it; or an answer did."""

    what: Help
    #: "": not an operator.
    by: str
