"""DKIM signatures (RFC 6376, relaxed/relaxed; RFC 8301; Ed25519 by RFC 8463).

What is the same for all is made once for each template: fields and body in their canonical form with
gaps, and the hash of a body without gaps. A person's signature costs filling, hashing and signing: 0.6 to
1 ms by RSA with 2,048 bits, 0.05 ms by Ed25519. `cryptography` signs without holding Python's lock, so
threads help.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

if TYPE_CHECKING:
    from denrei.channels.smtp import Smtp

Algorithm = Literal["rsa", "ed25519"]
PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
#: Bits of an RSA key: RFC 8301, 3.2 advises signers to take the least, verifiers may stop at the most.
LEAST_BITS, MOST_BITS = 2048, 4096
#: Octets of a string of a TXT record (RFC 1035, 3.3.14).
_STRING = 255
#: Header fields that are signed where a message has them; From once more than it has it, so that
#: nobody can add a second (RFC 6376, 8.15).
_SIGNED = frozenset(
    b"from to subject date message-id reply-to auto-submitted mime-version content-type"
    b" content-transfer-encoding list-unsubscribe list-unsubscribe-post".split()
)
_OVERSIGNED = (b"From",)
#: Names on a line of `h=`, characters on a line of `b=`.
_NAMES, _LINE = 5, 72
_SPACES = re.compile(rb"[ \t]+")
#: Stands for a gap; no body has it (`template` lets quoted-printable carry control characters).
_GAP = b"\0"


def read_key(pem: str) -> PrivateKey:
    """Read a private key (PEM, not encrypted). ValueError: a sentence for the operator."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError(
            "DKIMの秘密鍵を読み取れません。パスフレーズのないPEM形式のファイルを指定してください。"
        ) from None
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key
    if isinstance(key, rsa.RSAPrivateKey) and LEAST_BITS <= key.key_size <= MOST_BITS:
        return key
    raise ValueError(
        f"DKIMの秘密鍵は、{LEAST_BITS}から{MOST_BITS}ビットまでのRSA、またはEd25519にしてください。"
    )


def new_key(algorithm: Algorithm) -> str:
    """Make a private key; return it as PEM."""
    key: PrivateKey = (
        rsa.generate_private_key(public_exponent=65537, key_size=LEAST_BITS)
        if algorithm == "rsa"
        else ed25519.Ed25519PrivateKey.generate()
    )
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")


