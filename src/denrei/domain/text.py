"""Text that people type: cleaned, folded for search, counted as people count it.

Nothing here changes what a name looks like: 髙, 﨑, 𠮷 and variation sequences stay as they are.
What a route of SMS or mail can carry is another question, and is asked elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

ZERO_WIDTH_JOINER = "\u200d"


class Removed(StrEnum):
    """Kinds of invisible characters, by the name an operator reads."""

    #: NUL, C0 and C1: a database or a mail header would refuse or misread them.
    CONTROL = "制御文字"
    #: U+202A-202E, U+2066-2069, U+200E, U+200F, U+061C: they make text read as another text.
    DIRECTION = "文字の向きを変える文字"
    #: U+200B-200D, U+2060, U+FEFF: two names that look alike would differ.
    ZERO_WIDTH = "幅のない文字"
    #: Half of a surrogate pair: can't be written as UTF-8.
    BROKEN = "壊れた文字"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """Text fit to store, and the kinds of characters that were taken out of it."""

    text: str
    removed: tuple[str, ...]


_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_LEADING_BLANK_LINES = re.compile(r"\A(?:\s*\n)+")
_EMOJI = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
#: A joiner inside a family or a profession is part of the picture (UTS #51, ED-16).
_ZERO_WIDTH = f"(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])|[\u200b\u200c\u2060\ufeff]"
_UNWANTED = (
    (Removed.CONTROL, re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")),
    (Removed.DIRECTION, re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")),
    (Removed.BROKEN, re.compile("[\ud800-\udfff]")),
    (Removed.ZERO_WIDTH, re.compile(_ZERO_WIDTH)),
)


def clean(text: str, *, multiline: bool = False) -> Cleaned:
    r"""Take out what nobody sees, unify line ends to `\n`, trim; cleaning twice changes nothing.

    A line end or a tab inside a text of one line becomes a space (cells pasted from a
    spreadsheet). A text of several lines keeps the full-width indent of its first line.
    """
    text = _LINE_END.sub("\n", text)
    removed: list[str] = []
    for kind, pattern in _UNWANTED:
        text, count = pattern.subn("", text)
        if count:
            removed.append(kind.value)
    return Cleaned(text=_trimmed(text, multiline=multiline), removed=tuple(removed))


def _trimmed(text: str, *, multiline: bool) -> str:
    if multiline:
        return _LEADING_BLANK_LINES.sub("", text).rstrip()
    return text.replace("\n", " ").replace("\t", " ").strip()


#: Forms of one character in family names; a search for either finds both, storage keeps each.
_NAME_VARIANTS: dict[str, int | str | None] = {
    "髙": "高", "﨑": "崎", "𠮷": "吉", "濵": "浜", "濱": "浜", "邊": "辺", "邉": "辺",
    "齋": "斎", "齊": "斎", "斉": "斎", "德": "徳", "瀨": "瀬", "增": "増", "澤": "沢",
    "嶋": "島", "嶌": "島", "廣": "広", "櫻": "桜", "眞": "真", "龍": "竜", "桒": "桑",
    "國": "国", "條": "条", "藪": "薮", "栁": "柳", "惠": "恵", "榮": "栄", "學": "学",
}  # fmt: skip
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
#: Long vowel, spaces, joiners and variation selectors: people leave them out when they search.
_UNHEARD = dict.fromkeys(
    [
        ord("ー"), 0x00AD, 0x061C, 0x180E, 0xFEFF,
        *range(0x200B, 0x2010), *range(0x2028, 0x2030), *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0),
        *(code for code in range(0x3001) if chr(code).isspace()),
    ]
)  # fmt: skip
_FOLDING: dict[int, int | str | None] = {
    **_KATAKANA_TO_HIRAGANA,
    **_UNHEARD,
    **str.maketrans(_NAME_VARIANTS),
}


def fold(text: str) -> str:
    """Return the form in which texts are compared by a search: ﾔﾏﾀﾞ, ヤマダ and やまだ are one.

    NFKC, casefold, katakana to hiragana, forms of one name character to one, without long vowels
    and spaces. Folding twice changes nothing.
    """
    folded = _folded_once(text)
    # A mark can come beside its letter only when the space between them is gone ("か ゛").
    while (again := _folded_once(folded)) != folded:
        folded = again
    return folded


def _folded_once(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_FOLDING)


#: Marks upon one letter: the Stream-Safe Text Format (UAX #15, 13) knows no language with more.
_MARKS = 30


def length(text: str) -> int:
    """Count characters as people do: a letter with its marks, a flag and a joined emoji are one.

    An approximation of UAX #29 (extended grapheme clusters) by general categories. The half-width
    ﾞ and ﾟ count, because they fill a cell of their own; invisible characters don't. More than
    `_MARKS` in a row count one by one: no text is short and yet as long as anybody likes.
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    count = uncounted = 0
    joined = half_flag = False
    for character in text.replace("\r\n", "\n"):
        if _extends(character) and uncounted < _MARKS:
            joined = character == ZERO_WIDTH_JOINER and count > 0
            uncounted += 1
            continue
        is_flag = "\U0001f1e6" <= character <= "\U0001f1ff"
        if not (joined or (is_flag and half_flag)):
            count += 1
            uncounted = uncounted if _extends(character) else 0
        half_flag = is_flag and not half_flag
        joined = False
    return count


def _extends(character: str) -> bool:
    """Say whether the character belongs to the one before it, or shows nothing by itself."""
    if character < "\u00ad":
        return False
    return (
        unicodedata.category(character) in {"Mn", "Me", "Mc", "Cf"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\u1160" <= character <= "\u11ff"  # Hangul vowels and finals
    )


_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet could take this cell of a CSV file for a formula.

    The list is OWASP's ("CSV Injection"), and its full-width twins, which Japanese spreadsheets
    fold. Spaces before it don't protect.
    """
    return text.lstrip(" \u00a0\u3000\u200b\ufeff").startswith(_FORMULA_STARTS)
