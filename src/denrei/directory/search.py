"""The text that the search field of the address book looks through."""

from __future__ import annotations

from collections.abc import Iterable

from denrei.domain import text


def text_for(name: str, kana: str, code: str, addresses: Iterable[str]) -> str:
    """Return `recipient.search`: each part folded, one space between them (MSG-5).

    A query is folded the same way and has no space, so it never spans two parts.
    """
    return " ".join(text.fold(part) for part in (name, kana, code, *addresses) if part)
