"""Mail addresses as bounces write them: in angles, quoted, with the type of RFC 3464 before them.

They are kept as the mail has them, those that break RFC 5321 too (`a..b@docomo.ne.jp`, `-x@`,
`x.@`): the address book has them in the same way.
"""

from __future__ import annotations

import re

#: RFC 5321, 4.5.3.1: a path has 256 octets.
_MOST = 254
#: A run of letters is tried once, from its beginning: time in proportion to the length.
_ADDRESS = re.compile(
    r"""(?:"([^"@\s]{1,64})"|(?<![\wÀ-ɏ!#$%&'*+/=?^`{|}~.-])([\w!#$%&'*+/=?^`{|}~.-]{1,128}))"""
    r"""@((?:[a-z0-9_](?:[a-z0-9_-]{0,62}\.)){1,8}[a-z0-9-]{1,63})""",
    re.IGNORECASE | re.ASCII,
)
#: RFC 3464, 2.1.2: `address-type ";" address`.
_TYPE = re.compile(r"\s*(rfc822|utf-8|smtp|x-[\w-]{1,30}|unknown|addr-type)\s*;\s*", re.IGNORECASE)
_LEADING = re.compile(r"^(?:['|`]|=(?!\?)|(?i:smtp)=)+")
_HEX = re.compile(r"\+([0-9A-Fa-f]{2})")
_DAEMON = re.compile(
    r"(?i)^(mailer[-_.]?daemon|post[-_]?master|no-?reply|double-bounce|mdaemon|daemon)@"
)


def of_field(value: str) -> str:
    """Return the address in a field of a report (`rfc822; <a@b>`); "" where there is none."""
    kind = _TYPE.match(value)
    rest = value[kind.end() :] if kind else value
    if kind and kind[1].lower() == "utf-8":
        rest = re.sub(r"\\x\{([0-9A-Fa-f]{2,6})\}", _unescaped, rest)
    elif "@" not in rest:
        # xtext of RFC 3461, 4: an @ that was not decoded.
        rest = _HEX.sub(lambda found: chr(int(found[1], 16)), rest[:500])
    return (first(rest) if rest.isascii() else "") or _unusual(rest) or first(rest)


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code < 0x110000 else ""


def _unusual(rest: str) -> str:
    """Return what stands for an address where its domain is not ASCII or has no dot."""
    bare = rest.strip().strip("<>").strip()
    if "@" in bare[1:-1] and not re.search(r"\s", bare) and len(bare) <= _MOST:
        return bare
    return ""


def first(text: str) -> str:
    """Return the first address of a text, "" where there is none."""
    return next((address for _, address in all_in(text)), "")


def all_in(text: str) -> list[tuple[int, str]]:
    """Return every address of a line with its place."""
    if "@" not in text:
        return []
    return [
        (found.start(), address)
        for found in _ADDRESS.finditer(text)
        if (address := _address(found)) and len(address) <= _MOST
    ]


def _address(found: re.Match[str]) -> str:
    quoted, bare, domain = found.groups()
    if quoted is not None:
        return f'"{quoted}"@{domain}'
    local = _LEADING.sub("", bare)
    return f"{local}@{domain}" if local else ""


def same(one: str, other: str) -> bool:
    """Are they one mailbox, as far as letters tell? See `email_address.EmailAddress.key`."""
    return key(one) == key(other)


def key(address: str) -> str:
    """Return the address for comparison: lower case, no quotes around the local part."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.strip(chr(34))}@{domain}"


def is_of_a_daemon(address: str) -> bool:
    """Does a machine write from it?"""
    return _DAEMON.match(address) is not None
