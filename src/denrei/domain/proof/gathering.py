"""Take the rows of a file, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from denrei.domain.proof import answers, commitments
from denrei.domain.proof.facts import Attempt, Delivery, Event, Gathered, Person, Seal, Wave
from denrei.domain.proof.lines import Row
from denrei.domain.proof.rows import Kind

#: `denrei.deliveries.fold.Source.ANSWER`, and the key of its events: the id of the response.
_ANSWER = 1
_OF_RESPONSE = b"response:"


def take(found: Gathered, line: int, row: Row) -> None:
    """Take a row of the right shape. ValueError: a value of it can't be."""
    _TAKE[row["row"]](found, line, row)


def _head(found: Gathered, line: int, row: Row) -> None:
    commitments.moment(row["exported_at"])
    commitments.moment(row["launched_at"])
    if line == 1:
        found.head = row
    else:
        found.form.add(line, "見出しの行が2つあります")


def _wave(found: Gathered, line: int, row: Row) -> None:
    if row["wave"] in found.waves:
        found.form.add(line, "同じ回が2つあります")
    found.waves[row["wave"]] = Wave(
        row["stage"], row["people"], row["planned"], commitments.moment(row["give_up_at"])
    )


def _person(found: Gathered, line: int, row: Row) -> None:
    if row["recipient"] in found.people:
        found.form.add(line, "同じ人が2回あります")
    found.people[row["recipient"]] = Person(
        line, row["grade"], row.get("choice"), row.get("needs_help")
    )


def _delivery(found: Gathered, line: int, row: Row) -> None:
    if row["delivery"] in found.deliveries:
        found.form.add(line, "同じ配信が2回あります")
    found.deliveries[row["delivery"]] = Delivery(
        line, row["recipient"], row["wave"], row["medium"], row["state"], row["rank"],
        row["evidence"], row["reason"], row["tries"], row["misses"], row["doubts"], row["shared"],
        row["in_work"], commitments.moment(row["updated_at"]),
    )  # fmt: skip


def _cover(found: Gathered, line: int, row: Row) -> None:
    delivery = _named(found, line, row["delivery"])
    if delivery:
        delivery.others.append(row["recipient"])


def _attempt(found: Gathered, line: int, row: Row) -> None:
    delivery = _named(found, line, row["delivery"])
    if delivery:
        delivery.attempts.append(
            Attempt(
                row["generation"], row["kind"], row["state"], row["reason"], row["phase"],
                row["provider_id"],
            )
        )  # fmt: skip
    found.leaf(line, row, commitments.of_attempt(row))


def _event(found: Gathered, line: int, row: Row) -> None:
    named = row["matched"] if row["delivery"] is None else row["delivery"]
    delivery = _named(found, line, named) if named is not None else None
    if delivery and row["delivery"] is None and not _knows(delivery, row["provider_id"]):
        found.form.add(line, "この通知に当たる試行がありません")
    if delivery:
        delivery.events.append(
            Event(row["rank"], row["state"], row["evidence"], row["reason"], row["open"])
        )
    key = bytes.fromhex(row["key"])
    if row["source"] == _ANSWER and key.startswith(_OF_RESPONSE):
        found.told[int(key.removeprefix(_OF_RESPONSE))] = (row["raw"], row["delivery"])
    if row["sealable"]:
        found.leaf(line, row, commitments.of_event(row))
    else:
        found.unsealable += 1


def _knows(delivery: Delivery, provider_id: str) -> bool:
    return bool(provider_id) and any(one.provider_id == provider_id for one in delivery.attempts)


def _named(found: Gathered, line: int, delivery: int) -> Delivery | None:
    known = found.deliveries.get(delivery)
    if known is None:
        found.form.add(line, f"配信{delivery}の行がありません")
    return known


def _look(found: Gathered, line: int, row: Row) -> None:
    _named(found, line, row["delivery"])


def _halt(found: Gathered, line: int, row: Row) -> None:
    if row["recipient"] in found.halts:
        found.form.add(line, "同じ停止が2つあります")
    found.halts[row["recipient"]] = row["reason"]


def _help(found: Gathered, line: int, row: Row) -> None:
    if row["recipient"] not in found.answered:
        found.form.add(line, "支援の求めに当たる回答がありません")


def _leaf(found: Gathered, line: int, row: Row) -> None:
    if not found.is_one_person:
        found.form.add(line, "本文のない記録は、1人分のファイルだけにあります")
    commitment = bytes.fromhex(row["commitment"])
    if len(commitment) != 32:
        raise ValueError("a commitment has 32 bytes")
    found.leaves[row["seal"]].commitments.append(commitment)


def _seal(found: Gathered, line: int, row: Row) -> None:
    found.seals.append(
        Seal(
            line, row["no"], row["horizon"], row["leaves"], bytes.fromhex(row["root"]),
            bytes.fromhex(row["hash"]),
        )
    )  # fmt: skip


def _end(found: Gathered, line: int, row: Row) -> None:
    if found.end is not None:
        found.form.add(line, "終わりの行が2つあります")
    found.end = row


_TAKE: Mapping[str, Callable[[Gathered, int, Row], None]] = {
    Kind.HEAD: _head,
    Kind.WAVE: _wave,
    Kind.PERSON: _person,
    Kind.DELIVERY: _delivery,
    Kind.COVER: _cover,
    Kind.ATTEMPT: _attempt,
    Kind.EVENT: _event,
    Kind.RESPONSE: answers.compare,
    Kind.LOOK: _look,
    Kind.HALT: _halt,
    Kind.HELP: _help,
    Kind.LEAF: _leaf,
    Kind.SEAL: _seal,
    Kind.END: _end,
}
