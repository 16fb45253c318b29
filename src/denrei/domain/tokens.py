"""Tokens that are derived and never stored: a retry after a crash builds the same one.

A token names (organization, subject) in clear and proves by an HMAC-SHA-256 (RFC 2104) that we
made it, for one purpose. There is nothing to look up and nothing to steal in a dump.

    token  = key id, then lower-case Crockford base32 of: lengths, organization, subject, tag
    lengths: one byte, 16 x bytes of the organization + bytes of the subject, both big-endian
    tag    = first bits of HMAC(key, purpose + lengths + organization + subject)

Letters survive mail systems that change case; a token fits a local part of 64 octets.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
#: Ids are PostgreSQL's bigint.
MAX_ID = 2**63 - 1
MIN_KEY = 32
_BLOCK = 64


class Purpose(IntEnum):
    """What a token is for; part of what is signed, never reused for another meaning."""

    #: The answer page of one delivery.
    ANSWER = 1
    #: The return path of one delivery, so that a bounce names it.
    BOUNCE = 2
    #: Proof that an address is its owner's.
    VERIFY = 3
    #: The page on which a person renews.
    RENEWAL = 4
    #: Stop and start of what is not life-critical.
    OPT_OUT = 5
    #: A person's change menu.
    PORTAL = 6
    #: The return path of one test of a contact.
    TEST_BOUNCE = 7
    #: The Message-ID of one delivery: who replies to it, or returns it, had the mail.
    MESSAGE = 8

    @property
    def bits(self) -> int:
        """Length of the tag; a return path is short, and a forged one only adds a false bounce."""
        return 80 if self in _SHORT else 128


_SHORT = (Purpose.BOUNCE, Purpose.TEST_BOUNCE, Purpose.MESSAGE)
_TAG_BYTES = {purpose: purpose.bits // 8 for purpose in Purpose}


class _Hash(Protocol):
    def copy(self) -> _Hash: ...
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """Secret keys by their ids; the current one seals, retired ones still open.

    Raises `ValueError` for an id that is not one character of `ALPHABET`, a key of less than
    `MIN_KEY` bytes, or a current key that is missing.
    """

    keys: Mapping[str, bytes] = field(repr=False)
    current: str
    _pads: dict[str, tuple[_Hash, _Hash]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise ValueError("the current key is not in the keyring")
        for key_id, key in self.keys.items():
            if len(key_id) != 1 or key_id not in ALPHABET:
                raise ValueError("a key id is one character of the alphabet")
            if len(key) < MIN_KEY:
                raise ValueError(f"a key has at least {MIN_KEY} bytes")
            self._pads[key_id] = _pads_of(key)

    def mac(self, key_id: str, message: bytes) -> bytes:
        """Return HMAC-SHA-256; both pads are hashed beforehand, which halves its time."""
        inner, outer = self._pads[key_id]
        inner, outer = inner.copy(), outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


def _pads_of(key: bytes) -> tuple[_Hash, _Hash]:
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return (
        hashlib.sha256(bytes(byte ^ 0x36 for byte in block)),
        hashlib.sha256(bytes(byte ^ 0x5C for byte in block)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a genuine token names."""

    organization_id: int
    subject_id: int


def seal(keyring: Keyring, purpose: Purpose, organization_id: int, subject_id: int) -> str:
    """Return the token of this subject; the same for the same arguments.

    Raises `ValueError` for an id outside 0 to `MAX_ID`.
    """
    if not (0 <= organization_id <= MAX_ID and 0 <= subject_id <= MAX_ID):
        raise ValueError("an id is 0 to 2**63 - 1")
    return _sealed(keyring, keyring.current, purpose, organization_id, subject_id)


def open_token(keyring: Keyring, purpose: Purpose, token: str) -> Opened | None:
    """Return what the token names, or None where it is not one that we made for this purpose.

    Upper case is taken. No text raises; the comparison takes constant time.
    """
    if not _TOKEN.fullmatch(token):
        return None
    token = token.lower()
    if token[0] not in keyring.keys:
        return None
    ids = _ids(token[1:])
    # Sealed anew and compared as a whole, each subject has exactly one token of a key.
    if ids is None or not hmac.compare_digest(_sealed(keyring, token[0], purpose, *ids), token):
        return None
    return Opened(organization_id=ids[0], subject_id=ids[1])


def _sealed(
    keyring: Keyring, key_id: str, purpose: Purpose, organization: int, subject: int
) -> str:
    wide, narrow = (organization.bit_length() + 7) // 8, (subject.bit_length() + 7) // 8
    named = (
        bytes((purpose, wide << 4 | narrow))
        + organization.to_bytes(wide, "big")
        + subject.to_bytes(narrow, "big")
    )
    tag = keyring.mac(key_id, named)[: _TAG_BYTES[purpose]]
    return key_id + _encoded(named[1:] + tag)


_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_TO_PYTHON = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_TOKEN = re.compile(f"[{ALPHABET}{ALPHABET.upper()}]{{16,56}}")


def _encoded(data: bytes) -> str:
    """Encode ten bits at a time, zeros at the end."""
    padding = -8 * len(data) % 10
    number = int.from_bytes(data, "big") << padding
    top = 8 * len(data) + padding - 10
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(top, -1, -10)])


def _ids(encoded: str) -> tuple[int, int] | None:
    """Read both ids of an encoding that may be forged."""
    surplus = 5 * len(encoded) % 8
    number = int(encoded.translate(_TO_PYTHON), 32) >> surplus
    data = number.to_bytes(5 * len(encoded) // 8, "big")
    wide, narrow = data[0] >> 4, data[0] & 15
    if max(wide, narrow) > 8:
        return None
    middle = 1 + wide
    organization = int.from_bytes(data[1:middle], "big")
    subject = int.from_bytes(data[middle : middle + narrow], "big")
    return organization, subject
