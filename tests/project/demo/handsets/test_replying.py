"""A reply from a virtual phone goes as a mail through the real post room, and is read there (MSG-8)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.deliveries import links
from denrei.outcomes.models import ReceivedMail, Way
from denrei.responses.models import Response
from tests.deliveries.world import wait_for
from tests.outcomes.room import post_room
from tests.project.demo.handsets.conftest import ADDRESS, PAGE, Stage

OURS = "bousai@denrei.example"


def reply(client: Client, stage: Stage, text: str) -> Any:
    sent = stage.sent
    given = {"as": sent.people[0], "delivery": sent.deliveries[0], "text": text, "person": 7}
    return client.post(f"{PAGE}reply/", given)


@pytest.mark.spec("MSG-7", "MSG-8")
def test_a_reply_is_taken_in_and_read_as_an_answer(
    address: str, stage: Stage, settings: Settings
) -> None:
    sent = stage.sent
    with tenancy.acting_for(sent.organization.pk):
        Organization.objects.filter(pk=sent.organization.pk).update(sender_address=OURS)
    named = links.correlation(sent.organization.pk, sent.broadcast_id, sent.deliveries[0])
    stage.take(id=f"{named}@denrei.example")
    client = stage.hire()

    def answers() -> list[str]:
        with tenancy.acting_for(sent.organization.pk):
            return list(Response.objects.values_list("choice", flat=True))

    with post_room(Way.LMTP) as (port,):
        settings.MAIL_LISTEN = [("lmtp", "127.0.0.1", port)]
        response = reply(client, stage, "１")
        wait_for(answers)

    assert "山田 花子さんとして返信しました" in client.get(response["Location"]).content.decode()
    assert answers() == ["1"]
    with tenancy.acting_for(sent.organization.pk):
        (mail,) = ReceivedMail.objects.all()
        assert (mail.author, mail.waits) == (ADDRESS, False)


@pytest.mark.parametrize(
    ("text", "words"), [(" ", "返信の文を入力"), ("1", "返信を受け取るサーバーがありません")]
)
def test_what_does_not_go_out_is_told(
    stage: Stage, settings: Settings, text: str, words: str
) -> None:
    settings.MAIL_LISTEN = []
    stage.take()
    client = stage.hire()

    page = client.get(reply(client, stage, text)["Location"]).content.decode()

    assert words in page
