"""What ISO-2022-JP can carry, after folding what only looks different.

Windows and the JIS table disagree about six signs, and half-width katakana were never part of
ISO-2022-JP. All else that it can't carry is kept: such a text goes as UTF-8.
"""

from __future__ import annotations

import re
import unicodedata

#: The same sign, as Windows-31J and as JIS X 0208 map it to Unicode.
_SAME_SIGN = str.maketrans("～－∥￠￡￢—", "〜−‖¢£¬―")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]+")
#: A voicing mark that stands alone, as a sign of its own.
_LONE_MARK = str.maketrans("\u3099\u309a", "゛゜")


def fold(text: str) -> str:
    """Return `text` in the characters that ISO-2022-JP has; others stay as they are."""
    return _HALF_WIDTH.sub(_full_width, text).translate(_SAME_SIGN)


def carries(text: str) -> bool:
    """Can a folded `text` be written in ISO-2022-JP without losing a character?"""
    try:
        text.encode("iso-2022-jp")
    except UnicodeEncodeError:
        return False
    return True


def _full_width(run: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", run[0]).translate(_LONE_MARK)
