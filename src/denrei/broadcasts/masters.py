"""The lists that an organization keeps itself: which table each is, and what uses its entries (MSG-1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, JSONField, QuerySet, Value

from denrei.accounts import masters
from denrei.accounts.labels import Label
from denrei.accounts.masters import Listing
from denrei.accounts.models import Master, Operator, Organization
from denrei.broadcasts.models import (
    AnswerChoice,
    Draft,
    DraftKind,
    DraftQuerySet,
    IncidentType,
    Instruction,
    Situation,
)
from denrei.broadcasts.typed import ids
from denrei.directory import groups
from denrei.directory.groups import Headcount
from denrei.directory.models import ContactGroup, Position

#: Operators are no such list: they have no order, and passwords.
TABLES: Mapping[Label, type[Master]] = {
    Label.GROUPS: ContactGroup,
    Label.POSITIONS: Position,
    Label.INCIDENTS: IncidentType,
    Label.SITUATIONS: Situation,
    Label.INSTRUCTIONS: Instruction,
    Label.ANSWERS: AnswerChoice,
}
#: Lists that each incident type has for itself.
UNDER_INCIDENTS = frozenset({Label.SITUATIONS, Label.INSTRUCTIONS})
#: The field of `typed.Typed` that names one entry, or several.
_NAMES_ONE: Mapping[Label, str] = {
    Label.INCIDENTS: "incident",
    Label.SITUATIONS: "situation",
    Label.INSTRUCTIONS: "instruction",
}
_NAMES_SEVERAL: Mapping[Label, str] = {
    Label.GROUPS: "groups",
    Label.POSITIONS: "positions",
    Label.ANSWERS: "choices",
}


class _Named(Func):
    """Each value in a field of a form, whether it holds one or several (`lax` mode of the path)."""

    function = "jsonb_path_query"
    output_field = JSONField()
    set_returning = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What uses an entry, as far as the operator sees it."""

    people: Headcount
    drafts: Sequence[Draft]
    templates: Sequence[Draft]
    #: What is deleted with an incident type.
    situations: Sequence[Situation] = ()
    instructions: Sequence[Instruction] = ()

    @property
    def is_free(self) -> bool:
        """Tell whether nothing uses the entry."""
        return not (
            self.people.all or self.drafts or self.templates or self.situations or self.instructions
        )


def listing(
    label: Label, organization: Organization, incident_type: IncidentType | None = None
) -> Listing:
    """Return a list; those under incident types need to be told which (ValueError)."""
    entries: QuerySet[Any] = TABLES[label]._base_manager.all()
    if label not in UNDER_INCIDENTS:
        return Listing(entries=entries, owner=organization)
    if incident_type is None:
        raise ValueError(label)
    return Listing(entries=entries.filter(incident_type=incident_type), owner=incident_type)


def mentions(label: Label, operator: Operator) -> Counter[int]:
    """Count the open drafts and 定型連絡 that name each entry, of those that the operator sees."""
    field = _NAMES_ONE.get(label) or _NAMES_SEVERAL[label]
    named = _unsent(operator).annotate(named=_Named(F("form"), Value(f"$.{field}[*]")))
    counts: Counter[int] = Counter()
    for value in named.values_list("named", flat=True):
        counts.update(ids([str(value)]))
    return counts


def use_of(label: Label, entry: Master, operator: Operator) -> Use:
    """Tell what uses an entry: asked before it is deleted."""
    if label in _NAMES_ONE:
        found = _unsent(operator).filter(**{f"form__{_NAMES_ONE[label]}": str(entry.pk)})
    else:
        key = f"form__{_NAMES_SEVERAL[label]}__contains"
        found = _unsent(operator).filter(**{key: [str(entry.pk)]})
    drafts = list(found.select_related("changed_by").order_by("-changed_at"))
    headcounts = groups.headcounts(type(entry), [entry.pk], operator)
    incident = entry if isinstance(entry, IncidentType) else None
    return Use(
        people=headcounts.get(entry.pk, Headcount()),
        drafts=[draft for draft in drafts if draft.kind == DraftKind.DRAFT],
        templates=[draft for draft in drafts if draft.kind == DraftKind.TEMPLATE],
        situations=list(incident.situations.all()) if incident else (),
        instructions=list(incident.instructions.all()) if incident else (),
    )


def delete(of: Listing, entry: Master, use: Use, actor: Operator) -> None:
    """Delete an entry with what is under it and people's ties to it; the trail keeps what it was.

    Broadcasts that were sent have their own words (`content`) and stay as they are.
    """
    beside = {
        "people": use.people.all,
        "situations": [masters.described(one) for one in use.situations],
        "instructions": [masters.described(one) for one in use.instructions],
    }
    masters.delete(of, entry, actor, {name: value for name, value in beside.items() if value})


def _unsent(operator: Operator) -> DraftQuerySet:
    return Draft.objects.visible_to(operator).filter(broadcast=None)
