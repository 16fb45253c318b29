"""The text that the search field of the address book looks through, and what is looked for in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from denrei.domain import text

#: A number as people write it, or a part of one; `text.fold` has made its digits half-width.
_NUMBER = re.compile(r"\+?[0-9()]+(?:[-‐‑–—―−()]+[0-9]+)*[-‐‑–—―−()]*")
_NO_DIGIT = re.compile(r"[^0-9]")


def text_for(name: str, kana: str, code: str, addresses: Iterable[str]) -> str:
    """Return `recipient.search`: each part folded, one space between them (MSG-5).

    A query is folded the same way and has no space, so it never spans two parts.
    """
    return " ".join(text.fold(part) for part in (name, kana, code, *addresses) if part)


def parts_of(query: str) -> tuple[str, ...]:
    """Return what to look for, any of them; () where the query says nothing.

    Numbers are kept as +819012345678: a part of one is looked for by its digits, and one that
    starts with 0 by its beginning, too.
    """
    folded = text.fold(query)
    if not folded:
        return ()
    parts = [folded]
    if _NUMBER.fullmatch(folded):
        digits = _NO_DIGIT.sub("", folded)
        parts.append(digits)
        if digits.startswith("0") and len(digits) > 1:
            parts.append(f"+81{digits[1:]}")
    return tuple(dict.fromkeys(part for part in parts if part))
