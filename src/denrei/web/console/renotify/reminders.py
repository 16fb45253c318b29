"""Reminders of a broadcast: one more, or one taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.broadcasts.content import Content
from denrei.deliveries import reminding
from denrei.deliveries.appointed import Reminder
from denrei.deliveries.reminders import MOST
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.broadcasts.emptied import needs_details
from denrei.web.console.renotify.forms import ReminderForm
from denrei.web.console.renotify.sheet import visible


@rights.needs(Right.SEND)
@require_POST
@needs_details
def add(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/reminders/`: one more, so many minutes from now."""
    broadcast = visible(request, broadcast_id)
    form = ReminderForm(request.POST)
    has_page = Content.from_json(broadcast.content).has_page
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["minutes"]))
    elif not has_page:
        messages.error(request, _("回答も受信確認も求めない連絡では、自動の再通知を使えません。"))
    elif Reminder.objects.of(broadcast.pk).waiting().count() >= MOST:
        words = _("予定できる自動の再通知は%(most)d件までです。不要なものを取り消してください。")
        messages.error(request, words % {"most": MOST})
    else:
        due_at = form.due_at(timezone.now())
        reminding.add(organization_of(request).pk, broadcast.pk, due_at, operator_of(request))
        messages.success(request, _("自動の再通知を予定しました。"))
    return redirect("console:again", broadcast.pk)


@rights.needs(Right.SEND)
@require_POST
def cancel(request: HttpRequest, broadcast_id: int, reminder_id: int) -> HttpResponse:
    """Serve `…/reminders/ID/cancel/`."""
    broadcast = visible(request, broadcast_id)
    reminder = get_object_or_404(Reminder.objects.of(broadcast.pk), pk=reminder_id)
    if reminding.cancel(reminder, operator_of(request)):
        messages.success(request, _("自動の再通知の予定を取り消しました。"))
    else:
        messages.info(request, _("この再通知は、すでに送信または取消しが済んでいます。"))
    return redirect("console:again", broadcast.pk)
