"""The list of people: searched, narrowed, sorted, page by page (MSG-5)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.models import Operator, Unit
from denrei.accounts.rights import Right
from denrei.directory.looking import Look
from denrei.directory.models import ContactGroup, Position
from denrei.directory.paging import Page
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.fields import UnitField
from denrei.web.console.people import choosing, rows
from denrei.web.console.people.choosing import Choice


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/people/`."""
    operator = operator_of(request)
    choice = choosing.read(request.GET, operator)
    page, count = Look(operator=operator, search=choice.search).listed(choice.place)
    context = {
        "choice": choice,
        "rows": rows.of(page.people, organization_of(request)),
        "count": count,
        "first": choice.skipped + 1,
        "last": choice.skipped + len(page.people),
        "units": _units(operator),
        "chosen_unit": str(choice.unit.pk) if choice.unit else "",
        "groups": ContactGroup.objects.all(),
        "positions": Position.objects.all(),
        "states": choosing.STATES.items(),
        "orders": choosing.ORDERS.items(),
        "sizes": choosing.SIZES,
        **_turns(choice, page),
    }
    return render(request, "console/people/list.html", context)


def _units(operator: Operator) -> object:
    """Return the choices of the filter by unit: value and words."""
    field = UnitField()
    field.offer(Unit.objects.visible_to(operator), _("すべて"))
    return field.choices


def _turns(choice: Choice, page: Page) -> dict[str, str]:
    """Return the queries of the pages beside this one; "" where there is none."""
    if not page.people:
        return {"previous": "", "next": ""}
    back, on = max(0, choice.skipped - choice.size), choice.skipped + len(page.people)
    first, last = page.people[0].pk, page.people[-1].pk
    return {
        "previous": choice.turned(first, back, backwards=True) if page.before else "",
        "next": choice.turned(last, on) if page.after else "",
    }
