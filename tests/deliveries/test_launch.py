"""Launch: what is refused, what is kept, and how the deliveries are written slice by slice."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection as django_connection

from denrei.accounts import tenancy
from denrei.audience.selection import Selection
from denrei.broadcasts.content import Phrase
from denrei.broadcasts.models import Priority
from denrei.deliveries import slicing
from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.errors import ConflictError, LaunchError
from denrei.deliveries.launch import Launched, Step, launch
from denrei.deliveries.stages import Stage
from denrei.directory.models import Contact
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.domain.status import Position, Status, status_of
from tests.deliveries.server import end_backends
from tests.deliveries.world import (
    World,
    content,
    settings_conninfo,
    wait_for,
    workers,
)

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.spec("ALL-1")
def test_the_same_press_twice_is_one_broadcast(world: World) -> None:
    world.lane()
    world.people(3)
    order = world.order()

    first = launch(world.organization, order)
    second = launch(world.organization, order)

    assert first == Launched(first.broadcast_id, 3, created=True)
    assert second == Launched(first.broadcast_id, 3, created=False)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"content": content(place="市役所")}, id="another text"),
        pytest.param({"selection": Selection(recipients=(1,))}, id="other people"),
        pytest.param({"steps": (Step(medium=Medium.MAIL, after_seconds=60),)}, id="later"),
        pytest.param({"priority": Priority.EVACUATION}, id="another priority"),
    ],
)
def test_the_same_key_with_something_else_is_a_conflict(
    world: World, change: dict[str, Any]
) -> None:
    world.lane()
    world.people(1)
    order = world.order()
    first = launch(world.organization, order)

    with pytest.raises(ConflictError, match="別の内容"):
        launch(world.organization, world.order(key=order.key, **change))

    assert world.ask("SELECT broadcast_id FROM run") == [(first.broadcast_id,)]


def test_a_press_some_minutes_later_is_the_same_although_it_gives_up_later(world: World) -> None:
    world.lane()
    world.people(1)
    order = world.order()
    first = launch(world.organization, order)

    later = world.order(
        key=order.key,
        content=order.content,
        give_up_at=order.give_up_at + timedelta(minutes=5),
    )

    assert launch(world.organization, later) == Launched(first.broadcast_id, 1, created=False)


def test_presses_at_once_launch_once(world: World) -> None:
    world.lane()
    world.people(20)
    order = world.order()

    def press(_: int) -> Launched:
        try:
            return launch(world.organization, order)
        finally:
            django_connection.close()

    with ThreadPoolExecutor(4) as threads:
        presses = list(threads.map(press, range(4)))

    assert [False, False, False, True] == sorted(press.created for press in presses)
    assert {(presses[0].broadcast_id, 20)} == {
        (press.broadcast_id, press.people) for press in presses
    }
    assert world.ask("SELECT count(*) FROM audience") == [(20,)]


@pytest.mark.spec("MSG-2")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"content": content(incident=Phrase())}, "発生区分", id="no incident"),
        pytest.param({"content": content(signed=" ")}, "発信者", id="nobody signs"),
        pytest.param({"content": content(place="あ" * 21)}, "発生場所が1文字多く", id="place"),
        pytest.param(
            {"content": content(situation_note="あ" * 81)}, "状況の補足が1文字多く", id="situation"
        ),
        pytest.param(
            {"content": content(instruction_note="あ" * 62)},
            "指示の補足が2文字多く",
            id="instruction",
        ),
        pytest.param({"key": ""}, "下書きを保存", id="no key"),
        pytest.param({"steps": ()}, "連絡手段を1つ以上", id="no medium"),
        pytest.param(
            {"steps": (Step(medium=Medium.MAIL), Step(medium=Medium.MAIL, after_seconds=9))},
            "重ならないように",
            id="a medium twice",
        ),
        pytest.param({"steps": (Step(medium=Medium.SMS),)}, "SMSの送信経路", id="no lane"),
        pytest.param({"selection": Selection()}, "対象となる人がいません", id="nobody chosen"),
        pytest.param(
            {"selection": Selection(groups=(7,))}, "対象となる人がいません", id="empty group"
        ),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    world: World, change: dict[str, Any], words: str
) -> None:
    world.lane()
    world.people(1)

    with pytest.raises(LaunchError, match=words):
        world.launch(**change)

    assert [(0, 0, 0)] == world.ask(
        "SELECT (SELECT count(*) FROM broadcast), (SELECT count(*) FROM run),"
        " (SELECT count(*) FROM audience)"
    )


@pytest.mark.spec("MSG-2")
def test_texts_of_exactly_the_limits_are_launched(world: World) -> None:
    world.lane()
    world.people(1)

    launched = world.launch(
        content=content(place="𠮷" * 20, situation_note="あ" * 80, instruction_note="👨‍👩‍👧‍👦" * 60)
    )

    assert launched.created


def test_a_lane_that_is_switched_off_serves_nobody(world: World) -> None:
    world.lane(enabled=False)
    world.people(1)

    with pytest.raises(LaunchError, match="送信経路がありません"):
        world.launch()


@pytest.mark.spec("ALL-1", "NEW-1")
def test_both_equations_hold_from_the_first_commit_through_every_slice(world: World) -> None:
    world.lane()
    world.people(25)
    launched = world.launch()

    looks = [world.conserved(launched.broadcast_id)]
    while world.slices(launched.broadcast_id, people=10, most=1):
        looks.append(world.conserved(launched.broadcast_id))

    assert [25] * 4 == [look.people.total for look in looks]
    assert [0, 10, 20, 25] == [look.deliveries.waiting for look in looks]
    assert [0, 10, 20, 25] == [look.deliveries.total for look in looks]
    assert [Stage.PREPARING] * 3 + [Stage.RUNNING] == [look.stage for look in looks]


@pytest.mark.spec("ALL-1")
def test_a_slice_that_was_cut_short_is_written_again_as_if_it_had_never_begun(
    world: World,
) -> None:
    world.lane()
    world.people(30)
    launched = world.launch()
    world.slices(launched.broadcast_id, people=10, most=1)

    _cut_in_the_next_slice(world, launched.broadcast_id)
    cut_short = world.conserved(launched.broadcast_id)
    with workers(2):
        world.finished(launched.broadcast_id)

    assert cut_short.deliveries.total == 10
    assert world.states(launched.broadcast_id) == {(State.ACCEPTED, Reason.NONE): 30}
    assert _tries(world, launched.broadcast_id) == {1: 30}


def _cut_in_the_next_slice(world: World, broadcast: int) -> None:
    """Cut the janitor's connection when the slice is written and not committed."""
    with ThreadPoolExecutor(1) as thread, world.acting() as blocker:
        blocker.execute("LOCK TABLE cover IN SHARE MODE")
        slice_of_ten = thread.submit(world.slices, broadcast, people=10, most=1)
        wait_for(lambda: end_backends("wait_event_type = 'Lock'") == 1)
        with pytest.raises(psycopg.OperationalError):
            slice_of_ten.result(timeout=10)


