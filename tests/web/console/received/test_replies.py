"""A reply on its page: what was written, and the answer that a human keeps from it (MSG-7, MSG-8)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Role
from denrei.domain.bounces import Kind
from denrei.outcomes.models import FoundBy, ReceivedMail, Way
from tests.responses.sent import Sent, send
from tests.web.console.conftest import browser, hire

pytestmark = [pytest.mark.spec("MSG-7", "MSG-8"), pytest.mark.django_db]


def came(sent: Sent, text: str, **changes: Any) -> ReceivedMail:
    """Let a reply to the first delivery wait for a human."""
    raw = (
        f"Subject: Re\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n> 3\r\n".encode()
    )
    given = {
        "organization": sent.organization,
        "key": text.encode(),
        "way": Way.LMTP,
        "raw": raw,
        "size": len(raw),
        "read_at": timezone.now(),
        "kind": Kind.OTHER,
        "found_by": FoundBy.ADDRESS,
        "broadcast_id": sent.broadcast_id,
        "delivery_id": sent.deliveries[0],
        "recipient_id": sent.people[0],
        "waits": True,
    }
    with tenancy.acting_for(sent.organization.pk):
        return ReceivedMail.objects.create(**(given | changes))


def desk(sent: Sent, role: Role = Role.SENDER) -> Client:
    return browser(sent.organization, hire(sent.organization, "desk", role))


def path(mail: ReceivedMail) -> str:
    return f"/console/received/{mail.pk}/"


def test_a_human_keeps_the_answer_that_he_reads() -> None:
    sent = send("山田 花子")
    mail = came(sent, "母と避難所にいます。無事です。", choice="1")
    client = desk(sent)

    shown = client.get(path(mail)).content.decode()
    assert "母と避難所にいます。" in shown
    assert 'value="1" required checked' in shown

    client.post(path(mail), {"act": "answer", "person": sent.people[0], "choice": "1"})

    assert [(one.choice, one.medium) for one in sent.answers()] == [("1", 1)]
    assert "山田 花子さんの回答として記録しました。" in client.get(path(mail)).content.decode()
    assert "回答として記録する" not in client.get(path(mail)).content.decode()
    with tenancy.acting_for(sent.organization.pk):
        (entry,) = AuditEntry.objects.filter(action="mail.answer")
        assert entry.after["name"] == "山田 花子"


def test_of_a_shared_address_a_human_says_whose_answer_it_is() -> None:
    sent = send("山田 花子", "山田 太郎", shared=True)
    mail = came(sent, "1")
    client = desk(sent)

    refused = client.post(path(mail), {"act": "answer", "choice": "1"}, follow=True)
    assert "だれの回答かを選んでください" in refused.content.decode()
    client.post(path(mail), {"act": "answer", "person": sent.people[1], "choice": "1"})

    assert (len(sent.answers(0)), len(sent.answers(1))) == (0, 1)


@pytest.mark.parametrize("choice", ["", "9"])
def test_without_a_choice_that_was_offered_nothing_is_kept(choice: str) -> None:
    sent = send()
    mail = came(sent, "?")
    client = desk(sent)

    told = client.post(
        path(mail), {"act": "answer", "person": sent.people[0], "choice": choice}, follow=True
    )

    assert "回答を選んでください" in told.content.decode()
    assert sent.answers() == []


def test_who_was_quicker_is_told() -> None:
    sent = send()
    mail = came(sent, "1")
    client = desk(sent)
    wanted = {"act": "answer", "person": sent.people[0], "choice": "1"}

    client.post(path(mail), wanted)
    told = client.post(path(mail), wanted, follow=True)

    assert "すでに対応しました" in told.content.decode()
    assert len(sent.answers()) == 1


@pytest.mark.spec("ALL-5")
def test_a_viewer_sees_no_form_and_keeps_nothing() -> None:
    sent = send()
    mail = came(sent, "1")
    client = desk(sent, Role.VIEWER)

    assert "回答として記録する" not in client.get(path(mail)).content.decode()
    client.post(path(mail), {"act": "answer", "person": sent.people[0], "choice": "1"})

    assert sent.answers() == []


def test_what_was_kept_is_found_by_its_kind() -> None:
    sent = send()
    came(sent, "1", subject="回答でした", response_id=1, choice="1", waits=False)
    came(sent, "2", subject="ほか")

    shown = desk(sent).get("/console/received/?kind=answer").content.decode()

    assert "回答でした" in shown
    assert "ほか</a>" not in shown
