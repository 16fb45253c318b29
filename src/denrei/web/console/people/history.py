"""Who changed what of one person, newest first, out of the audit trail (ALL-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Q

from denrei.accounts.models import AuditEntry
from denrei.directory.models import Recipient
from denrei.web.console.people import words
from denrei.web.console.people.words import Difference

#: Acts that the page shows.
MOST = 50
_OF_CONTACTS = [action for action in words.ACTIONS if action.startswith("address.")]
_AT_ONCE = [action for action in words.ACTIONS if action.startswith("people.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act."""

    at: datetime
    #: "" for denrei itself or a command.
    actor: str
    words: str
    #: Nothing for the first entry, which is everything.
    differences: tuple[Difference, ...]


def of(person: Recipient, called: Mapping[str, str]) -> list[Act]:
    """Return the newest acts; those on several people at once tell of this one, too."""
    own = AuditEntry.objects.about("recipient", str(person.pk))
    shared = AuditEntry.objects.filter(
        Q(after__recipients__contains=[person.pk]), action__in=_AT_ONCE
    )
    contacts = [str(contact) for contact in person.contacts.values_list("pk", flat=True)]
    places = AuditEntry.objects.filter(
        subject_id__in=contacts, subject_kind="contact", action__in=_OF_CONTACTS
    )
    found = sorted(
        {
            *own.newest_first()[:MOST],
            *shared.newest_first()[:MOST],
            *places.newest_first()[:MOST],
        },
        key=lambda entry: (entry.at, entry.pk),
        reverse=True,
    )
    return [_act(entry, called) for entry in islice(found, MOST)]


def _act(entry: AuditEntry, called: Mapping[str, str]) -> Act:
    is_whole = entry.action == "person.added" or entry.subject_kind == "contact"
    return Act(
        at=entry.at,
        actor=entry.actor_name,
        words=str(words.ACTIONS.get(entry.action, entry.action)),
        differences=() if is_whole else tuple(words.differences(entry.before, entry.after, called)),
    )
