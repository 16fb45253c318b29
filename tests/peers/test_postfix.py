"""Through Debian's postfix as relay to a receiving server."""

from __future__ import annotations

from pathlib import Path

import pytest

from denrei.accounts import tenancy
from denrei.channels.smtp import Smtp
from denrei.deliveries.models import Lane
from denrei.deliveries.registering import register
from denrei.domain.states import Medium
from denrei.domain.status import Status
from denrei.reports.board import board
from tests.deliveries.world import SAFE, World, wait_for, workers
from tests.peers import postfix
from tests.peers.receiving import received, receiving

pytestmark = [
    pytest.mark.usefixtures("committed"),
    pytest.mark.peers,
    pytest.mark.skipif(bool(postfix.why_not()), reason=postfix.why_not()),
]


@pytest.mark.spec("EMC-1", "EMC-3", "ALL-1")
def test_five_hundred_people_get_their_mail_through_a_real_relay(tmp_path: Path) -> None:
    world, log = World.create(), tmp_path / "mail.jsonl"
    people = 500
    world.people(people)
    with receiving(log) as port, postfix.relay(port) as relay:
        channel = Smtp(
            host="127.0.0.1",
            port=relay,
            security="none",
            sender_address="bousai@city.example",
            return_path_domain="bounce.city.example",
        )
        gateway = register(world.organization, channel, SAFE)
        with tenancy.acting_for(world.organization.id):
            world.lanes[Medium.MAIL] = Lane.objects.get(pk=gateway.lane_id)

        launched = world.launch()
        with workers():
            world.finished(launched.broadcast_id, seconds=60)
        wait_for(lambda: len(received(log)) == people, seconds=60)

    look = board(world.organization.id, launched.broadcast_id)
    assert {(Medium.MAIL, Status.DONE): people} == look.statuses
    assert set(received(log).values()) == {1}
    assert world.differences(launched.broadcast_id) == []
