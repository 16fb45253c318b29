"""Numbers as operators read them."""

from __future__ import annotations

import pytest

from denrei.web.console.templatetags import figures


@pytest.mark.parametrize(
    ("number", "read"),
    [(0, "0"), (1842, "1,842"), (-1234567, "-1,234,567"), (None, ""), ("", "")],
)
def test_thousands_stand_apart(number: int | None, read: str) -> None:
    assert read == figures.figure(number)


@pytest.mark.parametrize(
    ("part", "whole", "read"), [(1102, 1842, "59.8％"), (0, 5, "0.0％"), (0, 0, "－")]
)
def test_a_share_is_told_in_per_cent(part: int, whole: int, read: str) -> None:
    assert read == figures.share_of(part, whole)


@pytest.mark.parametrize(("part", "whole", "read"), [(1, 3, "33.33%"), (1, 0, "0%")])
def test_a_share_is_a_length(part: int, whole: int, read: str) -> None:
    assert read == figures.width(part, whole)
