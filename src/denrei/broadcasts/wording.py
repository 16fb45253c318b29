"""Words of the organization's lists as a content freezes them, wherever the content comes from."""

from __future__ import annotations

from collections.abc import Iterable

from denrei.accounts import senders
from denrei.accounts.models import Organization, Unit
from denrei.accounts.preferences import Preferences
from denrei.broadcasts.content import Choice, Phrase, Sender
from denrei.broadcasts.models import AnswerChoice, IncidentType, Instruction, Situation


def phrase(row: IncidentType | Situation | Instruction | AnswerChoice) -> Phrase:
    """Return the name of a row in both languages."""
    return Phrase(ja=row.name, en=row.name_en)


def choices(rows: Iterable[AnswerChoice]) -> tuple[Choice, ...]:
    """Return the answers offered, in the order of the rows."""
    return tuple(
        Choice(code=row.code, words=phrase(row), needs_help=row.needs_help) for row in rows
    )


def by_reply(organization: Organization) -> bool:
    """Tell whether the mail offers to be answered by a reply (MSG-8)."""
    return Preferences.of(organization).answers_by_reply


def sender(organization: Organization, unit: Unit | None) -> Sender:
    """Return whom the receiver sees: that of the unit, else of the organization (OPS-6)."""
    found = senders.identity(organization, unit)
    return Sender(name=found.name, address=found.address, reply_to=found.reply_to)
