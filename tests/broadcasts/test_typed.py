"""What was typed is kept as it was; a time is read only where it is one."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.broadcasts.typed import Moment, Typed, Way, ids

TOKYO = ZoneInfo("Asia/Tokyo")
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
LISTS = st.lists(TEXTS, max_size=3).map(tuple)
MOMENTS = st.builds(Moment, day=TEXTS, hour=TEXTS, minute=TEXTS)
FORMS = st.builds(
    Typed,
    drill=st.booleans(),
    incident=TEXTS,
    occurred=MOMENTS,
    choices=LISTS,
    groups=LISTS,
    people=LISTS,
    ways=st.lists(st.builds(Way, medium=TEXTS, wait=TEXTS), max_size=3).map(tuple),
    start=MOMENTS,
)


@given(FORMS)
def test_a_form_comes_back_from_json_as_it_was(form: Typed) -> None:
    assert form == Typed.from_json(json.loads(json.dumps(form.to_json())))


def test_what_is_unknown_is_left_out_and_what_lacks_has_its_default() -> None:
    assert Typed(place="港") == Typed.from_json({"place": "港", "fax": "1"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param(("2026-11-21", "16", "13"), (16, 13), id="24 hours"),
        pytest.param(("2026-11-21", "0", "00"), (0, 0), id="midnight"),
        pytest.param(("２０２６-１１-２１", "１６", "１３"), (16, 13), id="full width"),
        pytest.param(("2026-11-21", "24", "00"), None, id="no such hour"),
        pytest.param(("2026-02-30", "1", "00"), None, id="no such day"),
        pytest.param(("", "", ""), None, id="nothing"),
        pytest.param(("2026-11-21", "16", "六"), None, id="no digits"),
        pytest.param(("0001-01-01", "0", "0"), None, id="the end of the calendar"),
        pytest.param(("2026-11-21", "9" * 5000, "0"), None, id="endless digits"),
    ],
)
def test_a_moment_is(typed: tuple[str, str, str], meant: tuple[int, int] | None) -> None:
    day, hour, minute = typed

    found = Moment(day=day, hour=hour, minute=minute).aware(TOKYO)

    assert (datetime(2026, 11, 21, *meant, tzinfo=TOKYO) if meant else None) == found


@given(MOMENTS)
def test_a_moment_is_read_or_not_and_never_fails(moment: Moment) -> None:
    found = moment.aware(TOKYO)

    assert found is None or found == Moment.at(found, TOKYO).aware(TOKYO)


def test_only_digits_that_can_be_an_id_are_ids() -> None:
    assert [7, 12] == ids(["7", "x", "", "-1", "9" * 19, "12", "²"])
