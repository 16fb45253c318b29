"""The board for the wall of an operations room: read from five metres, kept up to date by itself (ALL-4)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.web.console.board import page


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/wall/`."""
    found = page.look(request, broadcast_id)
    return render(request, "console/board/wall.html", page.moving(request, found))


@rights.needs(Right.READ)
@require_safe
def standing(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/wall/standing/`: the parts of the wall that move."""
    found = page.look(request, broadcast_id)
    return render(request, "console/board/wall_moving.html", page.moving(request, found))
