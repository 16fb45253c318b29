"""The page of all lists: what each is called, how long it is, what it is for (MSG-1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from denrei.accounts import labels, rights
from denrei.accounts.labels import Label
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.masters.kinds import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One list."""

    title: str
    purpose: str
    count: int
    #: Counted in people, not in entries.
    is_people: bool
    #: "" where the operator may not open it.
    address: str


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/masters/`."""
    words = labels.of(organization_of(request))
    cards = [_operators(operator_of(request), words), *_lists(words)]
    return render(request, "console/masters/overview.html", {"cards": cards})


def _lists(words: dict[str, str]) -> Iterator[Card]:
    for kind in KINDS.values():
        yield Card(
            title=words[kind.slug],
            purpose=str(kind.purpose) % words,
            count=kind.table._base_manager.count(),
            is_people=False,
            address=reverse("console:master", kwargs={"kind": kind.slug}),
        )


def _operators(operator: Operator, words: dict[str, str]) -> Card:
    visible = Operator.objects.visible_to(operator)
    may_open = rights.may(operator, Right.OPERATORS)
    return Card(
        title=words[Label.OPERATORS],
        purpose=gettext("この画面にサインインして、名簿の管理や緊急連絡の送信をする人です。"),
        count=visible.active().count(),
        is_people=True,
        address=reverse("console:operators") if may_open else "",
    )
