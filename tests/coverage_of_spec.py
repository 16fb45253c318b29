"""Which tests prove which requirement: `python -m tests.coverage_of_spec [--unknown]`.

The ids come from `docs/reference/requirements.md`; the tests name theirs by
`@pytest.mark.spec("EMC-3")`. Nothing is imported or run: the marks are read from the source.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "docs" / "reference" / "requirements.md"
TESTS = ROOT / "tests"

_ID_ROW = re.compile(r"^\| ([A-Z]+-\d+) \|", re.MULTILINE)
_MARK = re.compile(r"(^|\.)mark\.spec$")


def requirement_ids(text: str) -> list[str]:
    """Return the ids in the first column of the tables of a Markdown text, in their order."""
    return _ID_ROW.findall(text)


def _marks(node: ast.AST, place: str) -> Iterator[tuple[str, str]]:
    """Yield (id, place) of each `….mark.spec(…)` at or below this node."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        place = f"{place}::{node.name}"
    if isinstance(node, ast.Call) and _MARK.search(ast.unparse(node.func)):
        yield from ((_literal(argument, place), place) for argument in node.args)
    for child in ast.iter_child_nodes(node):
        yield from _marks(child, place)


def _literal(argument: ast.expr, place: str) -> str:
    """Return the id: it must be written out, or nobody can find it."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise ValueError(f"{place}, line {argument.lineno}: the id of a spec mark must be a string")


def marks_in(source: str, file: str) -> list[tuple[str, str]]:
    """Return (id, "file::name") for each id that a mark in this source names."""
    return list(_marks(ast.parse(source), file))


def tests_by_id(root: Path) -> dict[str, list[str]]:
    """Return for each id that any mark below `root` names the tests that carry it."""
    carriers: dict[str, list[str]] = defaultdict(list)
    for path in sorted(root.rglob("*.py")):
        file = path.relative_to(root.parent).as_posix()
        for requirement, place in marks_in(path.read_text(encoding="utf-8"), file):
            carriers[requirement].append(place)
    return dict(carriers)


def unknown(carriers: Mapping[str, Sequence[str]], ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the ids that marks name and no requirement has, with the tests that name them."""
    return {named: list(tests) for named, tests in carriers.items() if named not in set(ids)}


def report(carriers: Mapping[str, Sequence[str]], ids: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the report: each id with its tests, those without, the counts."""
    for requirement in ids:
        yield requirement
        yield from (f"    {test}" for test in carriers.get(requirement, ()))
    bare = [requirement for requirement in ids if requirement not in carriers]
    yield ""
    yield f"without a test: {', '.join(bare) or 'none'}"
    yield f"{len(ids)} requirements, {len(ids) - len(bare)} with a test, {len(bare)} without"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report, or with --unknown the marks that no requirement answers (exit 1)."""
    parser = argparse.ArgumentParser(prog="python -m tests.coverage_of_spec", description=__doc__)
    parser.add_argument(
        "--unknown", action="store_true", help="only marks that name no requirement"
    )
    options = parser.parse_args(arguments)
    ids = requirement_ids(REQUIREMENTS.read_text(encoding="utf-8"))
    carriers = tests_by_id(TESTS)
    if not options.unknown:
        sys.stdout.writelines(f"{line}\n" for line in report(carriers, ids))
        return 0
    strangers = unknown(carriers, ids)
    sys.stdout.writelines(f"{named}: {', '.join(tests)}\n" for named, tests in strangers.items())
    return 1 if strangers else 0


if __name__ == "__main__":
    sys.exit(main())
