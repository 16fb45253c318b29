"""Pages for what can't be shown: both languages on each, no database asked, the same for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from denrei.web.portal.asked import Asked, Served, query


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is wrong and what to do, in both languages."""

    title: str
    advice: str
    title_en: str
    advice_en: str


REFUSALS: dict[int, Refusal] = {
    HTTPStatus.BAD_REQUEST: Refusal(
        title="受け取れない内容でした",
        advice="ページを開き直して、もう一度送信してください。",
        title_en="The request could not be read",
        advice_en="Please open the page again and try once more.",
    ),
    HTTPStatus.NOT_FOUND: Refusal(
        title="ページが見つかりません",
        advice="アドレスが途中で切れているか、期限が過ぎています。届いた連絡にあるアドレスを、最後まで正しく開いてください。",
        title_en="There is no such page",
        advice_en="The address is cut short or has expired. Please open the whole address from the message.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: Refusal(
        title="この操作はできません",
        advice="届いた連絡にあるアドレスを開き、ページのボタンで回答してください。",
        title_en="This can't be done here",
        advice_en="Please open the address from the message and answer by the button on the page.",
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: Refusal(
        title="受け取れない形式でした",
        advice="届いた連絡にあるアドレスを開き、ページのボタンで回答してください。",
        title_en="The answer came in an unknown form",
        advice_en="Please open the address from the message and answer by the button on the page.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: Refusal(
        title="一時的に表示できません",
        advice="少し待ってから、もう一度開いてください。回答の途中だった場合は、もう一度回答してください。",
        title_en="The page can't be shown right now",
        advice_en="Please wait a little and open it again. If you were answering, please answer once more.",
    ),
}

#: The database is away for a moment: the same words hold.
REFUSALS[HTTPStatus.SERVICE_UNAVAILABLE] = REFUSALS[HTTPStatus.INTERNAL_SERVER_ERROR]

#: Seconds after which it is worth asking again (RFC 9110, 10.2.3).
RETRY_AFTER = 10
#: Where the address, and what was typed, stand in the page; in this order.
_WHERE, _TYPED = "\ue000where\ue001", "\ue000typed\ue001"
#: The fields of an answer, as the page's form has them.
_FIELDS = ("person", "choice", "source", "comment")


@cache
def served(status: HTTPStatus) -> Served:
    """Return the page of a status."""
    body = render_to_string("portal/refusal.html", {"refusal": REFUSALS[status]})
    return Served(status=status, body=body.encode(), headers=(("Content-Language", "ja, en"),))


def busy(asked: Asked) -> Served:
    """Return 503: nothing was taken; what was typed comes back, to be sent by one press."""
    posted = asked.posted
    if posted is None:
        where, fields = asked.path + query(done=asked.done, lang=asked.language), ""
    else:
        where = asked.here
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{escape(posted[name])}">'
            for name in _FIELDS
            if name in posted
        )
    body = _busy(answers=posted is not None).replace(_WHERE, escape(where), 1)
    return Served(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        body=body.replace(_TYPED, fields, 1).encode(),
        headers=(("Content-Language", "ja, en"), ("Retry-After", str(RETRY_AFTER))),
    )


@cache
def _busy(*, answers: bool) -> str:
    """Return the page with marks: it is drawn once, as it is shown when there is no time to draw."""
    return render_to_string(
        "portal/busy.html", {"answers": answers, "where": _WHERE, "typed": _TYPED}
    )


def refuse(status: HTTPStatus) -> HttpResponse:
    """Return the page of a status as Django's views answer."""
    page = served(status)
    return HttpResponse(page.body, status=page.status, headers=dict(page.headers))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer as Django's handler400."""
    del request, exception  # Django's signature; what was wrong is in the log
    return refuse(HTTPStatus.BAD_REQUEST)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer as Django's handler404, and for every token that opens nothing."""
    del request, exception
    return refuse(HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer as Django's handler500."""
    del request
    return refuse(HTTPStatus.INTERNAL_SERVER_ERROR)