def public_part(key: PrivateKey) -> bytes:
    """Return what `p=` of the record holds: DER for RSA, the 32 octets for Ed25519 (RFC 8463, 4)."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.public_key().public_bytes_raw()
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def algorithm(key: PrivateKey) -> Algorithm:
    """Return what `k=` of the record says."""
    return "ed25519" if isinstance(key, ed25519.Ed25519PrivateKey) else "rsa"


def record(key: PrivateKey) -> str:
    """Return the TXT record for `selector._domainkey.domain` (RFC 6376, 3.6.1)."""
    return f"v=DKIM1; k={algorithm(key)}; p={b64encode(public_part(key)).decode('ascii')}"


def strings(text: str) -> list[str]:
    """Cut a record into the strings of which a TXT record may consist."""
    return [text[start : start + _STRING] for start in range(0, len(text), _STRING)]


def published(text: str) -> bytes | None:
    """Return the public part of a record; b"" where it was revoked, None where it is no record.

    A record without `v=` is one (RFC 6376, 3.6.1); tags of another version are none.
    """
    tags = {
        name.strip(): re.sub(r"\s", "", value)
        for name, equals, value in (tag.partition("=") for tag in text.split(";"))
        if equals
    }
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return None
    try:
        return b64decode(tags["p"], validate=True)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: a domain, the name of its key, and the key."""

    domain: str
    selector: str
    key: PrivateKey

    @classmethod
    def of(cls, smtp: Smtp) -> Signer | None:
        """Return the signer of a gateway, None where it does not sign. ValueError: not a key."""
        if not smtp.dkim_selector:
            return None
        domain = smtp.dkim_domain or smtp.sender_address.rpartition("@")[2]
        key = read_key(smtp.dkim_key.reveal())
        return cls(domain=domain.lower(), selector=smtp.dkim_selector, key=key)

    def sign(self, data: bytes) -> bytes:
        """Return the signature of the canonical header fields."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), SHA256())
        return self.key.sign(sha256(data).digest())  # RFC 8463, 3: the hash is what is signed

    def prepare(self, head: bytes, segments: tuple[bytes, ...], now: datetime) -> Seal:
        """Prepare what a template needs, signed as of `now`.

        `head`: header fields for `%` (recipient, correlation); `segments`: the body between its gaps,
        dots not doubled, with the empty line before it.
        """
        fields = _fields(head)
        tags = (
            b"v=1; a=%b-sha256; c=relaxed/relaxed;" % algorithm(self.key).encode("ascii"),
            b"d=%b; s=%b;" % (self.domain.encode("ascii"), self.selector.encode("ascii")),
            b"t=%d; h=%b;" % (now.timestamp(), _names([*fields, *_OVERSIGNED])),
            b"bh=",
        )
        start = b"DKIM-Signature: " + b"\r\n ".join(tags)
        body = _relaxed_body(_GAP.join(segments)).split(_GAP)
        return Seal(
            sign=self.sign,
            start=start,
            fields=b"".join(fields.values()),
            own_field=_relaxed_field(start),
            segments=segments,
            body=tuple(body),
            body_hash=_hash(body[0]) if len(body) == 1 else b"",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A template's part of the signatures: everything but the person. Fit for threads."""

    sign: Callable[[bytes], bytes]
    #: The field up to the hash of the body.
    start: bytes
    #: Canonical: the signed fields, for `%`, and the field itself up to the hash.
    fields: bytes
    own_field: bytes
    #: The body between its gaps, as it is and canonical.
    segments: tuple[bytes, ...]
    body: tuple[bytes, ...]
    #: Where there are no gaps.
    body_hash: bytes

    def field(self, to: bytes, correlation: bytes, part: bytes) -> bytes:
        """Return the field DKIM-Signature of one person's message; `part` fills the body's gaps."""
        found = self.body_hash or _hash(self._whole(part))
        fields = self.fields % (_SPACES.sub(b" ", to), correlation)
        signature = b64encode(self.sign(b"%b%b%b; b=" % (fields, self.own_field, found)))
        lines = [signature[at : at + _LINE] for at in range(0, len(signature), _LINE)]
        return b"%b%b;\r\n b=%b\r\n" % (self.start, found, b"\r\n ".join(lines))

    def _whole(self, part: bytes) -> bytes:
        """Return the canonical body; where nothing fills a gap, spaces before it may end a line."""
        return part.join(self.body) if part else _relaxed_body(b"".join(self.segments))


def _hash(body: bytes) -> bytes:
    return b64encode(sha256(body).digest())


def _fields(head: bytes) -> dict[bytes, bytes]:
    """Return the signed fields of a head in their order: name → canonical form."""
    fields = {}
    for field in re.split(rb"\r\n(?![ \t])", head):
        name, colon, _ = field.partition(b":")
        if colon and name.lower() in _SIGNED:
            fields[name] = _relaxed_field(field) + b"\r\n"
    return fields


def _relaxed_field(field: bytes) -> bytes:
    """Return a header field as RFC 6376, 3.4.2 has it, without its line end."""
    name, _, value = field.partition(b":")
    unfolded = value.replace(b"\r\n", b"")
    return name.strip().lower() + b":" + _SPACES.sub(b" ", unfolded).strip()


def _relaxed_body(body: bytes) -> bytes:
    """Return a body as RFC 6376, 3.4.4 has it; the empty line before it is no part of it."""
    text = _SPACES.sub(b" ", body.removeprefix(b"\r\n")).replace(b" \r\n", b"\r\n")
    stripped = text.rstrip(b"\r\n")
    return stripped + b"\r\n" if stripped else b""


def _names(names: list[bytes]) -> bytes:
    """Return `h=` without its name, folded."""
    lines = [b":".join(names[at : at + _NAMES]) for at in range(0, len(names), _NAMES)]
    return b":\r\n ".join(lines)
