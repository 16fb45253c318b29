"""The table of docs/explanation/performance.md: rows that were measured replace theirs, others stay."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "performance.md"
_BEGIN, _END = "<!-- bench: begin -->", "<!-- bench: end -->"
_HEAD = (
    "| bench | measured | median (range) | beside | ratio (range) | goal | reached | when, load |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
)
Said = dict[str, object]


def write(lines: Iterable[Said], page: Path = PAGE) -> None:
    """Put the lines into the table between the two comments of a page; the rest stays as it is."""
    before, begin, rest = page.read_text("utf-8").partition(_BEGIN)
    table, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"{page} has no place for the table: {_BEGIN} … {_END}")
    rows = {_key(row): row for row in table.splitlines() if row.startswith("| `")}
    rows |= {_key(row): row for row in map(drawn, lines)}
    whole = "\n".join((*_HEAD, *(rows[key] for key in sorted(rows))))
    page.write_text(f"{before}{_BEGIN}\n{whole}\n{_END}{after}", "utf-8")


def drawn(said: Said) -> str:
    """Return a line of JSON as a row of the table."""
    when = f"{datetime.now(UTC).date()}, {os.cpu_count()} cores {platform.machine()}"
    if "error" in said:
        return _row(said, ("–", "–", "–", said["goal"] or "–", f"**no**: {said['error']}", when))
    beside = f"{said['against']}: {_figure(said['beside'])}" if said["against"] else "–"
    ratio = (
        f"**{_figure(said['ratio'])}** ({_range(said['ratio_range'])})" if said["ratio"] else "–"
    )
    value = f"{_figure(said['value'])} {said['unit']} ({_range(said['range'])})"
    reached = {True: "yes", False: "**no**", None: "–"}[said["pass"]]  # type: ignore[index]
    load = f"{when}, load {said['load']}"
    return _row(said, (value, beside, ratio, said["goal"] or "–", reached, load))


def _row(said: Said, cells: tuple[object, ...]) -> str:
    people = f", {said['people']:,} people" if said.get("people") else ""
    first = (f"`{said['bench']}`", f"{said['row']}{people}")
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in (*first, *cells)) + " |"


def _key(row: str) -> tuple[str, str]:
    """Return bench and name of a row, without the number of people."""
    _, bench, name, *_ = (cell.strip() for cell in row.split("|"))
    return bench, name.rpartition(", ")[0] if name.endswith(" people") else name


def _figure(value: object) -> str:
    return f"{value:,}"


def _range(pair: object) -> str:
    assert isinstance(pair, list)
    return "–".join(_figure(limit) for limit in dict.fromkeys(pair))
