"""The page 仮想端末, `/console/handsets/`: shown, kept up to date, and answered on."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.project.demo.handsets import bench, choosing, happenings, playing, replying, switches
from denrei.project.demo.handsets import phones as handsets
from denrei.project.demo.handsets.phones import Phone, Slip
from denrei.web.console.asking import operator_of
from denrei.web.console.fields import number


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/handsets/`; `?person=ID` puts a phone on the bench, `?q=` looks for one."""
    typed = request.GET.get("q", "")
    context = {
        **_phones(request),
        **_events(request),
        **switches.context(),
        "typed": typed,
        "found": choosing.search(operator_of(request), typed),
    }
    return render(request, "demo/handsets/page.html", context)


@rights.needs(Right.READ)
@require_safe
def phones(request: HttpRequest) -> HttpResponse:
    """Serve `/console/handsets/phones/`: the bench, or nothing where it shows what was `seen`."""
    context = _phones(request)
    if context["digest"] == request.GET.get("seen"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "demo/handsets/bench.html", context)


@rights.needs(Right.READ)
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Serve `/console/handsets/events/`: 起きたこと."""
    return render(request, "demo/handsets/events.html", _events(request))


@rights.needs(Right.SEND)
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Serve `/console/handsets/answer/`: answer as a person, at that person's own page."""
    phone, slip = _slip(request)
    try:
        playing.answer(phone, slip, request.POST.get("choice", ""), bench.folder().answers)
    except playing.PlayError as error:
        messages.error(request, str(error))
    else:
        words = _("%(name)sさんとして回答しました。送信状況にそのまま反映されます。")
        messages.success(request, words % {"name": phone.person.name})
    return switches.back(request)


@rights.needs(Right.SEND)
@require_POST
def reply(request: HttpRequest) -> HttpResponse:
    """Serve `/console/handsets/reply/`: reply to a mail as a person, by mail."""
    phone, slip = _slip(request)
    try:
        replying.reply(slip, request.POST.get("text", ""))
    except playing.PlayError as error:
        messages.error(request, str(error))
    else:
        words = _("%(name)sさんとして返信しました。届くと「受信」に並びます。")
        messages.success(request, words % {"name": phone.person.name})
    return switches.back(request)


def _slip(request: HttpRequest) -> tuple[Phone, Slip]:
    """Return the phone and the mail that an answer names. Http404: the operator sees no such."""
    wanted, delivery = number(request.POST.get("as", "")), number(request.POST.get("delivery", ""))
    operator = operator_of(request)
    people = choosing.visible(operator).filter(pk=wanted or 0)
    for phone in handsets.phones(bench.newest_inbox(), operator, list(people)):
        for slip in phone.slips:
            if slip.delivery == delivery:
                return phone, slip
    raise Http404


def _phones(request: HttpRequest) -> dict[str, object]:
    inbox = bench.newest_inbox()
    people = choosing.chosen(operator_of(request), request.GET, inbox)
    shown = handsets.phones(inbox, operator_of(request), people)
    ids = [one.pk for one in people]
    return {
        "phones": shown,
        "people": people,
        "digest": handsets.digest(shown),
        "query": urlencode({"person": ids}, doseq=True),
        "room": choosing.MOST - len(people),
    }


def _events(request: HttpRequest) -> dict[str, object]:
    operator = operator_of(request)
    return {
        "happenings": happenings.happenings(bench.newest_inbox(), bench.folder().answers, operator)
    }
