"""What a page says, apart from what it marks as Japanese."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SAID = frozenset({"alt", "aria-label", "aria-description", "data-l", "placeholder", "title"})
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})
#: Kana, kanji, and the punctuation that only stands between them.
_JAPANESE = re.compile(r"[、。「」\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003134f]+")


def japanese_of(page: str) -> list[str]:
    """Return each Japanese run of a page that is outside of elements of `lang="ja"`."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return [run for words in reader.said for run in _JAPANESE.findall(words)]


class _Reader(HTMLParser):
    """Collects the words of a page: text and the attributes that are read aloud or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        #: Of each open element, whether it or one around it is in Japanese.
        self._is_japanese = [False]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the attributes of an element, and open it."""
        found = dict(attrs)
        language = found.get("lang")
        inside = self._is_japanese[-1] if language is None else language == "ja"
        if not inside:
            self.said += [str(found[name]) for name in _SAID & found.keys()]
        if tag not in _VOID:
            self._is_japanese.append(inside)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element without an inside, as those of SVG are."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._is_japanese.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if tag not in _VOID:
            self._is_japanese.pop()

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self._is_japanese[-1]:
            self.said.append(data)
