"""What an operator decides about an import; after each, its page shows how it stands."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from denrei.accounts import rights
from denrei.accounts.preferences import Preferences
from denrei.accounts.rights import Right
from denrei.directory.intake import deciding
from denrei.directory.intake.deciding import ImportMovedError
from denrei.directory.intake.models import ImportState, PeopleImport
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.importing.forms import Approve
from denrei.web.console.importing.views import find, page_of


@rights.needs(Right.PEOPLE)
@require_POST
def apply(request: HttpRequest, import_id: int) -> HttpResponse:
    """Serve `/console/people/import/<id>/apply/`: have what was looked at written, once."""
    one = find(request, import_id)
    typed_above = Preferences.of(organization_of(request)).typed_count_above
    form = Approve(request.POST, people=one.taken, typed_above=typed_above)
    if not form.is_valid() and "typed" in form.errors:
        return page_of(request, one, form)
    try:
        deciding.order(one, operator_of(request), run=form.cleaned_data.get("run", 0))
    except ImportMovedError:
        say_where_it_is(request, find(request, import_id))
    return _to(one)


@rights.needs(Right.PEOPLE)
@require_POST
def cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    """Serve `/console/people/import/<id>/cancel/`."""
    one = find(request, import_id)
    try:
        deciding.cancel(one)
    except ImportMovedError:
        say_where_it_is(request, find(request, import_id))
        return _to(one)
    messages.success(request, _("取り込みを取りやめました。名簿は変わっていません。"))
    return redirect("console:people-import")


@rights.needs(Right.PEOPLE)
@require_POST
def again(request: HttpRequest, import_id: int) -> HttpResponse:
    """Serve `/console/people/import/<id>/again/`."""
    one = find(request, import_id)
    try:
        deciding.again(one, timezone.now())
    except ImportMovedError:
        say_where_it_is(request, find(request, import_id))
    return _to(one)


def say_where_it_is(request: HttpRequest, one: PeopleImport) -> None:
    """Say why a press did nothing: the import moved on since the page was shown."""
    if one.is_undoing or one.state == ImportState.UNDONE:
        messages.info(
            request, _("この取り込みは、すでに元に戻しているところか、元に戻した後です。")
        )
    elif one.is_writing:
        messages.info(request, _("この取り込みは受け付け済みです。二重には取り込みません。"))
    else:
        words = _("表示した後に、取り込みの状態が変わりました。今の内容を確認してください。")
        messages.warning(request, words)


def _to(one: PeopleImport) -> HttpResponse:
    return redirect("console:people-import-show", one.pk)
