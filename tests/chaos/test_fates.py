"""The judge of hostile servers finds each kind of wrong, and nothing where nothing is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chaos import fates

WAITING, ACCEPTED, EXHAUSTED, UNKNOWN = 0, 1, 8, 9
NOTHING = {"open": 0, "lost": 0, "untrue": 0, "duplicates": 0, "cuts": 0, "unlike": 0}


def taken(number: str = "1") -> dict[str, Any]:
    return {"event": "taken", "rcpt": "a@example.jp", "id": number}


def cut(number: str = "1") -> dict[str, Any]:
    return {"event": "cut", "rcpt": "a@example.jp", "id": number}


@pytest.mark.parametrize(
    ("events", "state", "found"),
    [
        pytest.param([taken()], ACCEPTED, {}, id="handed over"),
        pytest.param([], EXHAUSTED, {}, id="never taken, and said so"),
        pytest.param([], WAITING, {"open": 1}, id="not final"),
        pytest.param([], ACCEPTED, {"lost": 1}, id="said to be handed over"),
        pytest.param([taken()], EXHAUSTED, {"untrue": 1}, id="said to have failed"),
        pytest.param([cut()], UNKNOWN, {"cuts": 1}, id="in doubt, and said so"),
        pytest.param(
            [cut(), taken()], ACCEPTED, {"duplicates": 1, "cuts": 1}, id="sent again after a cut"
        ),
        pytest.param([taken(), taken()], ACCEPTED, {"duplicates": 1}, id="sent again for nothing"),
        pytest.param(
            [cut("1"), taken("2")],
            ACCEPTED,
            {"duplicates": 1, "cuts": 1, "unlike": 1},
            id="the copy has another Message-ID",
        ),
    ],
)
def test_each_wrong_is_found(
    events: list[dict[str, Any]], state: int, found: dict[str, int], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    log.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")

    judged = fates.judge(log, [("a@example.jp", state)])

    expected = {"deliveries": 1, **NOTHING, **found}
    assert expected == {name: getattr(judged, name) for name in expected}
