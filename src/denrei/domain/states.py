"""The vocabulary of transport: media, states, grades of evidence, phases of an attempt.

The numbers are stored in the ledger: they are never reused and never change their meaning.
"""

from __future__ import annotations

from enum import IntEnum


class Medium(IntEnum):
    """The kinds of contact that a person can hold."""

    MAIL = 1
    SMS = 2
    PHONE = 3
    APP = 4

    @property
    def label(self) -> str:
        """The name that an operator reads."""
        return _MEDIUM_LABELS[self]


_MEDIUM_LABELS = {
    Medium.MAIL: "メール",
    Medium.SMS: "SMS",
    Medium.PHONE: "電話",
    Medium.APP: "アプリ",
}


class State(IntEnum):
    """What the ledger knows of one delivery (SPEC, "From state to status").

    HELD and SENDING are not stored: HELD is WAITING that is in no chunk, SENDING is WAITING in a
    chunk that a worker has leased. So a claim writes one row for hundreds of people.
    """

    #: Due, to be due, or claimed by a worker and not yet recorded.
    WAITING = 0
    #: The next system took it over; it may still come back.
    ACCEPTED = 1
    #: A receipt of the device, or a call that was connected.
    DELIVERED = 2
    #: It was accepted and came back.
    BOUNCED = 3
    #: A permanent answer said no.
    FAILED = 4
    #: The operator stopped it, or the person answered by another medium, while it waited.
    CANCELLED = 5
    #: The time to give up passed while it waited.
    EXPIRED = 6
    #: Not sent: a known bad address, or an opt-out.
    SUPPRESSED = 7
    #: Every retry was used up on temporary answers.
    EXHAUSTED = 8
    #: Handed to the wire with no answer and left in doubt, or no receipt came in time.
    UNKNOWN = 9


class Evidence(IntEnum):
    """How sure it is that a message reached a person (NEW-2); never added up to one "success"."""

    #: 不明: nothing is known.
    NONE = 0
    #: 引渡し: the next system took it (SMTP 250, a connected call, push accepted).
    HANDED_OVER = 1
    #: 端末到達: the handset confirmed it.
    DEVICE = 2
    #: 閲覧: a human tapped a button or pressed a key.
    READ = 3
    #: 回答: a human answered.
    ANSWERED = 4

    @property
    def label(self) -> str:
        """The name that an operator reads."""
        return ("不明", "引渡し", "端末到達", "閲覧", "回答")[self]


#: From this grade on evidence is a human's and no later receipt takes it away.
HUMAN = Evidence.READ


class Grade(IntEnum):
    """Where one person of an audience stands: the best evidence over all that was sent to them."""

    #: 連絡先なし: no contact that this broadcast could use.
    NO_CONTACT = -1
    #: 未到達
    UNREACHED = 0
    #: 到達のみ, by the evidence of the same number
    HANDED_OVER = 1
    DEVICE = 2
    READ = 3
    #: 回答
    ANSWERED = 4


class Look(IntEnum):
    """Who looked at the answer page of one person; a look is no evidence of anything (NEW-3)."""

    #: Nobody opened it.
    NOBODY = 0
    #: Programs opened it: scanners of mail, previews of links.
    PROGRAM = 1
    #: アクセスあり(未確認): opened, perhaps by a human.
    MAYBE = 2

    @property
    def label(self) -> str:
        """The name that an operator reads."""
        return ("アクセスなし", "プログラムのみ", "アクセスあり(未確認)")[self]


class Phase(IntEnum):
    """How far one attempt came, which decides whether trying again is free (DESIGN, protocol 6)."""

    #: No byte of this message was written.
    UNSENT = 0
    #: Cut or refused before the point where the other side may have taken it: a retry is free.
    BEFORE = 1
    #: The other side answered for this message.
    ANSWERED = 2
    #: Past the point of no return without an answer: it may have arrived.
    IN_DOUBT = 9
