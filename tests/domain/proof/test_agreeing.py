"""Who owns the key can sign what he likes: his rows must still agree with the seals and each other."""

from __future__ import annotations

from typing import Any

import pytest

from denrei.domain.states import State
from tests.domain.proof.forging import PERSON, Forge, Rows, broken, forged

pytestmark = pytest.mark.spec("NEW-1")

Fields = dict[str, Any]


def one(rows: Rows, kind: str, **wanted: object) -> Fields:
    """Return the first row of a kind with these values."""
    return next(row for row in rows if row["row"] == kind and wanted.items() <= row.items())


def change(kind: str, where: Fields, **values: object) -> Forge:
    return lambda rows: one(rows, kind, **where).update(values)


def drop(kind: str, **where: object) -> Forge:
    return lambda rows: rows.remove(one(rows, kind, **where))


def double(kind: str, **where: object) -> Forge:
    def act(rows: Rows) -> None:
        row = one(rows, kind, **where)
        rows.insert(rows.index(row), dict(row))

    return act


def both(*forges: Forge) -> Forge:
    return lambda rows: [forge(rows) for forge in forges]


def swap_seals(rows: Rows) -> None:
    first, second = one(rows, "attempt", seal=1), one(rows, "attempt", seal=2)
    first["seal"], second["seal"] = 2, 1


def shift_count(name: str, take: str, give: str) -> Forge:
    def act(rows: Rows) -> None:
        counted = rows[0][name]
        counted[take] -= 1
        counted[give] += 1

    return act


def add_answer(rows: Rows) -> None:
    answer = one(rows, "response", recipient=12)
    rows.insert(rows.index(answer), {**answer, "response": 99})


def seal_medium(rows: Rows) -> None:
    """Let the sealed record say a medium that the answer does not have."""
    event = one(rows, "event", delivery=10)
    event["raw"] = event["raw"].replace('"late": false', '"late": false, "medium": 3')


def retell(rows: Rows) -> None:
    """Let answer and sealed record both say another thing."""
    event = one(rows, "event", delivery=10)
    event["raw"] = event["raw"].replace('"choice": "1"', '"choice": "3"')
    one(rows, "response", recipient=12)["choice"] = "3"


