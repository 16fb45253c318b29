"""The board in a terminal: the equations first, then what an operator asks for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from denrei.domain.conservation import Deliveries, People
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Grade, Medium, State
from denrei.domain.status import Status
from denrei.project import board_text
from denrei.reports.board import Board

GRADES = {Grade.ANSWERED: 1200, Grade.HANDED_OVER: 30, Grade.NO_CONTACT: 4}


def a_board(**changes: Any) -> Board:
    """Return a board of a broadcast that goes well."""
    given: dict[str, Any] = {
        "broadcast_id": 7,
        "words": "連絡中",
        "finished": False,
        "stopped": False,
        "people": People.counted(1234, GRADES),
        "deliveries": Deliveries.counted(1230, {State.ACCEPTED: 1228, State.WAITING: 2}, 1),
        "grades": GRADES,
        "crowds": (),
        "waiting": {Medium.MAIL: 1},
        "in_work": {Medium.MAIL: 1},
        "evidence": {Evidence.ANSWERED: 1200, Evidence.NONE: 2, Evidence.HANDED_OVER: 28},
        "statuses": {
            (Medium.MAIL, Status.IN_PROGRESS): 1,
            (Medium.MAIL, Status.DONE): 1228,
            (Medium.MAIL, Status.WAITING): 1,
        },
        "alarms": {},
        "started_at": datetime(2026, 11, 22, tzinfo=UTC),
        "finished_at": None,
        "broken": False,
    }
    return Board(**(given | changes))


@pytest.mark.spec("NEW-1", "NEW-2")
def test_it_says_everything_in_a_few_lines() -> None:
    assert [
        "連絡番号 7　連絡中",
        "  ○ 対象 1,234 = 回答 1,200 + 到達のみ 30 + 未到達 0 + 連絡先なし 4",
        (
            "  ○ 全配信 1,230 = 送信待ち 1 + 処理中 1 + 引渡し 1,228 + 到達 0 + 失敗 0 + 期限切れ・不明 0"
            " + 抑止 0 + 取消 0"
        ),
        "  人（最も強い証拠）　回答 1,200　引渡し 30　連絡先なし 4",
        "  配信の証拠　不明 2　引渡し 28　回答 1,200",
        "  メール　連絡済(正常終了)　1,228",
        "  メール　連絡中　1",
        "  メール　送信待ち　1",
    ] == list(board_text.lines(a_board()))


@pytest.mark.spec("NEW-1")
def test_what_does_not_hold_stands_out() -> None:
    lines = list(board_text.lines(a_board(people=People.counted(1235, GRADES), broken=True)))

    assert lines[1].startswith("  ✕ 一致しません 対象 1,235 ≠ ")
    assert lines[2].startswith("  ○ ")
    assert lines[3] == "  ✕ 監査：集計と台帳が一致しません。管理者に連絡してください。"


@pytest.mark.spec("EMC-6")
def test_our_own_fault_is_told() -> None:
    lines = list(board_text.lines(a_board(alarms={Reason.GATEWAY: 1500})))

    assert (
        "  ⚠ 中継先の接続設定に誤りがあります。 1,500件。送信側の設定を確認してください。"
        == lines[3]
    )


def test_what_is_empty_has_no_line() -> None:
    lines = list(board_text.lines(a_board(evidence={}, statuses={}, grades={})))

    assert 3 == len(lines)
