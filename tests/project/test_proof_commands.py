"""`denrei verify` needs nothing but the file; `denrei proof` makes it and names its key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.deliveries.world import World, workers
from tests.domain.proof.forging import BROADCAST, FILES, KEY
from tests.project.commands import denrei

pytestmark = pytest.mark.spec("NEW-1")

#: Neither a database nor a home: whoever asks for one fails.
NOTHING = {
    "DATABASE_URL": "postgresql://127.0.0.1:1/none",
    "DENREI_SECRET_KEY": "",
    "DENREI_HOME": "/none",
}


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    path = tmp_path / "changed.jsonl"
    path.write_bytes(BROADCAST.replace("無事です。".encode(), "不在です。".encode()))
    return path


def test_a_file_is_proven_without_database_and_key() -> None:
    said = denrei("verify", FILES / "broadcast.jsonl", "--key", KEY, **NOTHING)

    assert (0, "") == (said.code, said.error)
    assert "連絡番号1　地震発生" in said.lines[0]
    assert "結果：確かめたことは、すべて一致しました。" == said.lines[-1]
    assert {"確認"} == {line.strip()[1:3] for line in said.lines[1:-1]}
    assert any(
        "対象 14 = 回答 3 + 到達のみ 5 + 未到達 5 + 連絡先なし 1" in line for line in said.lines
    )


def test_without_a_fingerprint_it_says_who_might_have_signed() -> None:
    said = denrei("verify", FILES / "person.jsonl", **NOTHING)

    assert 0 == said.code
    assert any("[注意] 鍵：だれの鍵かは確かめていません" in line for line in said.lines)
    assert any("範囲：1人分の記録です" in line for line in said.lines)


def test_a_change_is_named_and_ends_with_1(changed: Path) -> None:
    said = denrei("verify", changed, **NOTHING)

    assert 1 == said.code
    assert any(
        "[不一致] ファイル：書き出したときのままではありません" in line for line in said.lines
    )
    assert any("行目：この行が変えられています" in line for line in said.lines)
    assert said.lines[-1].startswith("結果：一致しないものがあります。")


def test_what_is_no_proof_ends_with_2(tmp_path: Path, changed: Path) -> None:
    other = tmp_path / "other"
    other.write_text("お知らせ\n", encoding="utf-8")

    said = denrei("verify", changed, other, tmp_path / "none", tmp_path, **NOTHING)

    assert 2 == said.code
    assert f"{other}：確かめられません：denrei の証明ファイルではありません。" in said.error
    assert f"{tmp_path / 'none'}：確かめられません：" in said.error
    assert "結果：一致しないものがあります。" in said.out


def test_a_program_reads_a_line_of_json_for_each_file(tmp_path: Path, changed: Path) -> None:
    said = denrei("verify", FILES / "person.jsonl", changed, tmp_path, "--json", **NOTHING)

    first, second, third = (json.loads(line) for line in said.lines)
    assert 2 == said.code
    assert (True, False, None) == (first["holds"], second["holds"], third["holds"])
    assert KEY == first["key"]
    assert {
        "file",
        "rows",
        "signature",
        "key",
        "seals",
        "person",
        "grades",
        "support",
        "answers",
        "shared",
    } == {finding["check"] for finding in first["findings"]}
    assert {"file", "signature", "seals"} == {
        finding["check"] for finding in second["findings"] if finding["holds"] is False
    }


@pytest.mark.usefixtures("committed")
def test_a_broadcast_is_written_and_proven(world: World, tmp_path: Path) -> None:
    world.lane()
    people = world.people(2)
    broadcast = world.launch().broadcast_id
    with workers():
        world.finished(broadcast)
    path, alone = tmp_path / "all.jsonl", tmp_path / "one.jsonl"

    key = denrei("proof", "key")
    written = denrei("proof", "export", broadcast, "--to", path)
    person = denrei("proof", "export", broadcast, "--to", alone, "--person", people[0].pk)
    said = denrei("verify", path, alone, "--key", key.lines[0])

    assert [0, 0, 0, 0] == [key.code, written.code, person.code, said.code], said.out
    assert {path, alone} == set(tmp_path.iterdir())
    assert [(None,), (people[0].pk,)] == [
        (after["person"] if after else None,)
        for (after,) in world.ask(
            "SELECT after FROM audit_entry WHERE action = 'broadcast.exported' ORDER BY id"
        )
    ]


@pytest.mark.usefixtures("committed")
def test_what_is_not_there_is_not_written(world: World, tmp_path: Path) -> None:
    world.lane()
    world.people(1)
    broadcast = world.launch().broadcast_id
    path = tmp_path / "file.jsonl"

    unknown = denrei("proof", "export", 4711, "--to", path)
    nobody = denrei("proof", "export", broadcast, "--to", path, "--person", 4711)
    nowhere = denrei("proof", "export", broadcast, "--to", tmp_path / "none" / "file.jsonl")

    assert (1, "連絡番号 4711 の連絡はありません。") == (unknown.code, unknown.error)
    assert (1, f"連絡番号 {broadcast} の対象に、番号 4711 の人はいません。") == (
        nobody.code,
        nobody.error,
    )
    assert 1 == nowhere.code
    assert "に書けません" in nowhere.error
    assert [] == list(tmp_path.iterdir())
