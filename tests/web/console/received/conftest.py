"""Mails that came to the city, as reading leaves them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.domain.bounces import Kind
from denrei.outcomes.models import Mailbox, ReceivedMail, Way

Came = Callable[..., ReceivedMail]
_numbers = itertools.count(1)


@pytest.fixture
def came(city: Organization) -> Came:
    """Let a mail come: `came(Kind.OTHER, subject=…, recipient_id=…)`; a human judges a reply."""

    def come(kind: Kind = Kind.OTHER, **changes: Any) -> ReceivedMail:
        number = next(_numbers)
        raw = changes.pop("raw", f"Subject: {number}\r\n\r\nhello".encode())
        given = {
            "organization": city,
            "key": f"mail {number}".encode(),
            "way": Way.LMTP,
            "raw": raw,
            "size": len(raw),
            "read_at": timezone.now(),
            "kind": kind,
            "author": "見本 三郎 <saburo@example.jp>",
            "subject": f"件名{number}",
            "waits": kind is Kind.OTHER,
        }
        with tenancy.acting_for(city.pk):
            return ReceivedMail.objects.create(**(given | changes))

    return come


def mailbox(city: Organization, **changes: Any) -> Mailbox:
    """Register a mailbox that was asked a moment ago."""
    given = {
        "organization": city,
        "name": "代表アドレス",
        "protocol": "imap",
        "host": "imap.city.example",
        "port": 993,
        "security": "tls",
        "username": "bousai",
        "password": "sealed",
        "fetched_at": timezone.now(),
        "next_at": timezone.now() + timedelta(minutes=1),
    }
    with tenancy.acting_for(city.pk):
        return Mailbox.objects.create(**(given | changes))
