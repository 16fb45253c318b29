"""What the last buttons of the compose form do: keep it, test it, go on to the confirm page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from denrei.broadcasts import drafts
from denrei.broadcasts.drafts import AlreadySentError, ChangedMeanwhileError
from denrei.broadcasts.models import Draft, DraftKind
from denrei.broadcasts.typed import Typed
from denrei.deliveries import trial
from denrei.web.console.compose import acts, opening, posted
from denrei.web.console.compose.desk import Desk


def answer(desk: Desk) -> HttpResponse:
    """Answer a posted form: by its ending, else by the page with what the button changed."""
    typed = posted.read(desk.request.POST)
    ending = _ENDINGS.get(desk.act)
    if ending is not None:
        return ending(desk, typed)
    zone = ZoneInfo(desk.asked.organization.time_zone)
    return desk.page(acts.done(typed, desk.act, desk.asked.now, zone))


def _save(desk: Desk, typed: Typed) -> HttpResponse:
    if desk.is_ready_message:
        return _save_ready_message(desk, typed)
    return _kept(desk, typed, desk.revision, _told)


def _overwrite(desk: Desk, typed: Typed) -> HttpResponse:
    """Keep this form instead of what somebody else kept meanwhile."""
    newest = desk.asked.draft.revision if desk.asked.draft else 0
    return _kept(desk, typed, newest, _told)


def _copy(desk: Desk, typed: Typed) -> HttpResponse:
    """Keep this form beside what somebody else kept meanwhile."""
    return _told(desk.request, _created(desk, typed))


def _created(desk: Desk, typed: Typed) -> Draft:
    asked = desk.asked
    name = desk.kept_name or ""
    return drafts.create(asked.organization, asked.operator, typed, asked.kind, name)


def _confirm(desk: Desk, typed: Typed) -> HttpResponse:
    """Go on to the confirm page, where nothing is wrong."""
    if desk.sheet(typed, checked=True).faults:
        return desk.page(typed, checked=True)
    return _kept(desk, typed, desk.revision, _to_confirm)


def _save_ready_message(desk: Desk, typed: Typed) -> HttpResponse:
    typed = opening.kept(typed)
    if desk.sheet(typed, checked=True).faults:
        return desk.page(typed, checked=True)
    return _kept(desk, typed, desk.revision, _told)


def _make_ready_message(desk: Desk, typed: Typed) -> HttpResponse:
    """Make a 定型連絡 of a draft; its page asks for the name."""
    asked = desk.asked
    created = drafts.create(
        asked.organization, asked.operator, opening.kept(typed), DraftKind.TEMPLATE, desk.name
    )
    messages.success(desk.request, _("定型連絡として保存しました。名前と宛先を確認してください。"))
    return redirect("console:template", created.pk)


def _test(desk: Desk, typed: Typed) -> HttpResponse:
    """Send it to the operator himself by each of the media (OPS-3)."""
    asked = desk.asked
    ordered = desk.sheet(typed).ordered
    trials = tuple(
        trial.send(
            asked.organization,
            asked.operator,
            ordered.order.content,
            step.medium,
            correlation=f"test.{uuid4().hex}",
        )
        for step in ordered.order.steps
    )
    return desk.page(typed, trials=trials)


def _kept(
    desk: Desk, typed: Typed, revision: int, then: Callable[[HttpRequest, Draft], HttpResponse]
) -> HttpResponse:
    """Keep the form in its draft, or in a new one; somebody else's change is never lost."""
    asked = desk.asked
    if asked.draft is None:
        return then(desk.request, _created(desk, typed))
    try:
        saved = drafts.save(asked.draft, typed, asked.operator, revision, desk.kept_name)
    except ChangedMeanwhileError as conflict:
        return desk.page(typed, conflict=conflict)
    except AlreadySentError:
        return _copy(desk, typed)
    return then(desk.request, saved)


def _told(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Say that it is kept: a draft stays open, a 定型連絡 goes back to its list."""
    if draft.kind == DraftKind.TEMPLATE:
        messages.success(request, _("定型連絡「%(name)s」を保存しました。") % {"name": draft.name})
        return redirect("console:templates")
    at = timezone.localtime(draft.changed_at, ZoneInfo(draft.organization.time_zone))
    words = _("下書きに保存しました（%(at)s）。まだ送信していません。")
    messages.success(request, words % {"at": f"{at:%H:%M:%S}"})
    return redirect(f"{reverse('console:draft', args=[draft.pk])}?keep=1")


def _to_confirm(request: HttpRequest, draft: Draft) -> HttpResponse:
    del request  # nothing to tell
    return redirect("console:confirm", draft.pk)


_ENDINGS: Mapping[str, Callable[[Desk, Typed], HttpResponse]] = {
    "save": _save,
    "overwrite": _overwrite,
    "copy": _copy,
    "confirm": _confirm,
    "ready": _make_ready_message,
    "test": _test,
}
