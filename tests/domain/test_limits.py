"""What the compose form takes."""

from __future__ import annotations

import pytest

from denrei.domain import limits
from denrei.domain.limits import Complaint

COMPLETE = {"incident": "地震", "occurred_at": "2026-11-21 16:13", "sender": "防災課 佐藤"}


@pytest.mark.spec("MSG-2")
def test_a_complete_form_has_no_complaints() -> None:
    assert limits.check(COMPLETE) == []


@pytest.mark.spec("MSG-2")
@pytest.mark.parametrize(
    ("field", "characters"), [("place", 20), ("situation_note", 80), ("instruction_note", 60)]
)
@pytest.mark.parametrize("character", ["駅", "𠮷", "👨‍👩‍👧", "か\u3099"])
def test_a_field_takes_so_many_characters_as_people_count_them(
    field: str, characters: int, character: str
) -> None:
    fits = COMPLETE | {field: character * characters}
    over = COMPLETE | {field: character * (characters + 1)}

    assert limits.check(fits) == []
    assert [field] == [complaint.field for complaint in limits.check(over)]


@pytest.mark.spec("MSG-2")
def test_the_words_say_how_much_is_too_much() -> None:
    words = "発生場所が3文字多くなっています。20文字以内に短くしてください。"

    assert limits.check(COMPLETE | {"place": "あ" * 23}) == [Complaint(field="place", words=words)]


@pytest.mark.spec("MSG-2")
@pytest.mark.parametrize("sender", ["", " \u3000"])
def test_the_sender_is_needed(sender: str) -> None:
    complaint = Complaint(field="sender", words="発信者を入力してください。")

    assert [complaint] == limits.check(COMPLETE | {"sender": sender})


@pytest.mark.spec("MSG-2")
def test_every_fault_is_told_in_the_order_of_the_form() -> None:
    complaints = limits.check({"place": "あ" * 21})

    assert [c.field for c in complaints] == ["incident", "occurred_at", "place", "sender"]
