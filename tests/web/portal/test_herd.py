"""Many at once: each is told the truth, one's harm is nobody else's, and who is not served is told so."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from asgiref.sync import async_to_sync

from denrei.deliveries.recount import recount
from denrei.domain.states import Evidence, Look
from denrei.project import asgi
from denrei.web.portal.door import Door
from tests.deliveries.world import settings_conninfo
from tests.responses.sent import Sent, send
from tests.web.portal.asking import Said, ask
from tests.web.portal.test_door import elsewhere

pytestmark = pytest.mark.usefixtures("committed")

#: A request: method, address, fields.
Request = tuple[str, str, dict[str, str] | None]


@pytest.fixture
def doors() -> Iterator[Callable[[int], Door]]:
    """Open doors of which so many requests may wait."""
    opened: list[Door] = []

    def open_one(most: int) -> Door:
        opened.append(Door(elsewhere, asgi.strict(), most))
        return opened[-1]

    yield open_one
    for door in opened:
        door.end()


@async_to_sync
async def at_once(door: Door, *requests: Request) -> list[Said]:
    """Ask everything at the same time."""
    return await asyncio.gather(*(ask(door, *request) for request in requests))


def answer(
    sent: Sent, place: int, choice: str = "1", page: int | None = None, **more: str
) -> Request:
    """Return the request that answers for a person."""
    fields = {"person": str(sent.people[place]), "choice": choice, **more}
    return ("POST", sent.path(place if page is None else page), fields)


def choices(sent: Sent) -> list[list[str]]:
    """Return the answers of each person."""
    return [[kept.choice for kept in sent.answers(place)] for place in range(len(sent.people))]


def statuses(said: Sequence[Said]) -> Counter[int]:
    """Count how requests were answered."""
    return Counter(one.status for one in said)


@contextmanager
def held(statement: str, *values: Any) -> Iterator[psycopg.Connection[Any]]:
    """Hold what a statement locks."""
    with psycopg.connect(settings_conninfo()) as other:
        other.execute(statement.encode(), values)
        yield other


@pytest.mark.spec("MSG-8", "NEW-1")
def test_everybody_answers_at_the_same_time_and_each_is_kept_once(
    doors: Callable[[int], Door],
) -> None:
    sent = send(*(f"伝令 {n}" for n in range(60)))
    looks: list[Request] = [("GET", sent.path(n), None) for n in range(60)]

    said = at_once(doors(1000), *looks, *(answer(sent, n, "123"[n % 3]) for n in range(60)))

    assert statuses(said) == {200: 60, 303: 60}
    assert [f"伝令 {n}</b>" in one.body.decode() for n, one in enumerate(said[:60])] == [True] * 60
    assert choices(sent) == [["123"[n % 3]] for n in range(60)]
    assert sent.halted() == list(sent.people)
    assert sent.looks() == [Look.MAYBE] * 60
    sent.ask("UPDATE run SET planned = 60")  # written by hand, and not by a slice
    assert recount(sent.organization.pk, sent.broadcast_id) == []
    sealed = sent.ask("SELECT count(*) FROM event WHERE raw <> ''")
    assert sealed == [(60,)]


@pytest.mark.spec("NEW-4")
def test_answers_of_one_person_are_taken_one_after_the_other(doors: Callable[[int], Door]) -> None:
    sent = send("山田 花子", "鈴木 一郎")
    given = ("1", "3", "3", "2")

    said = at_once(doors(1000), *(answer(sent, 0, choice) for choice in given), answer(sent, 1))

    assert statuses(said) == {303: 5}
    assert choices(sent) == [list(given), ["1"]]
    assert [kept.worsened for kept in sent.answers()] == [False, True, False, False]


@pytest.mark.spec("NEW-5", "NEW-2")
def test_a_household_that_answers_at_once_has_answered(doors: Callable[[int], Door]) -> None:
    sent = send("山田 花子", "山田 太郎", shared=True)

    at_once(doors(1000), answer(sent, 0, page=0), answer(sent, 1, page=0))

    events = sent.ask("SELECT evidence FROM event ORDER BY received_at")
    assert [Evidence(one) for (one,) in events] == [Evidence.READ, Evidence.ANSWERED]


@pytest.mark.spec("ALL-5")
def test_organizations_and_broadcasts_do_not_mix(doors: Callable[[int], Door]) -> None:
    north, south = send("北 一郎", "北 二郎"), send("南 花子")

    said = at_once(
        doors(1000),
        answer(north, 0, "1"),
        answer(south, 0, "2"),
        answer(north, 1, "3"),
        ("GET", south.path(), None),
        ("GET", north.path(), None),
        ("GET", north.path()[:-2], None),
    )

    assert [one.status for one in said] == [303, 303, 303, 200, 200, 404]
    assert ("南 花子" in said[3].body.decode(), "北 一郎" in said[4].body.decode()) == (True, True)
    assert (choices(north), choices(south)) == ([["1"], ["3"]], [["2"]])


def test_an_answer_that_breaks_the_group_breaks_for_itself_alone(
    doors: Callable[[int], Door], caplog: pytest.LogCaptureFixture
) -> None:
    sent = send(*(f"伝令 {n}" for n in range(10)))
    with psycopg.connect(settings_conninfo(), autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'spoilt'; END $$;"
            "CREATE TRIGGER spoil BEFORE INSERT ON response FOR EACH ROW"
            " WHEN (new.comment = 'poison') EXECUTE FUNCTION spoil()"
        )
        try:
            asked = [answer(sent, n, comment="poison" if n == 4 else "") for n in range(10)]
            said = at_once(doors(1000), *asked)
        finally:
            owner.execute("DROP FUNCTION spoil() CASCADE")

    assert [n for n, one in enumerate(said) if one.status != 303] == [4]
    assert (said[4].status, "一時的に表示できません" in said[4].body.decode()) == (500, True)
    assert choices(sent) == [[] if n == 4 else ["1"] for n in range(10)]
    assert {"group not served", "request not served"} <= {one.msg for one in caplog.records}


@pytest.mark.spec("MSG-8")
def test_who_meets_a_lock_is_told_that_nothing_was_taken_and_keeps_what_was_typed(
    doors: Callable[[int], Door],
) -> None:
    sent = send(*(f"伝令 {n}" for n in range(6)))
    typed = {"comment": "2階に\nいます<b>", "source": "family"}
    with held("SELECT FROM audience WHERE recipient_id = %s FOR UPDATE", sent.people[2]):
        said = at_once(doors(1000), *(answer(sent, n, "3", **typed) for n in range(6)))

    assert [one.status for one in said] == [303, 303, 503, 303, 303, 303]
    assert choices(sent) == [[] if n == 2 else ["3"] for n in range(6)]
    busy = said[2].body.decode()
    assert said[2].headers["retry-after"] == "10"
    assert "まだ回答を受け付けていません" in busy
    assert "Your answer was not taken yet" in busy
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', busy))
    assert fields == {
        "person": str(sent.people[2]),
        "choice": "3",
        "source": "family",
        "comment": "2階に\nいます&lt;b&gt;",
    }
    assert f'action="{sent.path(2)}"' in busy


def test_no_more_wait_than_may_and_nobody_is_lost(doors: Callable[[int], Door]) -> None:
    sent = send(*(f"伝令 {n}" for n in range(40)))
    door = doors(10)

    async def asked() -> list[Said]:
        first = asyncio.create_task(ask(door, *answer(sent, 0)))
        await asyncio.sleep(0.3)  # it waits for the lock, and the others wait for it
        others = [asyncio.create_task(ask(door, *answer(sent, n))) for n in range(1, 40)]
        await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
        other.rollback()
        return await asyncio.gather(first, *others)

    with held("LOCK TABLE response IN ACCESS EXCLUSIVE MODE") as other:
        said = async_to_sync(asked)()

    assert statuses(said) == {303: 11, 503: 29}
    assert {one.headers.get("retry-after") for one in said if one.status == 503} == {"10"}
    kept = [bool(answers) for answers in choices(sent)]
    assert kept == [one.status == 303 for one in said]


def test_a_page_that_cannot_be_shown_yet_says_so(doors: Callable[[int], Door]) -> None:
    sent = send()
    with held("LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE"):
        (said,) = at_once(doors(1000), ("GET", sent.path() + "?lang=en", None))

    assert (said.status, said.headers["retry-after"]) == (503, "10")
    assert f'href="{sent.path()}?lang=en"' in said.body.decode()
    assert said.headers["cache-control"] == "no-store"
