"""The mail beside the form: as it is sent, and what is too long marked (MSG-2, MSG-3)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.broadcasts import rendering
from denrei.web.console.compose import preview
from denrei.web.console.compose.preview import Piece
from tests.deliveries.world import content

TEXTS = st.text(st.sampled_from("あ𠮷\u3099ア 👍\u200d👩🏽x\n"), max_size=130)


def over(**changes: Any) -> list[str]:
    """Return what is marked in a mail."""
    return [piece.words for piece in preview.mail(content(**changes), "ja").before if piece.over]


@pytest.mark.spec("MSG-2")
@pytest.mark.parametrize(
    ("changes", "marked"),
    [
        pytest.param({"place": "𠮷" * 20}, [], id="as long as may be"),
        pytest.param({"place": "𠮷" * 20 + "ab"}, ["ab"], id="place"),
        pytest.param({"instruction_note": "か\u3099" * 60 + "か\u3099"}, ["か\u3099"], id="a mark"),
        pytest.param(
            {"place": "あ" * 21, "situation_note": "い" * 82, "instruction_note": "う" * 63},
            ["あ", "いい", "ううう"],
            id="several",
        ),
    ],
)
def test_what_is_too_long_is_marked(changes: dict[str, Any], marked: list[str]) -> None:
    assert marked == over(**changes)


def test_a_heap_of_marks_is_too_long_and_found_so_at_once() -> None:
    heap = "か" + "\u3099" * 20_000

    (marked,) = over(place=heap)

    assert heap.endswith(marked)


@given(TEXTS, TEXTS, TEXTS)
def test_the_pieces_are_the_mail_as_it_is_sent(place: str, note: str, more: str) -> None:
    said = content(place=place, situation_note=note, instruction_note=more)

    mail = preview.mail(said, "ja")

    before, _, after = rendering.body(said, "ja").partition(rendering.URL)
    assert before.rstrip("\n") == "".join(piece.words for piece in mail.before)
    assert after.strip("\n") == mail.after


def test_a_message_without_a_page_is_one_part() -> None:
    mail = preview.mail(content(choices=(), confirm=False), "en")

    assert ("", "") == (mail.address, mail.after)
    assert mail.before[-1] == Piece(words=rendering.body(content(choices=(), confirm=False), "en"))
