"""The headers of every page, and of the files that pages use."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.responses.sent import send

EXPECTED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPECTED)
def test_every_page_has_strict_headers(client: Client, name: str) -> None:
    sent = send()
    pages = {
        "question": client.get(sent.path()),
        "answer": client.post(sent.path(), {"choice": "1"}),
        "wrong": client.post(sent.path(), {}),
        "unknown": client.get("/r/x"),
        "nowhere": client.get("/nowhere"),
        "method": client.put(sent.path()),
    }

    found = {kind: page.headers.get(name) for kind, page in pages.items()}

    assert found == dict.fromkeys(pages, EXPECTED[name])


@pytest.mark.parametrize(
    ("path", "kind"),
    [("answer.css", 'text/css; charset="utf-8"'), ("icon.svg", "image/svg+xml")],
)
def test_files_of_the_pages_are_served(client: Client, path: str, kind: str) -> None:
    response = client.get(f"/static/portal/{path}")
    body = b"".join(response)

    assert (response.status_code, response.headers["Content-Type"]) == (200, kind)
    assert len(body) > 100
