"""停止: what it means in numbers, then the act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization
from denrei.broadcasts.models import Broadcast
from denrei.deliveries.stages import Stage
from tests.web.console.board.conftest import sent

SignIn = Callable[[Operator], Client]


@pytest.mark.spec("EMC-5")
def test_it_is_stopped_after_a_question(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    broadcast, client = sent(staffed, operator), signed_in(operator)
    address = f"/console/broadcasts/{broadcast.pk}/stop/"

    asked = client.get(address).content.decode()
    stopped = client.post(address, follow=True).content.decode()
    again = client.post(address, follow=True).content.decode()

    assert "停止しますか" in asked
    assert "送信を停止しました" in stopped
    assert "送信を停止する" not in stopped
    assert "停止するものはありませんでした" in again
    with tenancy.acting_for(staffed.pk):
        assert operator.pk == AuditEntry.objects.get(action="broadcast.stopped").actor_id


@pytest.mark.spec("EMC-5")
def test_the_question_says_by_medium_what_stops_and_what_goes_on(
    staffed: Organization, operator: Operator, sender: Client
) -> None:
    broadcast = sent(staffed, operator)
    _waiting(broadcast, by_mail=3, by_phone=4)

    response = sender.get(f"/console/broadcasts/{broadcast.pk}/stop/")

    assert [("メール", 3, 0), ("電話", 4, 0)] == [
        (one.medium.label, one.waiting, one.in_work) for one in response.context["scene"].stops
    ]
    page = response.content.decode()
    assert "待ち7件を停止する" in page
    assert "自動の再通知が予定されている場合は、それも行いません" in page


def _waiting(broadcast: Broadcast, by_mail: int, by_phone: int) -> None:
    with tenancy.acting_for(broadcast.organization_id), connection.cursor() as cursor:
        for medium, count in ((1, by_mail), (3, by_phone)):
            cursor.execute(
                "INSERT INTO delivery (organization_id, broadcast_id, recipient_id, contact_id, lane, wave,"
                " medium, turn, language, address) SELECT %s, %s, i, i, 0, 1, %s, 1, 'ja', ''"
                " FROM generate_series(1, %s) i",
                [broadcast.organization_id, broadcast.pk, medium, count],
            )
        cursor.execute("UPDATE run SET stage = %s, planned = 7", [Stage.RUNNING])


def test_a_viewer_does_not_stop(staffed: Organization, operator: Operator, viewer: Client) -> None:
    broadcast = sent(staffed, operator)

    assert 403 == viewer.post(f"/console/broadcasts/{broadcast.pk}/stop/").status_code
