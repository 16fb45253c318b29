"""One case with all that was done about it, and the release of its address (EMC-6, EMC-7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from denrei.accounts import labels, rights
from denrei.accounts.models import AuditEntry
from denrei.accounts.rights import Right
from denrei.deliveries import release as releasing
from denrei.deliveries.attention.models import Attention
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.attention import cards, finding
from denrei.web.console.attention.cards import Card
from denrei.web.console.trail import differences, sentences
from denrei.web.console.trail.differences import Difference

#: Acts that the page shows.
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act of an operator on a case."""

    entry: AuditEntry
    words: str
    differences: tuple[Difference, ...]


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/attention/ID/`."""
    case = finding.case(request, pk)
    context = {"card": _card(request, case), "acts": list(_acts(request, case))}
    return render(request, "console/attention/one.html", context)


@rights.needs(Right.SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/attention/ID/release/`: ask first, with what it sends at once (EMC-6)."""
    case = finding.case(request, pk)
    organization = organization_of(request)
    place = (organization.pk, case.kind, case.address_key)
    if request.method != "POST":
        card, waiting = _card(request, case), releasing.waiting(*place)
        context = {"card": card, "waiting": waiting}
        return render(request, "console/attention/release.html", context)
    sent = releasing.release(*place, operator_of(request))
    if sent is None:
        messages.info(request, _("この連絡先は抑止されていません。次の連絡は送信されます。"))
    elif sent:
        told = _("抑止を解除しました。送信中の連絡%(count)s件を、この連絡先に送ります。")
        messages.success(request, told % {"count": sent})
    else:
        messages.success(request, _("抑止を解除しました。次の連絡から、この連絡先に送ります。"))
    return redirect("console:attention-case", case.pk)


def _card(request: HttpRequest, case: Attention) -> Card:
    (card,) = cards.of([case], organization_of(request), operator_of(request), timezone.now())
    return card


def _acts(request: HttpRequest, case: Attention) -> Iterator[Act]:
    names = labels.of(organization_of(request))
    for entry in AuditEntry.objects.about("attention", str(case.pk)).newest_first()[:MOST]:
        yield Act(
            entry=entry,
            words=sentences.say(entry.action, names),
            differences=tuple(differences.between(entry.before, entry.after, names)),
        )
