"""One person's page: facts, contacts, household, and what became of them."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denrei.accounts import labels, rights
from denrei.accounts.rights import Right
from denrei.deliveries import suppressed
from denrei.deliveries.contact_tests import pressing
from denrei.deliveries.models import Attention
from denrei.directory import households
from denrei.directory.models import Recipient
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.people import broadcasts, finding, history, rows, sharing, trying
from denrei.web.console.people.rows import Row


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/people/<id>/`."""
    person, operator = finding.person(request, pk), operator_of(request)
    organization = organization_of(request)
    context = {
        "person": person,
        "row": _with_cases(rows.of([person], organization)[0]),
        "shared": sharing.shared(person, operator),
        "received": broadcasts.newest(person, operator),
        "testable": pressing.media(),
        "acts": history.of(person, labels.of(organization), operator),
    }
    if person.household:
        members = Recipient.objects.visible_to(operator).filter(household=person.household)
        context["members"] = members.exclude(pk=person.pk).in_order()
        context["children"] = households.children_of(person.household, operator)
    return render(request, "console/people/person.html", context)


def _with_cases(row: Row) -> Row:
    """Return the row with each contact's open case, suppression and latest test (EMC-6, 7, 8)."""
    open_cases = Attention.objects.open().filter(recipient=row.person)
    tests = trying.trials([one.contact for one in row.contacts])
    cases = dict(open_cases.values_list("contact", "pk"))
    periods = suppressed.periods(one.contact for one in row.contacts)
    contacts = (
        replace(
            one,
            case=cases.get(one.contact.pk),
            period=periods.get((one.contact.medium, one.contact.address_key)),
            trial=tests.get(one.contact.pk),
        )
        for one in row.contacts
    )
    return replace(row, contacts=tuple(contacts))
