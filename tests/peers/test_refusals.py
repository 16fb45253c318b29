"""What carriers really say, said to the real channel: the status of each delivery, and whom the
next broadcast leaves out (EMC-6, FACTS of carriers' mail servers)."""

from __future__ import annotations

from pathlib import Path

import pytest

from denrei.accounts import tenancy
from denrei.channels.smtp import Smtp
from denrei.deliveries.models import Lane
from denrei.deliveries.registering import register
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.domain.status import Position, Status, status_of
from denrei.project.demo.rules import BY_SUFFIX
from tests.deliveries.world import SAFE, World, workers
from tests.peers.receiving import received, receiving

pytestmark = pytest.mark.usefixtures("committed")

#: (address, status, silent next time)
CASES = [
    ("a+docomo-unknown@docomo.ne.jp", Status.ADDRESS_ERROR, True),
    ("a+docomo-filter@docomo.ne.jp", Status.ADDRESS_ERROR, True),
    ("a+docomo-full@docomo.ne.jp", Status.OTHER_ERROR, False),
    ("a+au-unknown@ezweb.ne.jp", Status.ADDRESS_ERROR, True),
    ("a+au-filter@ezweb.ne.jp", Status.ADDRESS_ERROR, True),
    ("a+softbank-unknown@softbank.ne.jp", Status.ADDRESS_ERROR, True),
    ("a+softbank-sender@softbank.ne.jp", Status.OTHER_ERROR, False),
    ("a+gmail-unknown@gmail.com", Status.ADDRESS_ERROR, True),
    ("a+gmail-full@gmail.com", Status.OTHER_ERROR, False),
    ("a+gmail-policy@gmail.com", Status.OTHER_ERROR, False),
    ("a+yahoo-unknown@yahoo.co.jp", Status.ADDRESS_ERROR, True),
    ("a+icloud-unknown@icloud.com", Status.ADDRESS_ERROR, True),
    ("a+greylisted@example.jp", Status.DONE, False),
    ("a+docomo-spam@docomo.ne.jp", Status.DONE, False),
    ("plain@example.jp", Status.DONE, False),
    ("a..b@docomo.ne.jp", Status.DONE, False),
]


@pytest.mark.spec("EMC-1", "EMC-6", "ALL-3")
def test_each_refusal_gives_its_status_and_silences_only_who_must_be(tmp_path: Path) -> None:
    world, log = World.create(), tmp_path / "mail.jsonl"
    for address, _, _ in CASES:
        world.people(1, address=address)
    with receiving(log, BY_SUFFIX) as port:
        gateway = register(world.organization, _channel(port), SAFE, retry_seconds=[0, 1])
        with tenancy.acting_for(world.organization.id):
            world.lanes[Medium.MAIL] = Lane.objects.get(pk=gateway.lane_id)
        first = world.launch()
        with workers():
            world.finished(first.broadcast_id, seconds=40)
            second = world.launch()
            world.finished(second.broadcast_id, seconds=40)

    assert {address: status for address, status, _ in CASES} == _statuses(world, first.broadcast_id)
    assert {address for address, _, silent in CASES if silent} == {
        address
        for address, status in _statuses(world, second.broadcast_id).items()
        if status is Status.KNOWN_BAD
    }
    assert received(log)["a..b@docomo.ne.jp"] == 2


def _channel(port: int) -> Smtp:
    return Smtp(host="127.0.0.1", port=port, security="none", sender_address="bousai@city.example")


def _statuses(world: World, broadcast: int) -> dict[str, Status]:
    rows = world.ask(
        "SELECT address, state, reason, tries FROM delivery WHERE broadcast_id = %s", broadcast
    )
    return {
        address: status_of(
            Position(state=State(state), medium=Medium.MAIL, reason=Reason(reason), tries=tries)
        )
        for address, state, reason, tries in rows
    }
