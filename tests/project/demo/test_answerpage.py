"""A form is read as a browser reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.project.demo import answerpage

RADIOS = """
<form method="post"><input type="hidden" name="csrf" value="t&amp;1">
<label><input type="radio" name="choice" value="1" required>無事</label>
<label><input type="radio" name="choice" value="4" required>支援が必要</label>
<details><select name="who"><option>本人</option><option value="2">家族</option></select>
<textarea name="memo">
</textarea></details><button>回答する</button></form>
"""
BUTTONS = """
<form action="/search"><input name="q"></form>
<form METHOD=POST action="x?y=1"><input type=hidden name=person value=7>
<button name="choice" value="a">A</button><button name="choice" value="b">B</button>
<input type=checkbox name=yes checked><input type=checkbox name=no>
<input type=text name=gone disabled value=1></form>
<form method="post"><input type="hidden" name="person" value="8">
<input type="submit" name="choice" value="a"></form>
<form method="post"><input type="text" name="note"><button>送る</button></form>
"""


def test_radio_inputs_and_what_goes_along() -> None:
    (form,) = answerpage.read(RADIOS)

    assert (form.choice, form.values, form.action, form.person) == ("choice", ("1", "4"), "", "")
    assert form.filled("4") == [("csrf", "t&1"), ("memo", ""), ("who", ""), ("choice", "4")]


def test_buttons_and_several_persons_on_one_page() -> None:
    first, second = answerpage.read(BUTTONS)

    assert (first.person, first.values, first.action) == ("7", ("a", "b"), "x?y=1")
    assert first.filled("b") == [("person", "7"), ("yes", "on"), ("choice", "b")]
    assert (second.person, second.values) == ("8", ("a",))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            "<form method=post><input type=radio name=answer value=1></form>",
            [("answer", "1")],
            id="another name for the choice",
        ),
        pytest.param(
            "<form method=post><input type=radio name=by value=me checked>"
            "<input type=radio name=choice value=1><button name=go value=y></form>",
            [("by", "me"), ("go", "y"), ("choice", "1")],
            id="another group and a named button",
        ),
        pytest.param(
            "<form method=post><select name=s><option value=1><option value=2 selected></select>"
            "<input type=radio name=choice value=1></form>",
            [("s", "2"), ("choice", "1")],
            id="a selected option",
        ),
    ],
)
def test_liberal_reading(html: str, expected: list[tuple[str, str]]) -> None:
    (form,) = answerpage.read(html)

    assert form.filled(form.values[0]) == expected


@given(st.text())
def test_any_text_is_a_page(html: str) -> None:
    answerpage.read(f"<form method=post>{html}")
