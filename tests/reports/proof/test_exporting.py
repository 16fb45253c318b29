"""Files of a real broadcast: everything in them agrees, and who rewrites the database is found."""

from __future__ import annotations

import json
import threading
from typing import Any

import psycopg
import pytest
from django.db import connection

from denrei.accounts import signing, tenancy
from denrei.accounts.models import Operator, Role
from denrei.deliveries import fold, waves
from denrei.deliveries.waves import Again, Target
from denrei.domain import folding
from denrei.domain.failures import Reason
from denrei.domain.proof import keys
from denrei.domain.states import Medium, State
from denrei.reports.board import UnknownBroadcastError
from denrei.reports.proof import exporting, heads, snapshot
from denrei.responses import noting
from denrei.responses.answering import Reply
from denrei.responses.models import Source
from tests.deliveries.world import World, settings_conninfo, workers
from tests.reports.proof.eventful import Eventful, eventful, proven, seal_all, simple

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("NEW-1")]


def rows(lines: list[bytes], kind: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in lines]
    return [row for row in found if row["row"] == kind]


def broken(lines: list[bytes]) -> set[str]:
    return {one.check for one in proven(lines).findings if one.holds is False}


def notes(lines: list[bytes]) -> set[str]:
    return {one.check for one in proven(lines).findings if one.holds is None}


def own(lines: list[bytes]) -> list[dict[str, Any]]:
    """Return the rows of a file without what differs between two files of the same."""
    found = [json.loads(line) for line in lines[1:-1]]
    return [{k: v for k, v in row.items() if k not in {"n", "chain"}} for row in found]


def test_a_broadcast_and_each_of_its_people_prove_themselves(world: World) -> None:
    told = eventful(world)
    lines = told.file()

    report = proven(lines, key=keys.fingerprint(signing.public_key()))
    assert report.holds, report
    assert set() == notes(lines) - {"key"}
    assert {1, 2, 3, 4, 5, 7, 8} == {row["state"] for row in rows(lines, "delivery")}
    for row in rows(lines, "person"):
        assert set() == broken(told.file(row["recipient"])), row


@pytest.mark.spec("ALL-5")
def test_one_person_s_file_tells_nothing_of_others(world: World) -> None:
    told = eventful(world)
    person = told.family[0].pk
    others = [row["recipient"] for row in rows(told.file(), "person") if row["recipient"] != person]

    lines = told.file(person)

    kinds = ("person", "delivery", "cover", "response", "halt", "event")
    said = [row for kind in kinds for row in rows(lines, kind)]
    assert not [row for row in said if row.get("recipient") in others]
    assert not [row for row in said if '"recipient": ' in row.get("raw", "")]
    assert {"home@example.jp"} == {row["address"] for row in rows(lines, "delivery")}
    assert {"seal", "commitment"} == set().union(*rows(lines, "leaf")) - {"n", "chain", "row"}
    chains = [[row["hash"] for row in rows(one, "seal")] for one in (lines, told.file())]
    assert chains[0] == chains[1] != []


