"""The colours of the console, read out of its stylesheet, with their contrast (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders

_TOKEN = re.compile(r"--([\w-]+):\s*#([0-9a-f]{6});(?:[ ]*/\* (.*?) \*/)?")
_SHEET = "console/base.css"
_WHITE, _INK = "ffffff", "1a1a1a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """A custom property that is a colour."""

    name: str
    hex: str
    note: str

    @property
    def on_white(self) -> float:
        """Contrast of text in this colour on white, 1 to 21."""
        return contrast(self.hex, _WHITE)

    @property
    def under_ink(self) -> float:
        """Contrast of our black text on this colour."""
        return contrast(_INK, self.hex)


def colours() -> Iterator[Colour]:
    """Yield the colours of the stylesheet in its order."""
    sheet = finders.find(_SHEET)
    if sheet is None:
        return
    for name, code, note in _TOKEN.findall(Path(sheet).read_text(encoding="utf-8")):
        yield Colour(name=name, hex=code, note=note)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, six hexadecimal digits each."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(code: str) -> float:
    red, green, blue = (_linear(int(code[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
