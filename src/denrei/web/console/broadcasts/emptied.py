"""Pages about the details of a broadcast, once these are deleted: what happened, and what is left (OPS-8)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from denrei.broadcasts.content import Content
from denrei.deliveries.retained import Emptied, emptied
from denrei.retention.words import PERIODS
from denrei.web.console.broadcasts import listing

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def needs_details(view: View) -> View:
    """Let a view about `broadcast_id` say that its details are deleted: 410 instead of 404."""

    @wraps(view)
    def asked(request: HttpRequest, broadcast_id: int, **named: Any) -> HttpResponseBase:
        gone = emptied(broadcast_id)
        if gone is None:
            return view(request, broadcast_id=broadcast_id, **named)
        broadcast = get_object_or_404(listing.visible(request), pk=broadcast_id)
        context = {
            "broadcast": broadcast,
            "content": Content.from_json(broadcast.content),
            **told(gone),
        }
        return render(request, "console/broadcasts/emptied.html", context, status=HTTPStatus.GONE)

    return asked  # type: ignore[return-value] # the same parameters


def told(gone: Emptied | None) -> dict[str, object]:
    """Return what templates say of it."""
    return {"emptied": gone, "kept": PERIODS[gone.period] if gone else ""}
