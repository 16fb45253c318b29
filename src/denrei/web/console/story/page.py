"""The page of one person in one broadcast, and the parts of it that move (ALL-3)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.directory.models import Recipient
from denrei.reports.story import Story
from denrei.reports.story.choosing import choosing
from denrei.reports.story.entries import Answered, Delivery
from denrei.web.console.asking import status_of_form
from denrei.web.console.broadcasts.emptied import needs_details
from denrei.web.console.broadcasts.picture import KINDS, Kind
from denrei.web.console.people import rows
from denrei.web.console.story import finding, naming, timeline, words
from denrei.web.console.story.finding import Named
from denrei.web.console.story.forms import HeardForm
from denrei.web.console.story.line import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One contact in this broadcast, by its last delivery."""

    name: str
    place: str
    icon: str
    mark: Mark
    evidence: Kind | None
    delivery: Delivery
    shared: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One answer in short."""

    answer: Answered
    teller: str


@rights.needs(Right.READ)
@require_safe
@needs_details
def show(request: HttpRequest, broadcast_id: int, recipient_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/people/ID/`."""
    return drawn(request, finding.named(request, broadcast_id, recipient_id))


@rights.needs(Right.READ)
@require_safe
@needs_details
def moving(request: HttpRequest, broadcast_id: int, recipient_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/people/ID/moving/`; nothing where all is as `?seen=` knows it."""
    found = finding.named(request, broadcast_id, recipient_id)
    told = finding.told(request, found)
    if request.GET.get("seen") == told.version:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "console/story/moving.html", _moving(found, told) | {"apart": True})


def drawn(
    request: HttpRequest, found: Named, form: HeardForm | None = None, **more: object
) -> HttpResponse:
    """Draw the page, with a form that is to be mended where one is given."""
    told = finding.told(request, found)
    person = finding.in_directory(request, told.recipient_id)
    context = {
        **_moving(found, told),
        "person": person,
        "facts": _facts(person),
        "form": form or fresh(found, told),
        "is_open": form is not None,
        **more,
    }
    return render(request, "console/story/page.html", context, status=status_of_form(request))


def _facts(person: Recipient | None) -> list[str]:
    """Return where a person belongs and what he is, as the address book says now."""
    if person is None:
        return []
    positions = person.positions_held.order_by("position__order", "position_id")
    unit = [person.unit.name] if person.unit else []
    return [*unit, *positions.values_list("position__name", flat=True)]


def fresh(found: Named, told: Story) -> HeardForm:
    """Return the form before anything was typed."""
    seen = told.latest.id if told.latest else ""
    language = translation.get_language() or ""
    return HeardForm(found.content, language, initial={"seen": seen})


def _moving(found: Named, told: Story) -> dict[str, Any]:
    return {
        "broadcast": found.broadcast,
        "content": found.content,
        "story": told,
        "standing": next(kind for kind in KINDS if told.grade in kind.grades),
        "lines": timeline.of(told.entries),
        "chosen": choosing(found.broadcast, told.recipient_id),
        "contacts": _contacts(told),
        "latest": _given(told.latest),
        "first": _given(told.answers[0]) if len(told.answers) > 1 else None,
        "before": _given(told.answers[-2]) if len(told.answers) > 1 else None,
    }


def _contacts(told: Story) -> list[Contact]:
    last = {delivery.contact_id: delivery for delivery in told.deliveries}
    return [
        Contact(
            name=naming.name_of(delivery),
            place=naming.place_of(delivery),
            icon=rows.ICONS[delivery.medium],
            mark=Mark(status=delivery.status),
            evidence=naming.kind_of(delivery.evidence),
            delivery=delivery,
            shared=naming.shared_with(delivery),
        )
        for delivery in last.values()
    ]


def _given(answer: Answered | None) -> Given | None:
    if answer is None:
        return None
    return Given(answer=answer, teller=str(words.TELLERS.get(answer.source, answer.source)))
