"""Pages of the console for what can't be served; the broken one asks no database."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Title and what to do.
REFUSALS: dict[int, tuple[str | Promise, str | Promise]] = {
    HTTPStatus.BAD_REQUEST: (
        _("受け取れない内容でした"),
        _("前の画面に戻り、もう一度操作してください。"),
    ),
    HTTPStatus.FORBIDDEN: (
        _("この操作はできません"),
        _("権限がないか、画面を開いてから時間がたっています。前の画面を開き直してください。"),
    ),
    HTTPStatus.NOT_FOUND: (
        _("ページが見つかりません"),
        _("削除されたか、アドレスに誤りがあります。メニューから開き直してください。"),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        _("処理を完了できませんでした"),
        _(
            "変更は保存されていません。少し待ってから、もう一度操作してください。続くときはシステムの担当者へ連絡してください。"
        ),
    ),
}

#: The database is away for a moment: the same words hold.
REFUSALS[HTTPStatus.SERVICE_UNAVAILABLE] = REFUSALS[HTTPStatus.INTERNAL_SERVER_ERROR]


def refuse(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """Return the page of a status."""
    title, advice = REFUSALS[status]
    context = {"title": title, "advice": advice, "status": int(status)}
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:  # the database may be what is broken
        return HttpResponse(loader.render_to_string("console/broken.html", context), status=status)
    return render(request, "console/refusal.html", context, status=status)
