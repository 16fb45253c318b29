"""The form of an earlier broadcast, to write another one from it."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast, Draft, IncidentType
from denrei.broadcasts.typed import Moment, Typed


def form(broadcast: Broadcast) -> Typed:
    """Return the form that a broadcast was sent from; for one without a form, what its content tells.

    It goes to nobody: recipients, times and reminders are chosen anew.
    """
    content = Content.from_json(broadcast.content)
    draft = Draft.objects.filter(broadcast=broadcast).order_by("-pk").first()
    if draft is not None:
        typed = Typed.from_json(draft.form)
    else:
        incident = IncidentType.objects.filter(name=content.incident.ja).first()
        typed = Typed(
            incident=str(incident.pk) if incident else "",
            place=content.place,
            situation_note=content.situation_note,
            instruction_note=content.instruction_note,
            drill=content.drill,
        )
    return replace(
        typed,
        occurred=Moment.at(content.occurred_at, ZoneInfo(content.time_zone)),
        sender=content.signed,
        drill=content.drill,
        everybody=False,
        groups=(),
        positions=(),
        people=(),
        scheduled=False,
        remind=False,
    )
