"""The gate: nobody without signing in, nobody beyond his role, and every page declares its need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from denrei.accounts import rights
from denrei.web.gate import DECLARED


def addresses(resolver: URLResolver, name: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield (name, pattern) of every address."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{entry.namespace}:" if entry.namespace else ""
            yield from addresses(entry, name + inner)
        else:
            yield f"{name}{entry.name}", entry


@pytest.mark.spec("ALL-5")
def test_every_address_declares_what_it_needs() -> None:
    silent = [
        name
        for name, entry in addresses(get_resolver())
        if rights.need_of(entry.callback) is None and name not in DECLARED
    ]

    assert [] == silent


def test_who_did_not_sign_in_is_led_to_the_door(db: None) -> None:
    response = Client().get("/console/")

    assert (302, "/console/sign-in/?next=%2Fconsole%2F") == (
        response.status_code,
        response.headers["Location"],
    )


def test_who_signed_in_sees_the_console(admin: Client) -> None:
    assert "汐見原市" in admin.get("/console/").content.decode()
