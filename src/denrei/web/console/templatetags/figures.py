"""Numbers as operators read them: `{% load figures %}`."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def figure(number: int | str | None) -> str:
    """Return a number with its thousands apart; "" for none, which templates may also call ""."""
    return f"{number:,}" if isinstance(number, int) else ""


@register.filter
def share_of(part: int, whole: int) -> str:
    """Return a share in per cent, one digit behind the point; "－" of nothing."""
    return f"{100 * part / whole:.1f}％" if whole else "－"


@register.filter
def width(part: int, whole: int) -> str:
    """Return a share as a length of SVG."""
    return f"{100 * part / whole:.2f}%" if whole else "0%"
