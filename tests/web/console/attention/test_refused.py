"""From a mail server's refusal to the list, and off it again: real SMTP, real workers, the real page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Organization, Role
from denrei.channels.smtp import Smtp
from denrei.deliveries import launch, ordering
from denrei.deliveries.registering import register
from denrei.domain.states import Medium
from denrei.project.demo.rules import BY_SUFFIX
from tests.deliveries.world import SAFE, World, workers
from tests.peers.receiving import received, receiving
from tests.web.console import town
from tests.web.console.attention.test_listing import page
from tests.web.console.conftest import browser, hire
from tests.web.console.people.conftest import typed

GONE = "hanako+docomo-unknown@docomo.ne.jp"


@pytest.mark.spec("EMC-6", "EMC-7", "NEW-7")
def test_a_refused_address_is_listed_left_out_corrected_and_gone(
    committed: None, city: Organization, tmp_path: Path
) -> None:
    operator = hire(city, "sender", Role.SENDER)
    client, world, log = browser(city, operator), World(city), tmp_path / "mail.jsonl"
    person = town.person(city, "見本 花子", GONE)
    with receiving(log, BY_SUFFIX) as port, workers():
        channel = Smtp(
            host="127.0.0.1", port=port, security="none", sender_address="bousai@city.example"
        )
        register(city, channel, SAFE, medium=Medium.MAIL, retry_seconds=[0])

        def send() -> None:
            draft = town.draft(city, operator)
            with tenancy.acting_for(city.pk):
                order = ordering.order(draft, operator, datetime.now(UTC)).order
                sent = launch.launch(city, order, operator)
            world.finished(sent.broadcast_id, seconds=40)

        send()
        refused = page(client)
        send()
        left_out = page(client)
        _correct(client, person.pk, "hanako@example.jp")
        corrected = page(client)
        send()
        done = page(client, "?which=done")

    assert "連絡済(アドレスエラー)" in refused
    assert re.search(r"<pre>[^<]*550", refused)
    assert "送信元：bousai@city.example" in refused
    assert "エラーアドレス" in left_out
    assert "（2回）" in left_out
    assert re.search(r"<pre>[^<]*550", left_out)
    assert "対応が必要な連絡先はありません" in corrected
    assert "対応済み：連絡先が直されました" in done
    assert dict(received(log)) == {"hanako@example.jp": 1}


def _correct(client: Client, pk: int, address: str) -> None:
    """Put another address in place of the one that fails, by the form of the address book."""
    form = client.get(f"/console/people/{pk}/change/").context["form"]
    row = {"known": GONE, "address": address, "slot": 1}
    data = typed(row, name="見本 花子", kana="見本 花子", seen=form["seen"].value())
    response = client.post(f"/console/people/{pk}/change/", data)
    assert response.status_code == 302, response.content.decode()
