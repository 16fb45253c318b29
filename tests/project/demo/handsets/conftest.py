"""A demo whose mail servers' log a test writes, and the broadcast that it tells of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from denrei.accounts import tenancy
from denrei.accounts.models import Role, Unit
from denrei.deliveries import links
from denrei.directory.models import Contact, Recipient
from denrei.domain.states import Medium
from denrei.project.demo.folder import Folder
from denrei.project.demo.worldlog import WorldLog
from tests.responses.sent import Sent, send
from tests.web.console.conftest import browser, hire
from tests.web.serving import address

__all__ = ["address"]
ADDRESS = "hanako@example.jp"
PAGE = "/console/handsets/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A demo under way."""

    sent: Sent
    files: Folder

    def hire(self, role: Role = Role.ADMIN, unit: Unit | None = None) -> Client:
        """Return the browser of an operator."""
        operator = hire(self.sent.organization, f"{role}{unit or ''}", role, unit)
        return browser(self.sent.organization, operator)

    def take(self, place: int = 0, **changes: Any) -> None:
        """Write what the mail servers write when they take a mail."""
        delivery = self.sent.deliveries[place]
        given = {
            "at": 1795942356.0,
            "rcpt": ADDRESS,
            "sender": "",
            "id": f"{self.sent.broadcast_id}.{delivery}@denrei.example",
            "subject": "地震発生の件名",
            "author": "伝令市 <bousai@denrei.example>",
            "text": "安否を回答してください\n電気が止まっています",
            "urls": [links.answer_url(self.sent.organization.pk, delivery)],
        }
        with WorldLog(self.files.log) as log:
            log.note("accepted", **(given | changes))

    def refuse(self, code: int, text: str, phase: str = "rcpt") -> None:
        """Write what the mail servers write when they refuse one."""
        token = links.return_token(self.sent.organization.pk, self.sent.deliveries[0])
        with WorldLog(self.files.log) as log:
            log.note(
                "refused",
                at=1795942355.0,
                rcpt=ADDRESS,
                sender=f"b+{token}@bounce.example",
                phase=phase,
                code=code,
                text=text,
            )


@pytest.fixture
def stage(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Stage:
    """Send a broadcast to one person; nothing has come of it yet."""
    is_served = "address" in request.fixturenames
    if is_served:
        settings.PUBLIC_URL = request.getfixturevalue("address")
    else:
        request.getfixturevalue("db")
    settings.DEMO, settings.TRAINING = str(tmp_path), True
    settings.ROOT_URLCONF = "tests.project.demo.handsets.urls"
    sent = send("山田 花子")
    with tenancy.acting_for(sent.organization.pk):
        Recipient.objects.update(search="山田 花子", kana="やまだ はなこ")
        Contact.objects.create(
            organization=sent.organization,
            recipient_id=sent.people[0],
            medium=Medium.MAIL,
            address=ADDRESS,
            address_key=ADDRESS,
        )
    return Stage(sent=sent, files=Folder(path=tmp_path))
