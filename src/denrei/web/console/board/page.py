"""The page of one broadcast: what moves, and the people behind it (ALL-4, NEW-1, NEW-2, EMC-5)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.broadcasts.models import Broadcast
from denrei.reports.board import UnknownBroadcastError
from denrei.web.console.asking import operator_of
from denrei.web.console.board import choosing, scene
from denrei.web.console.board.listing import Listing
from denrei.web.console.board.scene import Scene


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/`; its query narrows the list of people."""
    found = look(request, broadcast_id)
    answers = [choice.code for choice in found.content.choices]
    choice = choosing.read(request.GET, operator_of(request), answers)
    people = Listing(found.board, found.content, choice, operator_of(request))
    context = {
        **moving(request, found),
        **_linked(found.broadcast, operator_of(request)),
        "people": people,
        "choice": choice,
    }
    return render(request, "console/board/page.html", context)


@rights.needs(Right.READ)
@require_safe
def standing(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/standing/`: the parts of the page that move."""
    return render(
        request, "console/board/moving.html", moving(request, look(request, broadcast_id))
    )


def _linked(broadcast: Broadcast, operator: Operator) -> dict[str, object]:
    """Return what this one corrects or withdraws, and what does that to it, as far as the operator sees them (NEW-13)."""
    visible = Broadcast.objects.visible_to(operator)
    return {
        "earlier": visible.filter(pk=broadcast.corrects_id).first()
        if broadcast.corrects_id
        else None,
        "later": visible.filter(corrects=broadcast).newest_first(),
    }


def look(request: HttpRequest, broadcast_id: int) -> Scene:
    """Look at a broadcast that the operator sees. Http404."""
    visible = Broadcast.objects.visible_to(operator_of(request)).select_related(*scene.ALONG)
    broadcast: Broadcast = get_object_or_404(visible, pk=broadcast_id)
    try:
        return scene.gather(broadcast)
    except UnknownBroadcastError as error:
        raise Http404 from error


def moving(request: HttpRequest, found: Scene) -> dict[str, object]:
    """Return what the moving parts are given."""
    return scene.context(found, may_send=rights.may(operator_of(request), Right.SEND))
