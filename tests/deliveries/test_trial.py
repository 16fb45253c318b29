"""自分へテスト送信: by the true way, to the operator alone, past the ledger and its counts (OPS-3)."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization
from denrei.broadcasts.models import Broadcast
from denrei.channels.simulator import Simulator
from denrei.deliveries import gateways, trial
from denrei.deliveries.models import Delivery, Gateway, Lane
from denrei.deliveries.trial import Trial
from denrei.domain.states import Medium
from tests.deliveries.world import content

pytestmark = [pytest.mark.django_db, pytest.mark.spec("OPS-3")]
SAFE = gateways.vault([settings.SECRET_KEY])


@pytest.fixture
def city() -> Organization:
    return organizations.create("city", "伝令市")


def gateway(city: Organization, name: str = "市のサーバー", **simulated: Any) -> None:
    """Give the city's mail lane a gateway; the first call makes the lane."""
    with tenancy.acting_for(city.pk):
        lane = Lane.objects.first() or Lane.objects.create(
            organization=city, medium=Medium.MAIL, name="mail"
        )
        Gateway.objects.create(
            organization=city,
            lane=lane,
            kind=Simulator.kind,
            name=name,
            settings=gateways.to_settings(Simulator(**simulated), SAFE),
        )


def sent(
    city: Organization, medium: Medium = Medium.MAIL, email: str = "me@example.jp", **more: Any
) -> Trial:
    """Send a test to an operator with this address."""
    with tenancy.acting_for(city.pk):
        operator, _ = Operator.objects.get_or_create(
            organization=city, login="me", defaults={"name": "私", "email": email}
        )
        return trial.send(city, operator, content(), medium, correlation="test.1", **more)


def test_it_is_accepted_and_counted_nowhere(city: Organization) -> None:
    gateway(city)

    found = sent(city)

    assert (
        Trial(
            medium=Medium.MAIL,
            accepted=True,
            words="送信経路「市のサーバー」が me@example.jp 宛てとして受け付けました。",
            reply="accepted",
        )
        == found
    )
    with tenancy.acting_for(city.pk):
        assert (0, 0) == (Broadcast.objects.count(), Delivery.objects.count())
        assert ["broadcast.tested"] == list(AuditEntry.objects.values_list("action", flat=True))


def test_a_refusal_is_told_in_words_with_the_server_s_own(city: Organization) -> None:
    gateway(city, rules={"me@": ["UNKNOWN_USER"]})

    found = sent(city)

    assert (False, "宛先のアドレスは存在しません。", "UNKNOWN_USER") == (
        found.accepted,
        found.words,
        found.reply,
    )


def test_a_server_that_does_not_answer_is_not_waited_for_without_end(city: Organization) -> None:
    gateway(city, delay=60)

    assert "応答しませんでした" in sent(city, seconds=0.05).words


def test_a_gateway_that_cannot_be_read_leaves_it_to_the_next(city: Organization) -> None:
    gateway(city, name="壊れた経路")
    with tenancy.acting_for(city.pk):
        Gateway.objects.update(kind="fax")
    assert "この版にない種類" in sent(city).words

    gateway(city, name="次の経路")

    assert sent(city).accepted


@pytest.mark.parametrize(
    ("medium", "email", "told"),
    [
        (Medium.MAIL, "", "あなたのメールアドレスが登録されていません。"),
        (Medium.PHONE, "me@example.jp", "あなたの電話番号の登録がありません。"),
    ],
)
def test_who_has_no_address_is_told_so(
    city: Organization, medium: Medium, email: str, told: str
) -> None:
    gateway(city)

    found = sent(city, medium, email)

    assert not found.accepted
    assert told in found.words


def test_without_a_lane_it_says_what_to_do(city: Organization) -> None:
    assert "メールの送信経路がありません。設定で送信経路を登録してください。" == sent(city).words
