"""The frame of the benches: rounds become lines with a verdict, lines become rows of the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import rows, table
from bench.rows import Bench, Goal, Reading, Row

PEER = Row(name="a, b", unit="/s", against="peer", goal=Goal(least=0.8, floor=0.5))
ALONE = Row(name="alone", unit="ms", goal=Goal(most=250))
OPEN = Row(name="open", unit="us")
BENCH = Bench(name="some", rows=(PEER, ALONE, OPEN), measure=lambda _: iter(()))


def readings(*values: tuple[float, float], row: Row = PEER) -> list[Reading]:
    """Return a reading for each (value, what stood beside it)."""
    return [
        Reading(row=row.name, value=value, beside=beside if row.against else None, people=20_000)
        for value, beside in values
    ]


def test_every_bench_has_a_name_of_its_own_and_rows_too() -> None:
    found = rows.found()

    assert {"mail", "peers", "distance", "million", "events", "transport"} <= found.keys()
    for one in found.values():
        names = [row.name for row in one.rows]
        assert len(names) == len(set(names)) > 0


def test_a_line_holds_the_median_of_the_ratios_against_the_goal() -> None:
    told = [*readings((50, 100), (170, 200), (100, 100)), *readings((300, 0), row=ALONE)]
    peer, alone, missing = (line.said() for line in rows.summed(BENCH, told))

    assert (100, 0.85, True, 3) == tuple(peer[key] for key in ("value", "ratio", "pass", "rounds"))
    assert ([0.5, 1.0], "≥ 0.8, floor 0.5") == (peer["ratio_range"], peer["goal"])
    assert (300, None, False) == tuple(alone[key] for key in ("value", "ratio", "pass"))
    assert ("not measured", False) == (missing["error"], missing["pass"])


@pytest.mark.parametrize(
    ("goal", "figure", "expected"),
    [
        (Goal(least=1), 1, True),
        (Goal(least=1), 0.99, False),
        (Goal(most=1), 1, True),
        (Goal(most=1), 1.01, False),
    ],
)
def test_a_goal_is_a_limit_that_is_allowed(goal: Goal, figure: float, expected: bool) -> None:
    assert expected is goal.reached(figure)


def test_rows_that_were_measured_replace_theirs_and_others_stay(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- bench: begin -->\n<!-- bench: end -->\nafter\n", "utf-8")
    whole = [*readings((90, 100)), *readings((10, 0), row=ALONE), *readings((1, 0), row=OPEN)]
    table.write([line.said() for line in rows.summed(BENCH, whole)], page)
    table.write([rows.summed(BENCH, readings((40, 100)))[0].said()], page)
    written = page.read_text("utf-8").splitlines()

    assert ["before", "after"] == [written[0], written[-1]]
    (peer,) = [line for line in written if "| a, b" in line]
    assert "**0.4**" in peer
    assert "**no**" in peer
    assert 1 == sum("| alone" in line and "| yes |" in line for line in written)
    assert 1 == sum("| open" in line for line in written)


def test_a_page_without_a_place_for_the_table_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing\n", "utf-8")
    with pytest.raises(ValueError, match="no place"):
        table.write([], page)

    assert "nothing\n" == page.read_text("utf-8")
