"""One page of the audit trail: which entries, what each is about, where the next page begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from denrei.accounts.models import AuditEntry, AuditEntryQuerySet, OrganizationRow
from denrei.web.console.trail import differences, sentences
from denrei.web.console.trail.differences import Difference

#: Entries of one page.
ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One entry in words."""

    entry: AuditEntry
    sentence: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entries, newest first; `following` is the id after which the next page begins."""

    told: tuple[Told, ...]
    following: int | None


def read(entries: AuditEntryQuerySet, after: int | None, labels: Mapping[str, str]) -> Page:
    """Return the page of entries that are older than the one with the id `after`."""
    found = list(_older(entries, after).newest_first()[: ROWS + 1])
    shown = found[:ROWS]
    return Page(
        told=tuple(_told(shown, labels)),
        following=shown[-1].pk if len(found) > ROWS else None,
    )


def _older(entries: AuditEntryQuerySet, after: int | None) -> AuditEntryQuerySet:
    last = entries.filter(pk=after).first() if after else None
    if last is None:
        return entries
    return entries.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk)


def _told(entries: list[AuditEntry], labels: Mapping[str, str]) -> Iterator[Told]:
    names = _names(entries)
    for entry in entries:
        name = names.get((entry.subject_kind, entry.subject_id)) or _name_in(entry)
        yield Told(
            entry=entry,
            sentence=sentences.say(entry.action, labels, name),
            differences=tuple(differences.between(entry.before, entry.after, labels)),
        )


def _name_in(entry: AuditEntry) -> str:
    """Return the name that the entry itself holds: of what is gone, there is no other."""
    return str((entry.after or {}).get("name") or (entry.before or {}).get("name") or "")


def _names(entries: Iterable[AuditEntry]) -> dict[tuple[str, str], str]:
    """Return the present names of what entries are about, in one query for each kind."""
    asked: dict[str, set[str]] = {}
    for entry in entries:
        asked.setdefault(entry.subject_kind, set()).add(entry.subject_id)
    return {
        (kind, str(pk)): name
        for kind, ids in asked.items()
        if (table := _named(kind)) is not None
        for pk, name in table._base_manager.filter(pk__in=ids).values_list("pk", "name")
    }


def _named(kind: str) -> type[models.Model] | None:
    """Return the model whose rows an entry calls so, where they have a name."""
    for model in apps.get_models():
        if model._meta.model_name == kind and issubclass(model, OrganizationRow):
            return model if _has_name(model) else None
    return None


def _has_name(model: type[models.Model]) -> bool:
    try:
        model._meta.get_field("name")
    except FieldDoesNotExist:
        return False
    return True
