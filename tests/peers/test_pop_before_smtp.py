"""POP before SMTP through Debian's dovecot and postfix: a relay that refuses whoever has not signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from denrei.accounts import tenancy
from denrei.channels import Found, Secret
from denrei.channels.smtp import Smtp
from denrei.deliveries import gateways
from denrei.deliveries.models import Attempt, Gateway, Lane
from denrei.deliveries.registering import register
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, Phase
from denrei.domain.status import Status
from denrei.reports.board import board
from tests.deliveries.world import SAFE, World, wait_for, workers
from tests.peers import dovecot, postfix
from tests.peers.doorkeeper import Doorkeeper, doorkeeper
from tests.peers.receiving import received, receiving

pytestmark = [
    pytest.mark.usefixtures("committed"),
    pytest.mark.peers,
    pytest.mark.spec("MSG-6"),
    pytest.mark.skipif(bool(postfix.why_not()), reason=postfix.why_not()),
    pytest.mark.skipif(bool(dovecot.why_not()), reason=dovecot.why_not()),
]


@dataclass
class Office:
    """A mail server as an office has one, and what came out of it."""

    log: Path
    stack: ExitStack
    pop: dovecot.Dovecot
    keeper: Doorkeeper
    relay: int
    world: World = field(default_factory=World.create)

    def gateway(self, **changes: Any) -> Smtp:
        """Return the settings of a gateway to it, with POP before SMTP unless `pop_host` is ""."""
        given: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.relay,
            "security": "none",
            "sender_address": "bousai@city.example",
            "ca_file": self.pop.certificate,
            "connections": 3,
        }
        if changes.get("pop_host") != "":
            given |= {
                "pop_host": "localhost",
                "pop_port": self.pop.pop3,
                "pop_security": "starttls",
                "pop_username": dovecot.USER,
                "pop_password": Secret(dovecot.PASSWORD),
            }
        return Smtp(**(given | changes))

    def send(self, people: int, channel: Smtp, rate: float | None = None) -> int:
        """Launch a broadcast to so many people; half of them have mailboxes at au."""
        self.world.people(people // 2, address="p{0}@example.jp")
        self.world.people(people - people // 2, address="p{0}@ezweb.ne.jp")
        gateway = register(self.world.organization, channel, SAFE)
        with tenancy.acting_for(self.world.organization.id):
            Gateway.objects.update(rate=rate)
            self.world.lanes[Medium.MAIL] = Lane.objects.get(pk=gateway.lane_id)
        return self.world.launch().broadcast_id

    def all_came(self, people: int, broadcast: int) -> None:
        """Check that everybody got one mail, and that nobody was found fault with."""
        wait_for(lambda: len(received(self.log)) == people, seconds=60)
        look = board(self.world.organization.id, broadcast)
        assert {(Medium.MAIL, Status.DONE): people} == look.statuses
        assert set(received(self.log).values()) == {1}
        assert self.world.differences(broadcast) == []

    def reasons(self) -> set[tuple[Reason, Phase]]:
        """Return what attempts ended with."""
        with tenancy.acting_for(self.world.organization.id):
            return {
                (Reason(reason), Phase(phase))
                for reason, phase in Attempt.objects.values_list("reason", "phase").distinct()
            }

    def trouble(self) -> str:
        """Return what is told of the gateway."""
        with tenancy.acting_for(self.world.organization.id):
            return Gateway.objects.get().trouble


@pytest.fixture
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Office]:
    """Run dovecot and postfix; who signed in is remembered for as many seconds as the test says."""
    seconds = getattr(request, "param", 600.0)
    log = tmp_path / "mail.jsonl"
    with ExitStack() as stack:
        port = stack.enter_context(receiving(log))
        pop = stack.enter_context(dovecot.dovecot())
        keeper = stack.enter_context(doorkeeper(pop.log, seconds))
        relay = stack.enter_context(postfix.relay(port, *keeper.lines))
        yield Office(log=log, stack=stack, pop=pop, keeper=keeper, relay=relay)


def test_who_has_not_signed_in_is_refused_and_with_a_sign_in_everybody_is_reached(
    office: Office,
) -> None:
    broadcast = office.send(6, office.gateway(pop_host=""))
    with workers():
        wait_for(lambda: office.keeper.turned_away >= 6, seconds=30)
    assert {} == received(office.log)
    assert office.keeper.let_in == 0

    with tenancy.acting_for(office.world.organization.id):
        Gateway.objects.update(enabled=False)
    again = World.create()
    office.world = again
    broadcast = office.send(60, office.gateway())
    with workers():
        again.finished(broadcast, seconds=60)

    office.all_came(60, broadcast)
    assert office.keeper.logins == 1


@pytest.mark.parametrize("office", [3.0], indirect=True)
def test_the_window_passes_in_the_middle_and_is_renewed_in_time(office: Office) -> None:
    people = 300
    broadcast = office.send(people, office.gateway(pop_minutes=3 / 60), rate=50)
    with workers():
        office.world.finished(broadcast, seconds=90)

    office.all_came(people, broadcast)
    assert office.keeper.logins >= 2
    assert {(Reason.NONE, Phase.ANSWERED)} == office.reasons()


def test_a_relay_that_forgets_early_costs_a_sign_in_and_nobody_his_address(office: Office) -> None:
    people = 300
    office.keeper.forgets_after = 250
    broadcast = office.send(people, office.gateway(), rate=40)
    with workers():
        office.world.finished(broadcast, seconds=90)

    office.all_came(people, broadcast)
    assert office.keeper.turned_away > 0
    assert office.keeper.logins == 2
    assert office.reasons() <= {(Reason.NONE, Phase.ANSWERED), (Reason.GATEWAY, Phase.ANSWERED)}


def test_while_the_pop_server_is_down_nothing_is_lost(office: Office) -> None:
    people, ports = 40, office.pop.ports
    channel = office.gateway(pop_security="none", pop_host="127.0.0.1", ca_file="")
    office.pop.stop()
    broadcast = office.send(people, channel)
    with workers():
        wait_for(lambda: "送信前のPOPサーバーへの接続" in office.trouble(), seconds=30)
        assert office.keeper.let_in == office.keeper.turned_away == 0
        office.keeper.follow(office.stack.enter_context(dovecot.dovecot(ports)).log)
        office.world.finished(broadcast, seconds=60)
        office.all_came(people, broadcast)
        wait_for(lambda: office.trouble() == "", seconds=30)

    assert {(Reason.NONE, Phase.ANSWERED)} == office.reasons()


def test_a_wrong_password_is_told_as_trouble_and_by_the_connection_test(office: Office) -> None:
    channel = office.gateway(pop_password=Secret("not-the-password"))
    office.send(4, channel)
    with workers():
        wait_for(lambda: "送信前のPOPサインイン" in office.trouble(), seconds=30)
    checks = gateways.examine(channel)

    (failed,) = [one for one in checks if one.found is Found.FAILED]
    assert "POPサインイン（POP before SMTP）" == failed.name
    assert failed.said.startswith("-ERR")
    assert "ユーザー名とパスワード" in failed.todo
    assert "not-the-password" not in str(checks)
    assert office.keeper.let_in == office.keeper.turned_away == 0
    assert set() == office.reasons()


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_the_connection_test_goes_all_the_way_and_sends_nothing(
    office: Office, security: str
) -> None:
    port = office.pop.pop3s if security == "tls" else office.pop.pop3
    checks = gateways.examine(office.gateway(pop_security=security, pop_port=port))

    assert {Found.DONE, Found.NEEDLESS} == {one.found for one in checks}
    assert "差出人（MAIL FROM）" == checks[-1].name
    assert checks[-1].said.startswith("250")
    wait_for(lambda: office.keeper.logins == 1)
    assert {} == received(office.log)
