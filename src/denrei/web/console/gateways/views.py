"""The list of gateways, the form of a mail server, its connection test, stopping and removing."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from cryptography.fernet import MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denrei.accounts import rights
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import Right
from denrei.deliveries import gateways, registering
from denrei.deliveries.models import Gateway
from denrei.web.console.asking import operator_of, organization_of, status_of_form
from denrei.web.console.gateways import listing, trying
from denrei.web.console.gateways.forms import GatewayForm
from denrei.web.console.gateways.listing import Row
from denrei.web.console.gateways.trying import Tried

#: What a button of the form says: test what is typed, save nothing.
_TRY = "try"


@rights.needs(Right.ORGANIZATION)
@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """Serve `/console/gateways/`."""
    rows = listing.rows(organization_of(request))
    return render(request, "console/gateways/all.html", {"rows": rows})


@rights.needs(Right.ORGANIZATION)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Serve `/console/gateways/new/`: saved once the test went well, or where that is waived."""
    terms = listing.next_terms(organization_of(request))
    form = GatewayForm(request.POST or None, about=None, terms=terms)
    tried = None
    if request.method == "POST" and form.is_valid() and _is_allowed(request, form):
        channel, terms = form.wanted()
        tried = _tried(request, form)
        if _may_save(request, tried):
            registering.register(
                organization_of(request),
                channel,
                _safe(),
                terms=terms,
                actor=operator_of(request),
            )
            words = _("送信経路「%(name)s」を登録しました。") % {"name": terms.name}
            messages.success(request, words + (_next(tried)))
            return redirect("console:gateways")
    context = {"form": form, "tried": tried}
    return render(request, "console/gateways/new.html", context, status=_status(request, tried))


@rights.needs(Right.ORGANIZATION)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/gateways/ID/`; one that has no form here is only shown."""
    row = _row(request, pk)
    if not row.has_form:
        if request.method == "POST":
            return HttpResponse(status=HTTPStatus.FORBIDDEN)
        return _show(request, row, None, None)
    form = _form(row, request)
    tried = None
    if request.method == "POST" and form.is_valid() and _is_allowed(request, form):
        tried = _tried(request, form)
        if _may_save(request, tried):
            _change(request, row, form)
            return redirect("console:gateways")
    return _show(request, row, form, tried)


def _change(request: HttpRequest, row: Row, form: GatewayForm) -> None:
    channel, terms = form.wanted()
    organization, operator = organization_of(request), operator_of(request)
    try:
        registering.change(organization, row.gateway, channel, _safe(), terms=terms, actor=operator)
    except registering.RefusedError as refused:
        messages.error(request, str(refused))
    else:
        words = _("送信経路「%(name)s」を変更しました。数秒のうちに、新しい設定で送ります。")
        messages.success(request, words % {"name": terms.name})


@rights.needs(Right.ORGANIZATION)
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/gateways/ID/test/`: the test with what is saved; nothing is sent."""
    row = _row(request, pk)
    if not row.has_form:
        return redirect("console:gateway", pk)
    tried = trying.try_out(row.smtp) if row.smtp else trying.unreadable()
    return _show(request, row, GatewayForm(None, about=row.smtp, terms=row.terms), tried)


@rights.needs(Right.ORGANIZATION)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/gateways/ID/stop/`."""
    _act(request, pk, registering.stop, _("送信経路「%(name)s」の使用を止めました。"))
    return redirect("console:gateway", pk)


@rights.needs(Right.ORGANIZATION)
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/gateways/ID/start/`."""
    is_done = _act(request, pk, registering.start, _("送信経路「%(name)s」の使用を再開しました。"))
    return redirect("console:gateway", pk) if is_done else redirect("console:gateways")


@rights.needs(Right.ORGANIZATION)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/gateways/ID/remove/`: records of what went by it stay."""
    is_done = _act(request, pk, registering.retire, _("送信経路「%(name)s」を削除しました。"))
    return redirect("console:gateways") if is_done else redirect("console:gateway", pk)


def _act(
    request: HttpRequest,
    pk: int,
    verb: Callable[[Organization, Gateway, Operator], None],
    words: str,
) -> bool:
    """Do something with a gateway and tell the operator; False: it was refused."""
    gateway = _own(request, pk).gateway
    try:
        verb(organization_of(request), gateway, operator_of(request))
    except registering.RefusedError as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, words % {"name": gateway.name})
    return True


def _row(request: HttpRequest, pk: int) -> Row:
    found = get_object_or_404(Gateway.objects.kept().select_related("lane"), pk=pk)
    return listing.row(found, organization_of(request))


def _own(request: HttpRequest, pk: int) -> Row:
    """Return a gateway of the organization itself; one of the installation is the installer's."""
    own = Gateway.objects.kept().filter(organization=organization_of(request))
    found = get_object_or_404(own.select_related("lane"), pk=pk)
    return listing.row(found, organization_of(request))


def _form(row: Row, request: HttpRequest) -> GatewayForm:
    return GatewayForm(request.POST or None, about=row.smtp, terms=row.terms)


def _is_allowed(request: HttpRequest, form: GatewayForm) -> bool:
    """Tell whether to go on; where people train, nothing may come to reach anybody real."""
    if not settings.TRAINING or _TRY in request.POST:
        return True
    words = _(
        "訓練環境では、送信経路の設定を保存できません。実際の宛先に届かないようにするためです。"
    )
    form.add_error(None, words)
    return False


def _tried(request: HttpRequest, form: GatewayForm) -> Tried | None:
    """Test what is typed; None where that is waived."""
    is_waived = form.cleaned_data["untested"] and _TRY not in request.POST
    return None if is_waived else trying.try_out(form.wanted()[0])


def _may_save(request: HttpRequest, tried: Tried | None) -> bool:
    return _TRY not in request.POST and (tried is None or tried.is_well)


def _next(tried: Tried | None) -> str:
    if tried is None:
        return ""
    return _("接続できました。下書きの「自分へテスト送信」で、メールが届くことを確かめてください。")


def _show(
    request: HttpRequest, row: Row, form: GatewayForm | None, tried: Tried | None
) -> HttpResponse:
    context = {
        "row": row,
        "form": form,
        "tried": tried,
        "last": listing.last_alarm(row.gateway),
        "is_typed": form is not None and form.is_bound,
    }
    return render(request, "console/gateways/one.html", context, status=_status(request, tried))


def _status(request: HttpRequest, tried: Tried | None) -> HTTPStatus:
    """Return the status of a page with a form; a test that went well is an answer, not a refusal."""
    return HTTPStatus.OK if tried and tried.is_well else status_of_form(request)


def _safe() -> MultiFernet:
    return gateways.vault([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
