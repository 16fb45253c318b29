"""Pages of the console for what can't be served; the broken ones ask no database."""

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
#: Title and what to do when the database can't work now: its disk is full, or it is away.
_FULL = (
    _("保存する場所がありません"),
    _(
        "サーバーのディスクに空きがないため、保存も送信もしていません。システムの担当者に、ディスクの空きを増やすよう、すぐに連絡してください。"
        "急ぐ連絡は、ほかの方法でも伝えてください。"
    ),
)
_AWAY = (
    _("データベースが応答しません"),
    _(
        "保存も送信もしていません。少し待ってから、もう一度操作してください。続くときはシステムの担当者へ連絡してください。"
    ),
)
#: Seconds after which a program may ask again.
_RETRY_AFTER = "30"


def unavailable(request: HttpRequest, *, is_full: bool) -> HttpResponse:
    """Return a page that keeps what was typed, to be sent again when the database works again."""
    title, advice = _FULL if is_full else _AWAY
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if "password" not in name
    ]
    context = {
        "title": title,
        "advice": advice,
        "again": request.get_full_path() if typed and not request.FILES else "",
        "typed": typed,
    }
    page = loader.render_to_string("console/unavailable.html", context)
    response = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = _RETRY_AFTER
    return response


def refuse(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """Return the page of a status."""
    title, advice = REFUSALS[status]
    context = {"title": title, "advice": advice, "status": int(status)}
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:  # the database may be what is broken
        return HttpResponse(loader.render_to_string("console/broken.html", context), status=status)
    return render(request, "console/refusal.html", context, status=status)
