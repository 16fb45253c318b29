"""A board as lines of text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from denrei.domain.failures import CONSEQUENCES
from denrei.domain.states import Grade
from denrei.reports.board import Board

_GRADES = {
    Grade.ANSWERED: "回答",
    Grade.READ: "閲覧",
    Grade.DEVICE: "端末到達",
    Grade.HANDED_OVER: "引渡し",
    Grade.UNREACHED: "未到達",
    Grade.NO_CONTACT: "連絡先なし",
}


def lines(board: Board) -> Iterator[str]:
    """Yield what an operator wants to know, the equations first."""
    yield f"連絡番号 {board.broadcast_id}　{board.words}"
    for equation in (board.people, board.deliveries):
        mark = "○" if equation.holds else "✕ 一致しません"
        yield f"  {mark} {equation.equation()}"
    if board.broken:
        yield "  ✕ 監査：集計と台帳が一致しません。管理者に連絡してください。"
    for reason, n in board.alarms.items():
        yield f"  ⚠ {CONSEQUENCES[reason].words} {n:,}件。送信側の設定を確認してください。"
    grades = board.grades
    people = [f"{words} {grades[grade]:,}" for grade, words in _GRADES.items() if grades.get(grade)]
    if people:
        yield f"  人（最も強い証拠）　{'　'.join(people)}"
    evidence = [f"{kind.label} {n:,}" for kind, n in sorted(board.evidence.items()) if n]
    if evidence:
        yield f"  配信の証拠　{'　'.join(evidence)}"
    for (medium, status), n in sorted(board.statuses.items(), key=lambda item: -item[1]):
        yield f"  {medium.label}　{status.value}　{n:,}"
