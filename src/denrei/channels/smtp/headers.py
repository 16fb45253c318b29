"""Header fields: RFC 2047 words, folded, and never a line that the text itself could start."""

from __future__ import annotations

import re
from base64 import b64encode

#: A line that holds an encoded word has at most 76 characters (RFC 2047, section 2).
_LINE = 76
#: One encoded word has at most 75.
_WORD = 75

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def check(text: str) -> str:
    """Return `text`; ValueError where it holds a control character or half a character."""
    if _UNSAFE.search(text):
        raise ValueError("control character in a header")
    return text


def unstructured(name: str, text: str, charset: str) -> bytes:
    """Return the field `name: text` with its line end, for a Subject."""
    start = f"{name}: "
    is_literal = text.isascii() and "=?" not in text and text == text.strip()
    if is_literal and len(start) + len(text) <= _LINE:
        return f"{start}{text}\r\n".encode("ascii")
    return f"{start}{_words(text, charset, len(start))}\r\n".encode("ascii")


def mailbox(name: str, display: str, address: bytes, charset: str) -> bytes:
    """Return the field `name: display <address>` with its line end, for a From."""
    start = f"{name}: "
    if not display:
        return start.encode("ascii") + address + b"\r\n"
    phrase = _phrase(display, charset, len(start))
    last_line = (start + phrase).rpartition("\n")[2]
    gap = "\r\n " if len(last_line) + len(address) + 3 > _LINE else " "
    return f"{start}{phrase}{gap}<".encode("ascii") + address + b">\r\n"


def _phrase(display: str, charset: str, used: int) -> str:
    if display.isascii() and "=?" not in display and len(display) <= _LINE // 2:
        return '"' + display.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _words(display, charset, used)


def _words(text: str, charset: str, used: int) -> str:
    """Cut `text` into encoded words at characters, so that each is complete in itself."""
    chunks, chunk, room = [], "", _LINE - used
    for character in text:
        if chunk and len(_word(chunk + character, charset)) > min(room, _WORD):
            chunks.append(chunk)
            chunk, room = "", _LINE - 1
        chunk += character
    return "\r\n ".join(_word(one, charset) for one in [*chunks, chunk])


def _word(chunk: str, charset: str) -> str:
    return f"=?{charset}?B?{b64encode(chunk.encode(charset)).decode('ascii')}?="