def _tries(world: World, broadcast: int) -> dict[int, int]:
    rows = world.ask(
        "SELECT n, count(*) FROM (SELECT delivery_id, count(*) AS n FROM attempt"
        " WHERE broadcast_id = %s GROUP BY 1) a GROUP BY 1",
        broadcast,
    )
    return dict(rows)


@pytest.mark.spec("ALL-1")
def test_two_janitors_at_once_write_each_slice_once(world: World) -> None:
    world.lane()
    people = world.people(200)
    launched = world.launch()

    async def write() -> list[int]:
        async def janitor() -> int:
            written = 0
            async with LedgerConnection(settings_conninfo()) as connection:
                while (await connection.run("open_runs", {}))[0][3] == Stage.PREPARING:
                    written += await slicing.next_slice(
                        connection, world.organization.id, launched.broadcast_id, 1, 10
                    )
            return written

        return list(await asyncio.gather(janitor(), janitor()))

    written = asyncio.run(write())
    look = world.conserved(launched.broadcast_id)

    assert 21 == sum(written)  # the last one is empty: nobody is left
    assert Stage.RUNNING is look.stage
    assert [(person.pk,) for person in people] == world.ask(
        "SELECT recipient_id FROM delivery ORDER BY recipient_id"
    )


@pytest.mark.spec("EMC-3")
def test_a_later_medium_waits_until_its_time_and_is_sent_then(world: World) -> None:
    world.lane(Medium.MAIL)
    world.lane(Medium.SMS)
    for person in world.people(4):
        _contact(world, person.pk, Medium.SMS, "09012345678")
    launched = world.launch(
        steps=(Step(medium=Medium.MAIL), Step(medium=Medium.SMS, after_seconds=600))
    )

    with workers(1):
        world.until(launched.broadcast_id, lambda look: look.deliveries.handed_over == 4)
        held = world.ask(
            "SELECT DISTINCT d.medium, d.chunk_id, d.next_at - r.started_at FROM delivery d"
            " JOIN run r USING (broadcast_id) WHERE d.state = 0"
        )
        status = status_of(Position(state=State.WAITING, medium=Medium.SMS))
        world.hurry(launched.broadcast_id)
        world.finished(launched.broadcast_id)

    assert held == [(Medium.SMS, None, timedelta(seconds=600))]
    assert Status.WAITING is status
    assert world.states(launched.broadcast_id) == {(State.ACCEPTED, Reason.NONE): 8}


def _contact(world: World, recipient: int, medium: Medium, address: str, **changes: Any) -> None:
    with tenancy.acting_for(world.organization.id):
        Contact.objects.create(
            organization=world.organization,
            recipient_id=recipient,
            medium=medium,
            address=address,
            address_key=address,
            **changes,
        )


@pytest.mark.spec("ALL-5")
def test_two_organizations_with_the_same_addresses_never_mix() -> None:
    worlds = World.create(), World.create()
    for world in worlds:
        world.lane()
        world.people(50)
    worlds[0].suppress("p7@example.jp")

    launched = [world.launch(key="draft-1") for world in worlds]
    with workers(2):
        for world, one in zip(worlds, launched, strict=True):
            world.finished(one.broadcast_id)

    assert [49, 50] == [
        world.states(one.broadcast_id)[State.ACCEPTED, Reason.NONE]
        for world, one in zip(worlds, launched, strict=True)
    ]
    for world, other in zip(worlds, reversed(launched), strict=True):
        assert world.ask("SELECT * FROM delivery WHERE broadcast_id = %s", other.broadcast_id) == []
        assert world.ask("SELECT * FROM attempt WHERE broadcast_id = %s", other.broadcast_id) == []


@pytest.mark.spec("ALL-5")
def test_people_and_lanes_of_another_organization_are_out_of_reach() -> None:
    mine, other = World.create(), World.create()
    other.lane()
    strangers = other.people(2)

    with pytest.raises(LaunchError, match="送信経路がありません"):
        mine.launch(steps=(Step(medium=Medium.MAIL),))
    mine.lane()
    with pytest.raises(LaunchError, match="対象となる人がいません"):
        mine.launch(selection=Selection(recipients=tuple(person.pk for person in strangers)))
