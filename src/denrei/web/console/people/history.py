"""Who changed what of one person, newest first: out of the audit trail, and the imports that wrote him (ALL-3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from denrei.accounts import rights
from denrei.accounts.models import AuditEntry, Operator
from denrei.accounts.rights import Right
from denrei.directory.intake.models import Outcome, PeopleImport
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
    differences: tuple[Difference, ...] = ()
    #: The import by which it was done, and what of the person it changed, in the words of its fates.
    source: PeopleImport | None = None
    changed: tuple[str, ...] = ()
    #: Whether the operator may look at the import.
    is_open: bool = False


def of(person: Recipient, called: Mapping[str, str], operator: Operator) -> list[Act]:
    """Return the newest acts; those on several people at once tell of this one, too."""
    entries = [_act(entry, called) for entry in _entries(person)]
    acts = sorted([*entries, *_imports(person, operator)], key=lambda act: act.at, reverse=True)
    return acts[:MOST]


def _entries(person: Recipient) -> list[AuditEntry]:
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
    return found[:MOST]


def _imports(person: Recipient, operator: Operator) -> Iterator[Act]:
    """Yield what imports did to the person, and what undoing them did."""
    may = rights.may(operator, Right.PEOPLE)
    seen = (
        set(PeopleImport.objects.visible_to(operator).values_list("pk", flat=True)) if may else ()
    )
    written = person.imports.select_related("people_import").order_by("-people_import")[:MOST]
    for one in written:
        source = one.people_import
        is_open = source.pk in seen
        yield Act(
            at=source.written_at or source.moved_at,
            actor=source.actor_name,
            words=_("取り込みで登録") if one.is_new else _("取り込みで変更"),
            source=source,
            changed=tuple(one.changed),
            is_open=is_open,
        )
        if one.outcome in {Outcome.RESTORED, Outcome.LEFT}:
            yield Act(
                at=source.moved_at,
                actor=source.undoer_name,
                words=_("取り込みを元に戻した（%(outcome)s）")
                % {"outcome": one.get_outcome_display()},
                source=source,
                is_open=is_open,
            )


def _act(entry: AuditEntry, called: Mapping[str, str]) -> Act:
    is_whole = entry.action == "person.added" or entry.subject_kind == "contact"
    return Act(
        at=entry.at,
        actor=entry.actor_name,
        words=str(words.ACTIONS.get(entry.action, entry.action)),
        differences=() if is_whole else tuple(words.differences(entry.before, entry.after, called)),
    )
