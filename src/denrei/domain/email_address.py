"""Mail addresses as people in Japan have them, some against RFC 5321.

docomo and au gave out local parts with two dots in a row, or a dot at the end, before 2009; they
are in use and every standard validator refuses them. Here they are kept as people write them and
quoted only `on_the_wire`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from denrei.domain import text as texts

#: RFC 5321, 4.5.3.1.1 to 4.5.3.1.3: octets; a path of 256 holds an address and its two brackets.
MAX_LOCAL = 64
MAX_DOMAIN = 255
MAX_ADDRESS = 254


class Code(StrEnum):
    """What is wrong with an address; stable, the words are in `MESSAGES`."""

    EMPTY = "empty"
    CONTROL = "control characters"
    SPACE = "space inside"
    NO_AT = "no at sign"
    MANY_AT = "several at signs"
    NO_LOCAL = "nothing before the at sign"
    LOCAL_CHARACTERS = "local part has characters that mail does not carry"
    LOCAL_LONG = "local part too long"
    NO_DOMAIN = "nothing after the at sign"
    NO_DOT = "domain without a dot"
    DOMAIN = "domain not valid"
    LONG = "too long"


MESSAGES = {
    Code.EMPTY: "メールアドレスを入力してください。",
    Code.CONTROL: "メールアドレスに制御文字が含まれています。入力し直してください。",
    Code.SPACE: "メールアドレスの途中に空白があります。空白を取り除いてください。",
    Code.NO_AT: "メールアドレスに「@」がありません。例：taro@example.jp",
    Code.MANY_AT: "メールアドレスに「@」が2つ以上あります。1件ずつ入力してください。",
    Code.NO_LOCAL: "「@」の前がありません。メールアドレスの全体を入力してください。",
    Code.LOCAL_CHARACTERS: "「@」の前に使えない文字があります。半角の英数字と記号で入力してください。",
    Code.LOCAL_LONG: f"「@」の前が長すぎます。{MAX_LOCAL}文字以内のアドレスを入力してください。",
    Code.NO_DOMAIN: "「@」の後がありません。メールアドレスの全体を入力してください。",
    Code.NO_DOT: "「@」の後に「.」がありません。例：taro@example.jp",
    Code.DOMAIN: "「@」の後（ドメイン）が正しくありません。つづりを確認してください。",
    Code.LONG: f"メールアドレスが長すぎます。{MAX_ADDRESS}文字以内で入力してください。",
}


class InvalidAddressError(ValueError):
    """The text is no mail address; `code` says why, `str()` gives the words for people."""

    def __init__(self, code: Code) -> None:
        super().__init__(MESSAGES[code])
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAddress:
    """One mail address."""

    #: Local part as typed, "@", domain in lower-case ASCII. For the wire: `on_the_wire(address)`.
    address: str
    #: For comparison and look-up only, never to send to. RFC 5321, 2.4, lets a local part be
    #: sensitive to case; no Japanese carrier nor large provider treats it so, and the same person
    #: registered twice in two cases must count once.
    key: str
    #: Lower-case ASCII, an internationalized one in Punycode.
    domain: str


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SCHEME = re.compile(r"mailto:", re.IGNORECASE)
#: RFC 5322, 3.2.3: atext, and dots anywhere.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_DOT_ATOM = re.compile(r"[^.]+(?:\.[^.]+)*")
#: RFC 1123, 2.1; the last label of a name is never all digits (RFC 3696, 2).
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}")


def parse(text: str) -> EmailAddress:
    """Read one address; full-width letters, `<>` and `mailto:` around it are taken away.

    Raises `InvalidAddressError`.
    """
    local, domain = _parts(_bare(text))
    domain = _ascii_domain(domain)
    address = f"{local}@{domain}"
    if len(on_the_wire(address)) > MAX_ADDRESS:
        raise InvalidAddressError(Code.LONG)
    return EmailAddress(address=address, key=address.lower(), domain=domain)


def on_the_wire(address: str) -> str:
    """Return the address as SMTP commands and headers need it.

    A local part that is no dot-atom is quoted (RFC 5321, 4.1.2): `"a..b"@docomo.ne.jp`.
    """
    local, _, domain = address.rpartition("@")
    if _DOT_ATOM.fullmatch(local) and _LOCAL.fullmatch(local):
        return address
    escaped = local.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"@{domain}'


def _bare(text: str) -> str:
    cleaned = texts.clean(text)
    if texts.Removed.CONTROL in cleaned.removed:
        raise InvalidAddressError(Code.CONTROL)
    bare = cleaned.text.translate(_FULL_WIDTH).strip()
    if bare.startswith("<") and bare.endswith(">"):
        bare = bare[1:-1].strip()
    return _SCHEME.sub("", bare, count=1).strip() if _SCHEME.match(bare) else bare


def _parts(bare: str) -> tuple[str, str]:
    local, at, domain = bare.rpartition("@")
    if len(local) > 1 and local[0] == local[-1] == '"':
        local = re.sub(r"\\(.)", r"\1", local[1:-1])
    for wrong, code in (
        (not bare, Code.EMPTY),
        (not at, Code.NO_AT),
        ("@" in local, Code.MANY_AT),
        (any(map(str.isspace, bare)), Code.SPACE),
        (not local, Code.NO_LOCAL),
        (not _LOCAL.fullmatch(local), Code.LOCAL_CHARACTERS),
        (len(local) > MAX_LOCAL, Code.LOCAL_LONG),
        (not domain, Code.NO_DOMAIN),
        (len(domain) > MAX_DOMAIN, Code.LONG),
    ):
        if wrong:
            raise InvalidAddressError(code)
    return local, domain


def _ascii_domain(domain: str) -> str:
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise InvalidAddressError(Code.DOMAIN) from None
    if "." not in ascii_domain:
        raise InvalidAddressError(Code.NO_DOT)
    if len(ascii_domain) > MAX_DOMAIN or not _DOMAIN.fullmatch(ascii_domain):
        raise InvalidAddressError(Code.DOMAIN)
    return ascii_domain
