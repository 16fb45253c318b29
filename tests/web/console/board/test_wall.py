"""The form for the wall of an operations room."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization
from denrei.deliveries.models import Gateway
from tests.web.console.board.conftest import Town, sent


@pytest.mark.spec("ALL-4", "NEW-1")
def test_the_wall_shows_the_sums_who_needs_help_and_whether_it_is_real(
    asked: Town, viewer: Client
) -> None:
    asked.answers(asked.people()[0], asked.help)

    page = viewer.get(f"{asked.address}wall/").content.decode()

    for words in (
        "本番",
        "対象（人）",
        "全配信（件）",
        "支援が必要",
        "担当なし1",
        "どこまで確かに届いたか",
    ):
        assert words in page
    assert 'class="alarm"' in page


@pytest.mark.spec("ALL-8")
def test_a_drill_says_so_on_the_wall(
    staffed: Organization, operator: Operator, viewer: Client
) -> None:
    broadcast = sent(staffed, operator, drill=True)

    page = viewer.get(f"/console/broadcasts/{broadcast.pk}/wall/").content.decode()

    assert "band--drill" in page
    assert "band--live" not in page


@pytest.mark.spec("OPS-5")
def test_a_gateway_that_can_t_be_used_shows_on_the_wall(asked: Town, viewer: Client) -> None:
    address = f"{asked.address}wall/standing/"
    with tenancy.acting_for(asked.city.pk):
        _write_deliveries(asked)
        sound = viewer.get(address).context["scene"].ways
        Gateway.objects.update(trouble="接続できません")
        broken = viewer.get(address).context["scene"].ways

    assert [(0, 1, False)] == [(way.troubled, way.gateways, way.is_down) for way in sound]
    assert [(1, 1, True)] == [(way.troubled, way.gateways, way.is_down) for way in broken]


@pytest.mark.spec("OPS-5")
def test_the_wall_leads_an_administrator_to_a_gateway_that_can_t_be_used(
    asked: Town, admin: Client, viewer: Client
) -> None:
    address = f"{asked.address}wall/standing/"
    with tenancy.acting_for(asked.city.pk):
        _write_deliveries(asked)
        sound = admin.get(address).content.decode()
        Gateway.objects.update(trouble="接続できません")
        broken, without_right = (one.get(address).content.decode() for one in (admin, viewer))

    found = ['href="/console/gateways/"' in page for page in (sound, broken, without_right)]
    assert [False, True, False] == found


def _write_deliveries(asked: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery (organization_id, broadcast_id, recipient_id, contact_id, lane, wave,"
            " medium, turn, language, address) VALUES (%s, %s, 1, 1, 0, 1, 1, 1, 'ja', '')",
            [asked.city.pk, asked.broadcast.pk],
        )