FAILED = {"state": State.FAILED, "recipient": 2}
CASES = [
    # the ledger's leaves and their chain
    ("a raw answer is changed", change("attempt", {}, reply="250 ok"), {"seals"}),
    ("an attempt is later", change("attempt", {}, at="2026-11-29T10:00:00.000000+00:00"), {"seals"}),
    ("a salt is changed", change("attempt", {}, salt="00" * 16), {"seals"}),
    ("a salt is short", change("attempt", {}, salt="00"), {"rows", "seals"}),
    ("an attempt is missing", drop("attempt", delivery=5), {"seals", "support"}),
    ("an attempt is doubled", double("attempt"), {"seals", "support"}),
    ("a bounce is missing", drop("event", source=2), {"seals", "support"}),
    ("two attempts change their seals", swap_seals, {"seals"}),
    ("a leaf is not sealed", change("attempt", {}, seal=None), {"seals"}),
    ("a leaf is older than all seals", change("attempt", {"seal": 2}, xid=1), {"seals"}),
    ("a leaf is in a seal that is not", change("attempt", {}, seal=7), {"seals"}),
    ("a seal is missing", drop("seal", no=1), {"seals"}),
    ("the last seal is missing", drop("seal", no=2), {"seals"}),
    ("a root is another", change("seal", {}, root="00" * 32), {"seals"}),
    ("a seal counts another number", change("seal", {}, leaves=3), {"seals"}),
    ("a seal ends earlier", change("seal", {"no": 2}, horizon=1), {"seals"}),
    ("less is sealed than sealed", change("head", {}, sealed_before=0), {"seals"}),
    ("a leaf without its row", lambda rows: rows.insert(-1, {"row": "leaf", "seal": 1, "commitment": "00" * 32}), {"rows", "seals"}),
    # answers
    ("a comment is changed", change("response", {}, comment="助けて"), {"answers"}),
    ("an answer is another", change("response", {"recipient": 12}, choice="3"), {"answers"}),
    ("an answer is later", change("response", {}, at="2026-11-29T10:00:00.000000+00:00"), {"answers"}),
    ("an answer is noted by somebody", change("response", {}, actor=1), {"answers"}),
    ("an answer came by another medium", seal_medium, {"seals", "answers"}),
    ("an answer and its record are others", retell, {"seals"}),
    ("an answer is missing", drop("response", recipient=12), {"answers", "grades"}),
    ("an answer was never given", add_answer, {"answers"}),
    ("the record of an answer is missing", drop("event", delivery=10), {"seals", "answers", "support"}),
    ("an answer halts nobody", drop("halt", recipient=12), {"answers"}),
    ("a halt without an answer", change("halt", {"recipient": 12}, recipient=13), {"answers"}),
    ("the audience knows another answer", change("person", {"recipient": 1}, choice="1", needs_help=False), {"answers"}),
    # people
    ("a person is missing", drop("person", recipient=2), {"rows", "people"}),
    ("a person is doubled", double("person", recipient=2), {"rows"}),
    ("a person without a contact is missing", drop("person", grade=-1), {"people"}),
    ("a person is reached by nothing", change("person", {"recipient": 2}, grade=1), {"people", "grades"}),
    ("... and the head says so", both(change("person", {"recipient": 2}, grade=1), shift_count("people", "unreached", "reached_only")), {"grades"}),
    ("a person without contact has one", change("person", {"grade": -1}, grade=0), {"people", "grades"}),
    ("who answered is lowered", change("person", {"grade": 4}, grade=3), {"people", "grades"}),
    ("the head counts others", shift_count("people", "unreached", "answered"), {"people"}),
    # deliveries
    ("a delivery is missing", drop("delivery", delivery=9), {"rows", "deliveries", "grades"}),
    ("a delivery is doubled", double("delivery", delivery=9), {"rows"}),
    ("a failure is none", both(change("delivery", FAILED, state=State.ACCEPTED, rank=10, evidence=1, reason=0), shift_count("deliveries", "failed", "handed_over")), {"support", "grades"}),
    ("a failure has another reason", change("delivery", FAILED, reason=2), {"support"}),
    ("a failure is as weak as nothing", change("delivery", FAILED, rank=0, evidence=1), {"support", "grades"}),
    ("a bounce is taken back", both(change("delivery", {"state": State.BOUNCED}, state=State.ACCEPTED, rank=10, reason=0, evidence=1), shift_count("deliveries", "failed", "handed_over"), change("person", {"recipient": 8}, grade=1), shift_count("people", "unreached", "reached_only")), {"support"}),
    ("it is tried once more", change("delivery", FAILED, tries=2), {"support"}),
    ("it is in doubt", change("delivery", FAILED, doubts=1), {"support"}),
    ("it is suppressed without a reason", change("delivery", {"state": State.SUPPRESSED}, reason=61), {"support"}),
    ("it is suppressed and was sent", both(change("delivery", FAILED, state=State.SUPPRESSED, reason=60, rank=0), shift_count("deliveries", "failed", "suppressed")), {"support"}),
    ("nobody stopped it", drop("halt", recipient=-1), {"support"}),
    ("it expired and was stopped", both(change("delivery", {"state": State.CANCELLED}, state=State.EXPIRED), shift_count("deliveries", "cancelled", "unknown")), {"support"}),
    ("it expired before its time", both(change("delivery", {"state": State.CANCELLED}, state=State.EXPIRED, reason=63), shift_count("deliveries", "cancelled", "unknown")), {"support"}),
    ("it waits after the end", both(change("delivery", FAILED, state=State.WAITING), shift_count("deliveries", "failed", "waiting")), {"deliveries", "support"}),
    ("it is in a state that is none", change("delivery", FAILED, state=77), {"deliveries", "support"}),
    ("it went by a medium that is none", change("delivery", FAILED, medium=77), {"support"}),
    ("it belongs to no wave", change("delivery", FAILED, wave=2), {"support"}),
    ("a human saw it", change("delivery", {"delivery": 9}, evidence=3), {"support", "grades"}),
    ("a human did not see it", change("delivery", {"delivery": 10}, evidence=1), {"support", "grades"}),
    ("one of the household is missing", drop("cover", recipient=13), {"grades"}),
    ("nobody is sent to any more", change("wave", {}, planned=11), {"deliveries"}),
    ("more people were meant", change("wave", {}, people=15), {"people"}),
    ("a row is of no kind", change("look", {}, row="peek"), {"rows"}),
    ("a field is missing", lambda rows: one(rows, "look").pop("look"), {"rows"}),
    ("rows in another order", lambda rows: rows.insert(3, rows.pop(-2)), {"rows", "seals"}),
    ("a look at no page", change("look", {}, delivery=99), {"rows"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("forge", "found"), [pytest.param(forge, found, id=name) for name, forge, found in CASES]
)
def test_rows_that_do_not_agree_are_found(forge: Forge, found: set[str]) -> None:
    assert found == broken(forged(forge))


@pytest.mark.parametrize(
    ("forge", "found"),
    [
        pytest.param(change("attempt", {}, reply="250 ok"), {"seals"}, id="reply"),
        pytest.param(drop("leaf"), {"seals"}, id="a leaf of others"),
        pytest.param(change("leaf", {}, commitment="00" * 32), {"seals"}, id="another leaf"),
        pytest.param(change("leaf", {}, commitment="00"), {"rows", "seals"}, id="no commitment"),
        pytest.param(change("seal", {}, root="00" * 32), {"seals"}, id="root"),
        pytest.param(change("response", {}, choice="3"), {"answers"}, id="answer"),
        pytest.param(change("person", {}, grade=3), {"grades"}, id="grade"),
        pytest.param(change("head", {}, recipient=11), {"person"}, id="somebody else"),
        pytest.param(double("person"), {"rows"}, id="twice"),
        pytest.param(change("cover", {}, recipient=13), {"person"}, id="the delivery of others"),
    ],
)
def test_one_person_s_rows_are_proven_by_the_chain_of_all(forge: Forge, found: set[str]) -> None:
    assert found == broken(forged(forge, PERSON))
