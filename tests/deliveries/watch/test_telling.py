"""Administrators are told by a gateway that works, once at the beginning and once at the end (OPS-5)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Role
from denrei.channels import Channel
from denrei.channels.simulator import Simulator
from denrei.deliveries import gateways, notices
from denrei.deliveries.models import Gateway
from denrei.deliveries.watch import telling
from denrei.domain.states import Medium
from denrei.project.demo import worldlog
from tests.deliveries import worker_process
from tests.deliveries.mailservers import MailServers
from tests.deliveries.watch.looking import look, round_once
from tests.deliveries.world import SAFE, World, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("OPS-5")]


def employ(world: World, login: str, **changes: Any) -> Operator:
    """Add an administrator of the whole organization with a mail address."""
    given = {"role": Role.ADMIN, "email": f"{login}@example.jp"} | changes
    with tenancy.acting_for(world.organization.pk):
        return Operator.objects.create(
            organization=world.organization, login=login, name=f"{login}さん", **given
        )


def second_gateway(world: World, channel: Channel | None = None, **simulated: Any) -> None:
    """Give the mail lane another gateway behind the first; a simulator where none is given."""
    channel = channel or Simulator(**simulated)
    with tenancy.acting_for(world.organization.pk):
        Gateway.objects.create(
            organization=world.organization,
            lane=world.lanes[Medium.MAIL],
            kind=channel.kind,
            name="予備",
            rank=2,
            settings=gateways.to_settings(channel, SAFE),
        )


@pytest.fixture
def trouble(world: World) -> None:
    """The only gateway is in trouble, and that is an alarm."""
    world.lane()
    world.change(
        "UPDATE gateway SET trouble = '接続できません。', trouble_since = now() - interval '1 minute'"
    )
    look(world)


def told(world: World) -> list[tuple[Any, ...]]:
    """Return whether the beginning and the end were told, and why not."""
    return world.ask(
        "SELECT told_at IS NOT NULL, end_told_at IS NOT NULL, refusal FROM alarm ORDER BY id"
    )


def tell(world: World) -> bool:
    return telling.tell_next(world.organization.pk)


def mails(log: Path) -> list[tuple[str, str]]:
    """Return the address and subject of what arrived."""
    if not log.exists():
        return []
    return sorted(
        (str(event["rcpt"]), str(event["subject"]))
        for event in worldlog.events(log)
        if event["event"] == "accepted"
    )


@pytest.mark.usefixtures("trouble")
def test_it_is_told_once_by_another_gateway_and_its_end_once(world: World) -> None:
    second_gateway(world)
    employ(world, "admin")

    assert [(True, False), (False, False)] == [
        (tell(world), tell(world)),
        (look(world), tell(world)),
    ]
    assert [(True, False, "")] == told(world)

    world.change("UPDATE gateway SET trouble = '', trouble_since = NULL")
    world.change("UPDATE alarm SET seen_at = seen_at - interval '1 minute'")
    early = look(world), tell(world)
    world.change("UPDATE alarm SET try_at = now()")

    assert (False, False) == early
    assert [True, True, False] == [look(world), tell(world), tell(world)]
    assert [(True, True, "")] == told(world)


@pytest.mark.usefixtures("trouble")
def test_where_the_only_gateway_is_the_broken_one_that_is_kept(world: World) -> None:
    employ(world, "admin")
    tell(world)

    assert [(False, False, notices.NO_WAY)] == told(world)
    assert [(False,)] == world.ask("SELECT try_at <= now() FROM alarm")


@pytest.mark.usefixtures("trouble")
def test_what_failed_is_tried_again_after_pauses(world: World) -> None:
    second_gateway(world, rules={"admin": ["TEMPORARY"]})
    employ(world, "admin")
    tell(world)
    world.change("UPDATE alarm SET try_at = now()")
    tell(world)
    with tenancy.acting_for(world.organization.pk):
        Gateway.objects.filter(name="予備").update(settings=gateways.to_settings(Simulator(), SAFE))
    failed, pause = told(world), world.ask("SELECT tries, try_at > now() + '90 s' FROM alarm")
    world.change("UPDATE alarm SET try_at = now()")
    tell(world)

    assert [(False, False, "宛先が一時的に受け付けていません。")] == failed
    assert [(2, True)] == pause
    assert [(True, False, "")] == told(world)


@pytest.mark.usefixtures("trouble")
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"email": ""}, id="without an address"),
        pytest.param({"is_active": False}, id="not active"),
        pytest.param({"role": Role.SENDER}, id="no administrator"),
    ],
)
def test_who_is_no_administrator_with_an_address_is_not_told(
    world: World, changes: dict[str, Any]
) -> None:
    second_gateway(world)
    employ(world, "admin", **changes)
    tell(world)

    assert [(False, False, notices.NOBODY)] == told(world)


@pytest.mark.usefixtures("trouble")
def test_an_administrator_whose_address_is_refused_is_an_alarm_of_its_own(world: World) -> None:
    second_gateway(world, rules={"gone": ["UNKNOWN_USER"]})
    employ(world, "admin")
    gone = employ(world, "gone")
    tell(world)

    assert [(True, False, ""), (False, False, "")] == told(world)
    assert [("operator_mail", gone.pk)] == world.ask(
        "SELECT kind, operator_id FROM alarm WHERE kind <> 'gateway'"
    )


@pytest.mark.usefixtures("trouble")
def test_several_workers_tell_it_once(world: World) -> None:
    second_gateway(world, delay=0.2)
    employ(world, "admin")

    def tell_and_leave(_: int) -> bool:
        try:
            return tell(world)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(tell_and_leave, range(4)))

    assert 1 == done.count(True)


def test_no_gateway_is_waited_for_in_a_transaction(world: World) -> None:
    with (
        tenancy.acting_for(world.organization.pk),
        pytest.raises(RuntimeError, match="no transaction"),
    ):
        notices.administrators(world.organization, "", "", key="x")


def test_a_gateway_that_is_down_is_told_by_the_second_one(world: World, tmp_path: Path) -> None:
    """With a worker process and mail servers: alarm, mail, and the end of both."""
    down, up = MailServers(tmp_path / "down.log"), MailServers(tmp_path / "up.log")
    world.lane(channel=down.gateway(1))
    second_gateway(world, channel=up.gateway(1))
    world.people(1)
    employ(world, "admin")

    with up.listening(), worker_process.running("teller", 910):
        launched = world.launch().broadcast_id
        world.finished(launched)
        wait_for(lambda: world.ask("SELECT count(*) FROM gateway WHERE trouble <> ''") == [(1,)])
        world.change("UPDATE gateway SET trouble_since = now() - interval '1 minute'")
        wait_for(lambda: told(world) == [(True, False, "")])
        world.change("UPDATE gateway SET trouble = '', trouble_since = NULL")
        wait_for(lambda: world.ask("SELECT ended_at IS NOT NULL FROM alarm") == [(True,)])
        world.change("UPDATE alarm SET try_at = now()")
        wait_for(lambda: told(world) == [(True, True, "")])

    assert [
        ("admin@example.jp", "【復旧】送信経路「simulated」が使えません"),
        ("admin@example.jp", "【警報】送信経路「simulated」が使えません"),
        ("p0@example.jp", "地震発生"),
    ] == mails(tmp_path / "up.log")
    assert [] == mails(tmp_path / "down.log")


def test_a_worker_that_was_killed_with_work_due_is_a_stall_until_another_goes_on(
    world: World,
) -> None:
    world.lane(delay=0.2, lines=1, lease_seconds=1.0)
    world.people(20)
    launched = world.launch().broadcast_id
    with worker_process.running("killed", 912) as process:
        wait_for(lambda: world.look(launched).deliveries.in_work > 0)
        process.kill()
    for _ in range(3):
        round_once()
        world.change(
            "UPDATE motion SET still_since = still_since - interval '40 seconds',"
            " seen_at = seen_at - interval '2 seconds'"
        )
    round_once()
    stalled = world.ask("SELECT kind FROM alarm WHERE ended_at IS NULL")
    world.change("UPDATE gateway SET settings = settings || '{\"delay\": 0}'")
    with workers():
        world.finished(launched)
        wait_for(lambda: world.ask("SELECT kind FROM alarm WHERE ended_at IS NULL") == [])

    assert [("stall",)] == stalled
