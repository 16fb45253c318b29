"""From which IP address a request came, as far as trusted proxies tell it (SMS-13)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from denrei.accounts import networks

_BRACKETED = re.compile(r"\[(.*)\](?::\d+)?")
_WITH_PORT = re.compile(r"([\d.]+):\d+")


def of(request: HttpRequest) -> str:
    """Return the address of a request's browser; "" where nobody knows it."""
    return client(request.META, settings.TRUSTED_PROXIES)


def for_axes(request: HttpRequest) -> str | None:
    """Return it as the column of django-axes takes it: an address or nothing."""
    return of(request) or None


def client(meta: Mapping[str, Any], proxies: int) -> str:
    """Return the client's address, with `proxies` trusted ones in front of this server.

    Each proxy adds the address that it was asked from at the end of `X-Forwarded-For`, so the
    client's stands `proxies` places before our own neighbour; what stands further left anybody may
    have written. Where that place holds no address, the nearest one that a proxy vouches for
    counts. With 0 proxies the header is not read.
    """
    neighbour = str(meta.get("REMOTE_ADDR", ""))
    forwarded = str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",") if proxies else []
    return next(_readable([*forwarded, neighbour][-proxies - 1 :]), "")


def _readable(hops: list[str]) -> Iterator[str]:
    for hop in hops:
        found = _read(hop.strip())
        if found:
            yield found


@lru_cache(maxsize=4096)
def _read(word: str) -> str:
    """Return the address that a word names, "" for none; many come from the same few proxies."""
    inside = _BRACKETED.fullmatch(word) or _WITH_PORT.fullmatch(word)
    found = networks.address(inside[1] if inside else word)
    return "" if found is None else str(found)
