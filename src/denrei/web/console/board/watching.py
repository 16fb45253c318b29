"""`events/`: the picture of a board as it changes, for whoever may see it (ALL-4, ADR 0014)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from denrei.accounts import rights, sessions, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import Right
from denrei.broadcasts.models import Broadcast
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.board import scene
from denrei.web.console.board.hub import FullError, Hub
from denrei.web.console.board.stream import Stream, event

#: Streams of one process. Each holds a thread, so `denrei serve` has so many more of them.
MOST = 32
HUB = Hub(MOST)
_TYPE = "text/event-stream"
#: Forms of the picture and their templates.
FORMS = {"board": "console/board/moving.html", "wall": "console/board/wall_moving.html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is watched, and by whom as far as the picture depends on it."""

    organization: int
    time_zone: str
    broadcast: int
    #: A key of `FORMS`.
    form: str
    language: str
    may_send: bool


@rights.needs(Right.READ)
@require_GET
def events(request: HttpRequest, broadcast_id: int) -> HttpResponseBase:
    """Serve `/console/broadcasts/ID/events/`; `?form=wall` is the picture of the wall.

    503: too many watch; the page asks by itself then.
    """
    broadcast = get_object_or_404(
        Broadcast.objects.visible_to(operator_of(request)), pk=broadcast_id
    )
    if _TYPE not in request.headers.get("Accept", ""):
        return HttpResponse(status=HTTPStatus.NOT_ACCEPTABLE)
    subject = _subject(request, broadcast)
    watcher = _Watcher(subject, operator_of(request), request.session.session_key or "")
    try:
        stream = Stream(
            HUB, subject, lambda: _Eye(subject), allowed=watcher.is_allowed, beat=watcher.beat
        )
    except FullError:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    return StreamingHttpResponse(stream, content_type=_TYPE, headers={"X-Accel-Buffering": "no"})


def _subject(request: HttpRequest, broadcast: Broadcast) -> Subject:
    organization: Organization = organization_of(request)
    form = request.GET.get("form", "")
    return Subject(
        organization=organization.pk,
        time_zone=organization.time_zone,
        broadcast=broadcast.pk,
        form=form if form in FORMS else "board",
        language=translation.get_language() or "ja",
        may_send=rights.may(operator_of(request), Right.SEND),
    )


class _Eye:
    """Looks at a board, and draws it where it changed."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._seen: object = None

    def __call__(self) -> bytes | None:
        """Return the picture as an event; None where it is as it was."""
        try:
            return self._look()
        finally:
            connection.close()

    def _look(self) -> bytes | None:
        subject = self._subject
        with (
            tenancy.acting_for(subject.organization),
            timezone.override(ZoneInfo(subject.time_zone)),
            translation.override(subject.language),
        ):
            broadcast = Broadcast.objects.select_related(*scene.ALONG).get(pk=subject.broadcast)
            found = scene.gather(broadcast)
            if found.facts == self._seen:
                return None
            drawn = render_to_string(
                FORMS[subject.form], scene.context(found, may_send=subject.may_send)
            )
            self._seen = found.facts
        return event("picture", drawn)


class _Watcher:
    """Somebody in front of a stream."""

    def __init__(self, subject: Subject, operator: Operator, session: str) -> None:
        self._subject = subject
        self._operator = operator.pk
        self._session = session

    def is_allowed(self) -> bool:
        """Tell whether he is still signed in, and still sees the broadcast.

        Asked first of all, too: the thread lets go of the connection that the page needed.
        """
        try:
            with tenancy.acting_for(self._subject.organization):
                operator = Operator.objects.filter(pk=self._operator, is_active=True).first()
                return (
                    operator is not None
                    and sessions.lives(self._session)
                    and rights.may(operator, Right.READ)
                    and Broadcast.objects.visible_to(operator)
                    .filter(pk=self._subject.broadcast)
                    .exists()
                )
        finally:
            connection.close()

    def beat(self) -> bytes:
        """Return a sign of life: the time of day."""
        now = timezone.localtime(timezone=ZoneInfo(self._subject.time_zone))
        return event("beat", f"{now:%H:%M:%S}")
