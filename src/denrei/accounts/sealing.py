"""Secrets at rest: sealed with the key of this installation, so that a dump of tables opens none."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealBrokenError(ValueError):
    """What was sealed can't be opened: its key is neither in use nor among the retired ones."""


def seal(secret: str) -> str:
    """Return a secret as a column may hold it."""
    return _keys().encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Return the secret. SealBrokenError where no key of ours opens it."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBrokenError from error


def renew(sealed: str) -> str:
    """Return the same secret, sealed with the key in use. SealBrokenError as `unseal`."""
    return seal(unseal(sealed))


def _keys() -> MultiFernet:
    return MultiFernet(
        [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> Fernet:
    digest = hashlib.sha256(b"denrei.accounts.sealing\0" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
