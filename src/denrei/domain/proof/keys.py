"""Who signed: Ed25519 (RFC 8032), and a fingerprint that a person can read out on the phone."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from denrei.domain import tokens

#: Five groups of four letters are 100 bits: nobody makes a second key to them.
_GROUPS, _LETTERS = 5, 4
_LIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})


def fingerprint(public_key: bytes) -> str:
    """Return what stands for a public key on paper: `7k3m-90ab-…`, Crockford's base32 of SHA-256."""
    number = int.from_bytes(hashlib.sha256(b"denrei proof key\0" + public_key).digest(), "big")
    letters = "".join(
        tokens.ALPHABET[number >> shift & 31]
        for shift in range(251, 251 - 5 * _GROUPS * _LETTERS, -5)
    )
    return "-".join(letters[at : at + _LETTERS] for at in range(0, len(letters), _LETTERS))


def alike(one: str, other: str) -> bool:
    """Tell whether two fingerprints are one, however they were written down."""
    return bool(_bare(one)) and _bare(one) == _bare(other)


def _bare(written: str) -> str:
    return "".join(sign for sign in written.lower() if sign.isalnum()).translate(_LIKE)


def message_of_file(digest: str) -> bytes:
    """Return what is signed of a file: the hex digits of all its lines but the last."""
    return b"denrei proof 1\n" + digest.encode()


def message_of_head(broadcast_id: int, no: int, head: bytes) -> bytes:
    """Return what is signed of the newest seal of a broadcast."""
    return b"denrei seal 1\n%d\n%d\n%b\n" % (broadcast_id, no, head.hex().encode())


def genuine(public_key: str, signature: str, message: bytes) -> bool:
    """Tell whether a signature is true; both are hex digits, maybe of nothing at all."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        return False
    return True
