"""The judge of the receiver's log: what it counts, and that it knows nothing of what it judges."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from chaos import checker
from chaos.checker import Judgement

ROOT = Path(__file__).resolve().parents[2]


def _file(path: Path, rows: Iterable[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _got(rcpt: str, at: float = 0.0, mark: str = "m", named: str = "") -> dict[str, object]:
    return {"at": at, "rcpt": rcpt, "id": named or f"<{mark}.{rcpt}>", "mark": mark}


def _judge(folder: Path, got: list[dict[str, object]], listed: str = "") -> Judgement:
    meant = [{"rcpt": rcpt, "mark": "m"} for rcpt in "abc"]
    shown = [{"rcpt": rcpt, "mark": "m"} for rcpt in listed]
    return checker.judge(
        _file(folder / "log", got), _file(folder / "meant", meant), _file(folder / "listed", shown)
    )


@pytest.mark.parametrize(
    ("got", "listed", "expected"),
    [
        pytest.param([*"abc"], "", {}, id="each once"),
        pytest.param([*"ab"], "", {"lost": 1}, id="one lost"),
        pytest.param([], "", {"lost": 3}, id="all lost"),
        pytest.param([*"abcc"], "c", {"duplicates": 1}, id="a copy that is listed"),
        pytest.param([*"abcc"], "", {"duplicates": 1, "unlisted": 1}, id="a copy that is not"),
        pytest.param([*"abccc"], "", {"duplicates": 2, "unlisted": 1}, id="two copies of one"),
        pytest.param([*"abcd"], "", {"strangers": 1}, id="somebody who was not meant"),
    ],
)
def test_the_judge_counts(
    tmp_path: Path, got: list[str], listed: str, expected: dict[str, int]
) -> None:
    found = _judge(tmp_path, [_got(rcpt) for rcpt in got], listed)

    names = ("lost", "duplicates", "unlisted", "strangers", "unlike")
    assert {name: expected.get(name, 0) for name in names} == {
        name: getattr(found, name) for name in names
    }
    assert (found.meant, found.received) == (3, len(got))


def test_copies_with_different_message_ids_are_told(tmp_path: Path) -> None:
    copies = [_got("a", named="<1@x>"), _got("a", named="<2@x>")]

    assert _judge(tmp_path, copies).unlike == 1


def test_the_same_person_is_owed_each_broadcast(tmp_path: Path) -> None:
    meant = _file(tmp_path / "meant", [{"rcpt": "a", "mark": mark} for mark in ("m", "n")])
    log = _file(tmp_path / "log", [_got("a", mark="m"), _got("a", mark="m")])

    assert checker.judge(log, meant, tmp_path / "none").lost == 1
    assert checker.judge(log, meant, tmp_path / "none", "m").lost == 0


def test_a_last_line_that_is_cut_short_is_not_read(tmp_path: Path) -> None:
    log = _file(tmp_path / "log", [_got("a")])
    with log.open("a") as file:
        file.write('{"at": 1, "rcpt"')

    assert {("m", "a")} == checker.received(log)


@pytest.mark.parametrize(
    ("times", "late"),
    [
        pytest.param((1.0, 5.0), 0, id="sent before the stop, again by others during it"),
        pytest.param((5.0, 11.0), 1, id="sent by others during the stop, again after it"),
        pytest.param((1.0, 11.0), 0, id="sent before the stop, again after it by the next owner"),
        pytest.param((11.0, 12.0), 0, id="both after it"),
    ],
)
def test_what_comes_again_after_a_stop_is_late(
    tmp_path: Path, times: tuple[float, ...], late: int
) -> None:
    log = _file(tmp_path / "log", [_got("a", at=at) for at in times])

    assert late == checker.late(log, [(2.0, 10.0)])


@pytest.mark.parametrize("name", ["checker.py", "sink.py"])
def test_what_judges_imports_nothing_of_what_is_judged(name: str) -> None:
    tree = ast.parse((ROOT / "chaos" / name).read_text(encoding="utf-8"))
    imported = {
        module.split(".")[0]
        for node in ast.walk(tree)
        for module in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported <= {
        *("__future__", "argparse", "asyncio", "collections", "dataclasses", "email", "json"),
        *("os", "pathlib", "signal", "sys", "time", "typing"),
    }
    assert "import_module" not in ast.dump(tree)
    assert "__import__" not in ast.dump(tree)
