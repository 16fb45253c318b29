"""From the bytes of a part to text: transfer encodings, charsets, HTML (RFC 2045; never an error)."""

from __future__ import annotations

import binascii
import html
import re
from email.errors import HeaderParseError
from email.header import decode_header

#: Characters of one part that are read.
MOST_TEXT = 48 * 1024
#: What mail systems write in. Any other name is taken for UTF-8: some of Python's codecs
#: (`punycode`, `idna`) take time that grows with the square of the length.
_CHARSETS = re.compile(
    r"utf-?8|us-?ascii|iso-?8859-?\d{1,2}|windows-125\d|cp(125\d|932|949|936|437|85\d)|iso-2022-(jp|kr)(-\d)?"
    r"|euc-?(jp|kr)|shift[_-]?jis|sjis|x-sjis|ks_c_5601-1987|gb(2312|k|18030)|big5|koi8-[ru]|latin-?1"
)
_ALIASES = {"x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932"}


def text(body: str, encoding: str, charset: str, kind: str) -> str:
    """Return a part as people read it; `body` holds its bytes as latin-1."""
    raw = _transferred(body[: 4 * MOST_TEXT], encoding.strip().lower())
    said = (
        _characters(raw[: 2 * MOST_TEXT], charset.strip().lower())
        .replace("\r", "")
        .replace("\0", " ")
    )
    return (plain(said) if kind == "text/html" else said)[:MOST_TEXT]


def _transferred(body: str, encoding: str) -> bytes:
    raw = body.encode("latin-1", "replace")
    if encoding == "quoted-printable" or (
        not encoding and _SOFT_BREAK.search(raw) and _ESCAPED.search(raw)
    ):
        return binascii.a2b_qp(raw)
    if encoding == "base64":
        return _base64(raw)
    return raw


def _base64(raw: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    letters = letters[: len(letters) - len(letters) % 4]
    return binascii.a2b_base64(letters)


def _characters(raw: bytes, charset: str) -> str:
    if _ESCAPE in raw and charset in {"", "us-ascii", "iso-2022-jp", "iso-2022-jp-1", "utf-8"}:
        # ISO-2022-JP is seven bits wide: many Japanese systems do not declare it.
        return raw.decode("iso-2022-jp-ext", "replace")
    name = _ALIASES.get(charset, charset) if _CHARSETS.fullmatch(charset) else "utf-8"
    try:
        return raw.decode("utf-8" if name in {"us-ascii", "ascii"} else name, "replace")
    except (LookupError, UnicodeError):
        return raw.decode("utf-8", "replace")


#: Quoted-printable by its looks: a forwarding took the header that says so.
_SOFT_BREAK = re.compile(rb"\n[^\n]{60,75}=\n")
_ESCAPED = re.compile(rb"=(?:20|3D|09)")
#: The beginning of JIS X 0208 in ISO-2022-JP.
_ESCAPE = b"\x1b$"
_UNSEEN = re.compile(r"(?is)<(style|script|head)\b[^<>]{0,500}>")
_BREAK = re.compile(r"(?i)<(?:br|/?p|/?div|/?tr|/?td|/?li|/?h\d|/?ul|/?table)\b[^<>]{0,2000}>")
_TAG = re.compile(r"<[!/a-zA-Z][^<>]{0,2000}>")


#: What was struck out is not said: a sign stands for the line through it.
STRUCK = "\u2715"
_STRUCK = re.compile(
    r"(?i)<(?:s|del|strike)\b[^<>]{0,500}>|<[a-z]{1,10}\s[^<>]{0,1000}line-through[^<>]{0,1000}>"
)


def plain(page: str) -> str:
    """Return the words of a page of HTML, a line for each block."""
    said = _STRUCK.sub(STRUCK, _without_unseen(page))
    said = _TAG.sub(" ", _BREAK.sub("\n", said))
    return html.unescape(said).replace("\xa0", " ")


def _without_unseen(page: str) -> str:
    kept, at = [], 0
    while (opening := _UNSEEN.search(page, at)) is not None:
        kept.append(page[at : opening.start()])
        closing = page.lower().find(f"</{opening[1].lower()}", opening.end())
        at = closing if closing >= 0 else len(page)
        if len(kept) > _MOST_UNSEEN:
            break
    return "".join(kept) + page[at:]


#: Each of them lower-cases the page once more.
_MOST_UNSEEN = 20


def words_of_header(value: str) -> str:
    """Return a header's value with its encoded words (RFC 2047) decoded, bounded."""
    if "=?" not in value:
        return value[:1_000]
    try:
        pieces = decode_header(value[:1_000])
    except (HeaderParseError, ValueError):
        return value[:1_000]
    return "".join(
        piece if isinstance(piece, str) else _characters(piece, (name or "us-ascii").lower())
        for piece, name in pieces
    )
