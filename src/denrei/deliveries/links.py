"""What names a delivery outside the ledger: the answer page's address, the return path, Message-ID.

Derived from the secret key, never stored (ADR 0006): a retry after a crash builds the same ones.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from denrei.domain import tokens

#: Message-ID or ENVID of a delivery or a test, with or without the mark that proves it.
_CORRELATION = re.compile(r"<?(\d{1,19})\.(\d{1,19})(?:\.([0-9a-zA-Z]{1,64}))?(?:@[^>\s]*)?>?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Which delivery one of our Message-IDs names."""

    #: 0: a test of a contact, and so its number is.
    broadcast_id: int
    delivery_id: int
    #: The token at its end, not looked into; "" for a Message-ID without one.
    proof: str = ""

    def is_signed(self, organization_id: int) -> bool:
        """Tell whether we made it for a delivery of this organization; if not, anybody could have."""
        named = tokens.open_token(keyring(), tokens.Purpose.MESSAGE, self.proof)
        return named == tokens.Opened(organization_id=organization_id, subject_id=self.delivery_id)


@cache
def keyring() -> tokens.Keyring:
    """Return the keys of this installation; a key's id follows from the key."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = {
        _key_id(secret): hashlib.sha256(b"denrei links\0" + secret.encode()).digest()
        for secret in reversed(secrets)
    }
    return tokens.Keyring(keys=keys, current=_key_id(settings.SECRET_KEY))


def _key_id(secret: str) -> str:
    digest = hashlib.sha256(b"denrei key id\0" + secret.encode()).digest()
    return tokens.ALPHABET[digest[0] % len(tokens.ALPHABET)]


def answer_pages() -> str:
    """Return what the address of every answer page begins with."""
    return f"{settings.PUBLIC_URL}/r/"


def answer_url(organization_id: int, delivery_id: int) -> str:
    """Return the address of a delivery's own page."""
    return answer_pages() + answer_token(organization_id, delivery_id)


def answer_token(organization_id: int, delivery_id: int) -> str:
    """Return what names a delivery in the address of its page."""
    return tokens.seal(keyring(), tokens.Purpose.ANSWER, organization_id, delivery_id)


def return_token(organization_id: int, delivery_id: int) -> str:
    """Return what goes into the return path, so that a bounce names its delivery."""
    return tokens.seal(keyring(), tokens.Purpose.BOUNCE, organization_id, delivery_id)


def test_token(organization_id: int, test_id: int) -> str:
    """Return what goes into the return path of a test of a contact."""
    return tokens.seal(keyring(), tokens.Purpose.TEST_BOUNCE, organization_id, test_id)


def test_correlation(test_id: int) -> str:
    """Return the left side of a test's Message-ID: that of a delivery of no broadcast."""
    return f"0.{test_id}"


def correlation(organization_id: int, broadcast_id: int, delivery_id: int) -> str:
    """Return the left side of the Message-ID: one for a delivery, whatever is tried again.

    Its end is a token: a reply that names it comes from somebody who had the mail.
    """
    proof = tokens.seal(keyring(), tokens.Purpose.MESSAGE, organization_id, delivery_id)
    return f"{broadcast_id}.{delivery_id}.{proof}"


def named(written: str) -> Correlation | None:
    """Read a Message-ID or ENVID of ours; None for anybody else's."""
    found = _CORRELATION.fullmatch(written.strip())
    if found is None or max(int(found[1]), int(found[2])) >= 2**63:
        return None
    return Correlation(broadcast_id=int(found[1]), delivery_id=int(found[2]), proof=found[3] or "")
