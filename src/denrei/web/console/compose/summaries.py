"""Drafts as lists show them: names looked up once for the page, not once for the row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from denrei.broadcasts.models import Draft, IncidentType, Instruction, Situation
from denrei.broadcasts.typed import Typed, ids
from denrei.directory.models import ContactGroup, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One draft in a list; names are "" where nothing, or nothing any more, is chosen."""

    draft: Draft
    typed: Typed
    incident: str
    situation: str
    instruction: str
    #: Groups and positions by name.
    audience: Sequence[str]
    #: Chosen person by person.
    people: int


def of(drafts: Iterable[Draft]) -> list[Summary]:
    """Return the summaries of the drafts of one page."""
    forms = [(draft, Typed.from_json(draft.form)) for draft in drafts]
    typed = [form for _, form in forms]
    incidents = _names(IncidentType.objects.all(), (one.incident for one in typed))
    situations = _names(Situation.objects.all(), (one.situation for one in typed))
    instructions = _names(Instruction.objects.all(), (one.instruction for one in typed))
    groups = _names(ContactGroup.objects.all(), (pk for one in typed for pk in one.groups))
    positions = _names(Position.objects.all(), (pk for one in typed for pk in one.positions))
    return [
        Summary(
            draft=draft,
            typed=form,
            incident=incidents.get(form.incident, ""),
            situation=situations.get(form.situation, ""),
            instruction=instructions.get(form.instruction, ""),
            audience=[
                *(groups[pk] for pk in form.groups if pk in groups),
                *(positions[pk] for pk in form.positions if pk in positions),
            ],
            people=len(form.people),
        )
        for draft, form in forms
    ]


def _names(rows: QuerySet[Model], wanted: Iterable[str]) -> Mapping[str, str]:
    found = rows.filter(pk__in=set(ids(wanted))).values_list("pk", "name")
    return {str(pk): name for pk, name in found}
