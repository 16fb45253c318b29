"""The list of mailboxes, the form of one, its trial and its removal."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denrei.accounts import rights, sealing
from denrei.accounts.rights import Right
from denrei.outcomes.mailboxes import registering
from denrei.outcomes.models import Mailbox
from denrei.web.console.asking import operator_of, organization_of, status_of_form
from denrei.web.console.mailboxes import trying
from denrei.web.console.mailboxes.forms import MailboxForm
from denrei.web.console.mailboxes.trying import Tried


@rights.needs(Right.ORGANIZATION)
@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """Serve `/console/mailboxes/`."""
    return render(
        request, "console/mailboxes/all.html", {"mailboxes": Mailbox.objects.order_by("name")}
    )


@rights.needs(Right.ORGANIZATION)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Serve `/console/mailboxes/new/`: saved once the server let us in, or where that is waived."""
    form = MailboxForm(request.POST or None, about=None)
    tried = None
    if request.method == "POST" and form.is_valid():
        mailbox, password = form.wanted(organization_of(request)), form.cleaned_data["password"]
        tried = None if form.cleaned_data["untested"] else trying.try_out(mailbox, password)
        if _saved(form, lambda: registering.add(mailbox, password, operator_of(request)), tried):
            messages.success(request, _added(mailbox, tried))
            return redirect("console:mailboxes")
    context = {"form": form, "tried": tried}
    return render(request, "console/mailboxes/new.html", context, status=status_of_form(request))


@rights.needs(Right.ORGANIZATION)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/mailboxes/ID/`."""
    about = get_object_or_404(Mailbox, pk=pk)
    form = MailboxForm(request.POST or None, about=about)
    tried = None
    if request.method == "POST" and form.is_valid():
        mailbox, password = form.wanted(organization_of(request)), form.cleaned_data["password"]
        if not form.cleaned_data["untested"]:
            tried = _try_out(mailbox, password)
        if _saved(form, lambda: registering.change(mailbox, password, operator_of(request)), tried):
            words = _("メールボックス「%(name)s」を変更しました。") % {"name": mailbox.name}
            messages.success(request, words)
            return redirect("console:mailboxes")
    return _show(request, about, form, tried)


@rights.needs(Right.ORGANIZATION)
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/mailboxes/ID/test/`: sign in with what is saved; nothing is changed."""
    about = get_object_or_404(Mailbox, pk=pk)
    return _show(request, about, MailboxForm(None, about=about), _try_out(about, ""))


@rights.needs(Right.ORGANIZATION)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/mailboxes/ID/remove/`: what came by it stays."""
    about = get_object_or_404(Mailbox, pk=pk)
    if registering.remove(organization_of(request), about.name, operator_of(request)):
        words = _("メールボックス「%(name)s」の登録を削除しました。") % {"name": about.name}
        messages.success(request, words)
    return redirect("console:mailboxes")


def _saved(form: MailboxForm, save: Callable[[], Mailbox], tried: Tried | None) -> bool:
    """Save what the server let in, or nobody asked it about; tell the form where that is refused."""
    if tried is not None and not tried.is_well:
        return False
    try:
        save()
    except registering.RefusedError as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _try_out(mailbox: Mailbox, password: str) -> Tried:
    """Try with a password, or with the one that is saved."""
    try:
        return trying.try_out(mailbox, password or sealing.unseal(mailbox.password))
    except sealing.SealBrokenError:
        return trying.unreadable(mailbox)


def _added(mailbox: Mailbox, tried: Tried | None) -> str:
    words = _("メールボックス「%(name)s」を登録しました。") % {"name": mailbox.name}
    if tried is None:
        return words
    return words + _("サインインできました。メールは%(mails)d通あります。") % {"mails": tried.mails}


def _show(
    request: HttpRequest, about: Mailbox, form: MailboxForm, tried: Tried | None
) -> HttpResponse:
    status = HTTPStatus.OK if tried and tried.is_well and not form.is_bound else None
    context = {"about": about, "form": form, "tried": tried}
    return render(
        request,
        "console/mailboxes/one.html",
        context,
        status=status or status_of_form(request),
    )
