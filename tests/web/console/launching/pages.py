"""Reading the confirm page, and pressing its button with what it showed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.broadcasts.models import Broadcast, Draft


class _Fields(HTMLParser):
    """Collects the hidden fields of the form with the press."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name") in ("revision", "digest", "people"):
            self.found[str(given["name"])] = given.get("value") or ""


def address(draft: Draft) -> str:
    """Return the address of a draft's confirm page."""
    return f"/console/drafts/{draft.pk}/confirm/"


def fields(page: str) -> dict[str, str]:
    """Return what the press on a page brings along."""
    reader = _Fields()
    reader.feed(page)
    return reader.found


def press(client: Client, draft: Draft, shown: str, **changes: str) -> Any:
    """Press on a page that was shown."""
    return client.post(address(draft), fields(shown) | changes)


def show(client: Client, draft: Draft) -> str:
    """Return the confirm page."""
    response = client.get(address(draft))
    assert response.status_code == 200, response.headers.get("Location")
    return response.content.decode()


def broadcasts(city: Organization) -> list[Broadcast]:
    """Return what was launched."""
    with tenancy.acting_for(city.pk):
        return list(Broadcast.objects.order_by("pk"))
