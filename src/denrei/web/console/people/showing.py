"""One person's page: facts, contacts, household, and what became of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denrei.accounts import labels, rights
from denrei.accounts.rights import Right
from denrei.directory import households
from denrei.directory.models import Recipient
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.people import broadcasts, finding, history, rows, sharing


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/people/<id>/`."""
    person, operator = finding.person(request, pk), operator_of(request)
    organization = organization_of(request)
    context = {
        "person": person,
        "row": rows.of([person], organization)[0],
        "shared": sharing.shared(person, operator),
        "received": broadcasts.newest(person, operator),
        "acts": history.of(person, labels.of(organization)),
    }
    if person.household:
        members = Recipient.objects.visible_to(operator).filter(household=person.household)
        context["members"] = members.exclude(pk=person.pk).in_order()
        context["children"] = households.children_of(person.household, operator)
    return render(request, "console/people/person.html", context)
