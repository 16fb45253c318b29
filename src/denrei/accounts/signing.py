"""The key with which this installation signs what leaves it: Ed25519, derived from the secret key.

Derived as links are (ADR 0006): nothing to store, nothing to steal in a dump. A new secret key is a
new signing key with a new fingerprint; what was signed before stays signed by the old one.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings


def public_key() -> bytes:
    """Return the public key in use: 32 bytes (RFC 8032)."""
    return _key(settings.SECRET_KEY).public_key().public_bytes_raw()


def retired_public_keys() -> list[bytes]:
    """Return the public keys of secret keys that are retired, the latest first."""
    return [
        _key(secret).public_key().public_bytes_raw() for secret in settings.SECRET_KEY_FALLBACKS
    ]


def sign(message: bytes) -> bytes:
    """Return the signature of a message: 64 bytes."""
    return _key(settings.SECRET_KEY).sign(message)


def _key(secret: str) -> Ed25519PrivateKey:
    seed = hashlib.sha256(b"denrei.accounts.signing\0" + secret.encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)
