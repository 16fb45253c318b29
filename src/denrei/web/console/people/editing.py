"""Adding and changing one person: nothing typed is lost, by a fault or by another operator."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from denrei.accounts import labels, rights
from denrei.accounts.rights import Right
from denrei.directory import facts, people
from denrei.directory.models import Contact, Language, Recipient, RecipientState
from denrei.directory.people import (
    ChangedMeanwhileError,
    CodeTakenError,
    Entry,
    UnitOutOfReachError,
)
from denrei.domain.states import Medium
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.people import finding, forms, lines, typed
from denrei.web.console.people.forms import Person
from denrei.web.console.people.lines import ContactLines
from denrei.web.console.people.words import differences

Context = dict[str, Any]


@rights.needs(Right.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Serve `/console/people/new/`."""
    operator = operator_of(request)

    def save(entry: Entry, form: Person) -> Recipient:
        del form
        return people.add(operator, entry)

    if request.method == "POST":
        return _posted(request, None, save)
    unit = operator.unit_id or ""
    initial = {"unit": unit, "language": Language.JAPANESE, "state": RecipientState.ACTIVE}
    form = Person(operator=operator, initial=initial)
    contacts = lines.shown((), (Medium.MAIL, Medium.SMS, Medium.PHONE))
    return _page(request, None, form, contacts)


@rights.needs(Right.PEOPLE)
@finding.gone_is_not_found
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/people/<id>/change/`."""
    person, operator = finding.person(request, pk), operator_of(request)

    def save(entry: Entry, form: Person) -> Recipient:
        seen = form.moment_seen
        if seen is None:
            raise ChangedMeanwhileError
        people.change(operator, pk, entry, seen)
        return person

    if request.method == "POST":
        return _posted(request, person, save)
    form = Person(operator=operator, initial=forms.initial_of(person))
    return _page(request, person, form, lines.shown(_in_use(person)))


def _posted(
    request: HttpRequest, person: Recipient | None, save: Callable[[Entry, Person], Recipient]
) -> HttpResponse:
    operator = operator_of(request)
    if "more" in request.POST:
        form = Person(
            operator=operator, initial=typed.into(Person(operator=operator), request.POST)
        )
        return _page(request, person, form, lines.kept(request.POST))
    form, contacts = Person(request.POST, operator=operator), lines.read(request.POST)
    if not (form.is_valid() & contacts.is_valid()):
        return _page(request, person, form, contacts, HTTPStatus.UNPROCESSABLE_ENTITY)
    entry = form.entry(contacts.wanted())
    try:
        saved = save(entry, form)
    except CodeTakenError:
        form.add_error("code", _("ほかの方が使っているコードです。別のコードを入力してください。"))
        return _page(request, person, form, contacts, HTTPStatus.UNPROCESSABLE_ENTITY)
    except UnitOutOfReachError:
        form.add_error("unit", _("選べなくなった所属です。一覧から選び直してください。"))
        return _page(request, person, form, contacts, HTTPStatus.UNPROCESSABLE_ENTITY)
    except ChangedMeanwhileError:
        return _conflict(request, finding.person(request, person.pk if person else 0), entry)
    messages.success(request, _("%(name)sさんを保存しました。") % {"name": entry.name})
    return redirect("console:person", saved.pk)


def _conflict(request: HttpRequest, person: Recipient, entry: Entry) -> HttpResponse:
    """Show what is and what was typed; saving again takes what was typed."""
    data: QueryDict = request.POST.copy()
    data["seen"] = person.updated_at.isoformat()
    organization = organization_of(request)
    told = differences(facts.of(person), typed.facts_of(entry, person), labels.of(organization))
    form = Person(data, operator=operator_of(request))
    return _page(
        request, person, form, lines.read(data), HTTPStatus.CONFLICT, {"differences": told}
    )


def _in_use(person: Recipient) -> list[Contact]:
    return list(Contact.objects.filter(recipient=person).in_use().in_order())


def _page(
    request: HttpRequest,
    person: Recipient | None,
    form: Person,
    contacts: ContactLines,
    status: HTTPStatus = HTTPStatus.OK,
    more: Context | None = None,
) -> HttpResponse:
    devices = [one for one in _in_use(person) if one.medium == Medium.APP] if person else []
    context = {"person": person, "form": form, "contacts": contacts, "devices": devices}
    return render(
        request, "console/people/edit.html", {**context, **(more or {})}, status=int(status)
    )