def test_a_broadcast_is_read_in_pieces(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told = eventful(world)
    whole = told.file()
    monkeypatch.setattr(snapshot, "PEOPLE", 2)

    pieced = told.file()

    assert own(whole) == own(pieced)
    assert proven(pieced).holds


def test_all_parts_of_a_file_are_of_one_moment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = simple(world, 3)
    monkeypatch.setattr(exporting, "_LINES", 1)
    pieces = exporting.export(world.organization.pk, told.broadcast, "test")

    first = [next(pieces), next(pieces)]
    _from_elsewhere(told)
    lines = [*first, *pieces]

    assert set() == broken(lines)
    assert [] == rows(lines, "response")
    assert 1 == len(rows(told.file(), "response"))


def _from_elsewhere(told: Eventful) -> None:
    """Let somebody answer while a file is read: on a connection of another thread."""

    def answer() -> None:
        told.answer(told.people[0].pk)
        connection.close()

    thread = threading.Thread(target=answer)
    thread.start()
    thread.join()


def test_a_broadcast_under_way_proves_itself_at_every_step(world: World) -> None:
    told = simple(world, 3, send=False)

    prepared = told.file()
    world.slices(told.broadcast)
    waiting = told.file()
    world.change("UPDATE chunk SET state = 1")
    held = told.file()

    assert [set()] * 3 == [broken(prepared), broken(waiting), broken(held)]
    assert [0, 0, 3] == [
        sum(row["in_work"] for row in rows(lines, "delivery"))
        for lines in (prepared, waiting, held)
    ]


def test_what_is_not_sealed_yet_is_counted_and_said(world: World) -> None:
    told = simple(world, 2, send=False)
    with psycopg.connect(settings_conninfo()) as holding:
        holding.execute("SELECT pg_current_xact_id()")
        world.slices(told.broadcast)
        with workers():
            world.finished(told.broadcast)
        early = told.file(patient=False)
    late = told.file()

    assert ({"key", "unsealed"}, set()) == (notes(early), broken(early))
    assert [None, None] == [row["seal"] for row in rows(early, "attempt")]
    assert ({"key"}, set()) == (notes(late), broken(late))


def test_an_answer_that_an_operator_noted_is_proven(world: World) -> None:
    told = simple(world, 2)
    person = told.people[1].pk
    reply = Reply(recipient_id=person, choice="3", source=Source.PHONE)
    with tenancy.acting_for(world.organization.pk):
        operator = Operator.objects.create(
            organization=world.organization, login="clerk", name="鈴木", role=Role.SENDER
        )
    noting.note(world.organization, told.broadcast, reply, operator)
    with workers():
        told.settle()

    assert set() == broken(told.file())
    assert set() == broken(told.file(person))
    assert [("鈴木", True)] == [
        (row["actor_name"], row["needs_help"]) for row in rows(told.file(person), "response")
    ]
    assert [person] == [row["recipient"] for row in rows(told.file(), "help")]
    assert [] == rows(told.file(told.people[0].pk), "event")


@pytest.mark.spec("OPS-1")
def test_later_waves_are_proven_with_the_first(world: World) -> None:
    told = simple(world, 3)
    answered, silent = told.people[0].pk, told.people[1].pk
    told.answer(answered)
    asked = Again(
        broadcast_id=told.broadcast,
        wave=2,
        target=Target.SILENT,
        media=(Medium.MAIL,),
        recipients=(silent,),
    )
    waves.again(world.organization, asked, None)
    pressed = told.file()
    with workers():
        world.finished(told.broadcast)
        told.settle()
    lines = told.file()

    assert [set(), set()] == [broken(pressed), broken(lines)]
    assert [1, 1, 1, 2] == sorted(row["wave"] for row in rows(lines, "delivery"))
    assert [None, [silent]] == [row["chosen"] for row in rows(lines, "wave")]
    assert [None, None] == [row["chosen"] for row in rows(told.file(answered), "wave")]
    assert [set(), set()] == [broken(told.file(one)) for one in (answered, silent)]


def test_a_receipt_that_knows_only_the_provider_s_name_supports_its_delivery(world: World) -> None:
    told = simple(world, 2)
    ((delivery, provider),) = world.ask(
        "SELECT delivery_id, provider_id FROM attempt ORDER BY delivery_id LIMIT 1"
    )
    event = fold.Event(
        source=fold.Source.RECEIPT,
        key=b"receipt",
        provider_id=provider,
        fold=folding.event(Medium.MAIL, folding.MailRank.DELIVERED),
    )
    with tenancy.acting_for(world.organization.pk):
        fold.take_in(world.organization.pk, [event])
    with workers():
        told.settle()

    lines = told.file()

    assert {2, 1} == {row["state"] for row in rows(lines, "delivery")}
    assert [(None, delivery, False)] == [
        (row["delivery"], row["matched"], row["sealable"]) for row in rows(lines, "event")
    ]
    assert ({"key", "unsealable"}, set()) == (notes(lines), broken(lines))
    assert [1, 0] == [len(rows(told.file(one.pk), "event")) for one in told.people]


def test_what_expired_before_it_was_stopped_is_proven_by_its_time(world: World) -> None:
    told = simple(world, 2, send=False)
    world.slices(told.broadcast)
    world.change("UPDATE run SET give_up_at = now() - interval '1 second'")
    world.change(
        "UPDATE delivery SET state = %s, reason = %s, chunk_id = NULL, updated_at = now()",
        State.EXPIRED,
        Reason.GIVEN_UP,
    )

    assert set() == broken(told.file())


REWRITTEN: list[tuple[str, str, set[str]]] = [
    ("a raw answer", "UPDATE attempt SET reply = 'ok' WHERE state = 4", {"seals"}),
    ("a missing attempt", "DELETE FROM attempt WHERE state = 4", {"seals", "support"}),
    ("a missing bounce", "DELETE FROM event WHERE source = 2", {"seals", "support"}),
    ("an answer", "UPDATE response SET choice = '3' WHERE choice = '1'", {"answers"}),
    ("a missing answer", "DELETE FROM response WHERE comment <> ''", {"answers"}),
    ("a state", "UPDATE delivery SET state = 1, reason = 0 WHERE state = 4", {"support"}),
    ("a seal", "DELETE FROM seal WHERE no = 1", {"seals"}),
    ("a grade", "UPDATE audience SET grade = 3 WHERE grade = 4", {"grades"}),
    ("a count", "UPDATE people_tally SET n = n + 1 WHERE grade = 4", {"people"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "found"), [pytest.param(*rest, id=name) for name, *rest in REWRITTEN]
)
def test_who_rewrites_the_database_after_the_seal_is_found(
    world: World, statement: str, found: set[str]
) -> None:
    told = eventful(world)
    seal_all(world)
    with psycopg.connect(settings_conninfo()) as owner:
        assert owner.execute(statement.encode()).rowcount

    assert found == broken(told.file())


@pytest.mark.spec("ALL-5")
def test_a_broadcast_of_another_organization_has_no_file(world: World) -> None:
    other = World.create()
    theirs = simple(other, 1).broadcast

    for broadcast in (theirs, theirs + 4711):
        with pytest.raises(UnknownBroadcastError):
            list(exporting.export(world.organization.pk, broadcast, "test"))


def test_the_head_of_a_broadcast_is_signed(world: World) -> None:
    nothing = simple(world, 1, send=False)
    assert heads.head(world.organization.pk, nothing.broadcast) is None
    told = eventful(World.create())
    lines = told.file()

    head = heads.head(told.world.organization.pk, told.broadcast)

    assert head is not None
    newest = rows(lines, "seal")[-1]
    assert (newest["no"], newest["hash"]) == (head.no, head.hash.hex())
    assert head.fingerprint == proven(lines).fingerprint
    message = keys.message_of_head(told.broadcast, head.no, head.hash)
    assert keys.genuine(signing.public_key().hex(), head.signature.hex(), message)
    assert proven(lines, head=head.hash.hex()).holds


def test_a_retired_key_has_another_fingerprint(settings: Any) -> None:
    before, message = signing.public_key(), b"message"
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 8

    assert signing.retired_public_keys() == [before] != [signing.public_key()]
    assert keys.genuine(signing.public_key().hex(), signing.sign(message).hex(), message)
    assert not keys.genuine(before.hex(), signing.sign(message).hex(), message)
