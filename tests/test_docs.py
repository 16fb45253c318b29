"""The documentation and the code say the same: nothing is undocumented, no link leads nowhere."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import importlib.util
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from denrei import channels
from denrei.accounts import rights
from denrei.accounts.rights import CONSOLE, Right
from denrei.directory.importing.columns import COLUMNS
from denrei.domain.status import Status
from tests import coverage_of_spec

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
CHANNELS = sorted(
    path.stem
    for path in Path(channels.__file__).parent.iterdir()
    if path.stem != "__init__" and (path.suffix == ".py" or (path / "__init__.py").is_file())
)


def pages() -> list[Path]:
    """Return every page of the documentation, those at the root too."""
    return sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def prose(page: Path) -> str:
    """Return the text of a page without its blocks of code."""
    return re.sub(
        r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[tuple[str, str]]:
    """Yield (path, anchor) of each relative link or picture of a page."""
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield path, anchor


def leads_nowhere(page: Path, path: str, anchor: str) -> bool:
    """Tell whether a link of a page has no file, or no heading in it."""
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return True
    return bool(anchor) and target.suffix == ".md" and anchor not in anchors(target)


def first_cells(page: Path) -> list[str]:
    """Return the first cell of each row of the tables of a page, without the heads."""
    cells: list[str] = []
    head = ""
    for line in page.read_text(encoding="utf-8").splitlines():
        cell = line.split("|")[1].strip() if line.startswith("|") else ""
        if cell.startswith("---"):
            cells.remove(head)
        elif cell:
            cells.append(cell)
        head = cell
    return cells


def test_marks_name_requirements_that_exist() -> None:
    ids = coverage_of_spec.requirement_ids(coverage_of_spec.REQUIREMENTS.read_text("utf-8"))

    assert coverage_of_spec.unknown(coverage_of_spec.tests_by_id(ROOT / "tests"), ids) == {}


def test_no_requirement_is_listed_twice() -> None:
    ids = coverage_of_spec.requirement_ids(coverage_of_spec.REQUIREMENTS.read_text("utf-8"))

    assert len(ids) == len(set(ids))


def test_a_mark_is_found_wherever_pytest_would_take_it() -> None:
    source = """
pytestmark = pytest.mark.spec("A-1")
@pytest.mark.spec("B-1", "B-2")
class TestThis:
    @mark.spec("C-1")
    async def test_that(self): ...
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.spec("D-1"))])
def test_table(x): ...
"""

    assert sorted(coverage_of_spec.marks_in(source, "t.py")) == [
        ("A-1", "t.py"),
        ("B-1", "t.py::TestThis"),
        ("B-2", "t.py::TestThis"),
        ("C-1", "t.py::TestThis::test_that"),
        ("D-1", "t.py::test_table"),
    ]


def test_an_id_that_is_not_written_out_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1: the id of a spec mark must be a string"):
        coverage_of_spec.marks_in("@pytest.mark.spec(ID)\ndef test_this(): ...", "t.py")


def test_the_report_names_what_is_proven_and_what_is_not() -> None:
    assert list(coverage_of_spec.report({"A-1": ["t.py::test_this"]}, ["A-1", "A-2"])) == [
        "A-1",
        "    t.py::test_this",
        "A-2",
        "",
        "without a test: A-2",
        "2 requirements, 1 with a test, 1 without",
    ]


def test_every_decision_is_in_the_index() -> None:
    index = {path for path, _ in links(DOCS / "adr" / "README.md")}
    records = {path.name for path in (DOCS / "adr").glob("[0-9]*.md")}

    assert records <= index


def test_every_link_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {path}#{anchor}"
        for page in pages()
        for path, anchor in links(page)
        if leads_nowhere(page, path, anchor)
    ]

    assert broken == []


@pytest.mark.parametrize("kind", CHANNELS)
def test_a_channel_has_a_page_and_tests(kind: str) -> None:
    tests = [
        *ROOT.glob(f"tests/channels/test_{kind}*.py"),
        *ROOT.glob(f"tests/channels/{kind}/test_*.py"),
    ]

    assert (REFERENCE / "channels" / f"{kind}.md").is_file()
    assert f"({kind}.md)" in (REFERENCE / "channels" / "README.md").read_text("utf-8")
    assert tests


@pytest.mark.parametrize("kind", CHANNELS)
def test_every_setting_of_a_channel_is_on_its_page(kind: str) -> None:
    page = (REFERENCE / "channels" / f"{kind}.md").read_text("utf-8")
    module = importlib.import_module(f"denrei.channels.{kind}")
    settings = [
        field.name
        for value in vars(module).values()
        if isinstance(value, type) and dataclasses.is_dataclass(value) and hasattr(value, "kind")
        for field in dataclasses.fields(value)
    ]

    assert settings
    assert [name for name in settings if f"| `{name}` |" not in page] == []


def test_every_heading_of_a_people_file_is_documented() -> None:
    page = (REFERENCE / "import-format.md").read_text("utf-8")
    words = re.split(r"[|、\s]+", re.sub(r"[1-9]〜[1-9]", "", page))
    headings = {word for column in COLUMNS for word in (column.title, *column.synonyms)}

    assert headings - set(words) == set()


def test_every_setting_is_documented() -> None:
    sources = (path.read_text("utf-8") for path in (ROOT / "src/denrei/project").rglob("*.py"))
    named = {
        name.removesuffix("_FILE")
        for source in sources
        for name in re.findall(r"\b(?:DENREI_[A-Z_]*[A-Z]|DATABASE_URL)\b", source)
    }
    documented = set(
        re.findall(
            r"^## `([A-Z_]+)`$", (REFERENCE / "settings.md").read_text("utf-8"), re.MULTILINE
        )
    )

    assert documented == named


def subcommands(parser: argparse.ArgumentParser, above: str = "denrei") -> Iterator[str]:
    """Yield the full name of each command that can be called, "denrei people import"."""
    nested = [
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    ]
    if not nested:
        yield above
    for action in nested:
        for name, below in action.choices.items():
            yield from subcommands(below, f"{above} {name}")


def test_every_command_is_documented() -> None:
    if importlib.util.find_spec("denrei.project.commands") is None:
        return
    commands = importlib.import_module("denrei.project.commands")
    documented = re.findall(
        r"^## `(denrei [a-z -]+)`$", (REFERENCE / "commands.md").read_text("utf-8"), re.MULTILINE
    )

    assert sorted(documented) == sorted(subcommands(commands.parser()))


#: What the page of the console's addresses calls a right.
WHO = {
    Right.OPEN: "だれでも",
    Right.OWN: "本人",
    Right.READ: "見る",
    Right.PEOPLE: "名簿",
    Right.SEND: "送信",
    Right.OPERATORS: "操作者",
    Right.ORGANIZATION: "団体",
}
#: How it writes the parts of an address that are no number.
PARTS = {"<slug:kind>": "一覧", "<slug:act>": "操作", "<slug:name>": "節"}


def addresses(resolver: URLResolver, above: str = "/") -> Iterator[tuple[str, str]]:
    """Yield each address as the documentation writes it, and who may read and who may write."""
    for pattern in resolver.url_patterns:
        path = above + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            need = rights.need_of(pattern.callback)
            assert need is not None
            for part, words in PARTS.items():
                path = path.replace(part, words)
            words = dict.fromkeys((WHO[need.read], WHO[need.write]))
            yield re.sub("<int:[a-z_]+>", "ID", path), "、".join(words)
        else:
            yield from addresses(pattern, path)


def test_every_address_of_the_console_is_documented_with_who_may_use_it() -> None:
    page = (REFERENCE / "console.md").read_text("utf-8")
    documented = {
        address: row[2]
        for row in re.finditer(rf"^\| (`{CONSOLE}[^|]*) \| ([^|]+) \|", page, re.MULTILINE)
        for address in re.findall("`([^`]+)`", row[1])
    }
    served = {
        address: who for address, who in addresses(get_resolver()) if address.startswith(CONSOLE)
    }

    assert documented == served


def test_every_status_says_what_to_do() -> None:
    headings = set(
        re.findall(r"^### (.+)$", (REFERENCE / "statuses.md").read_text("utf-8"), re.MULTILINE)
    )

    assert {status.value for status in Status} - headings == set()


def test_a_term_stands_in_the_glossary_once() -> None:
    counted = Counter(
        unicodedata.normalize("NFKC", term) for term in first_cells(DOCS / "glossary.md")
    )

    assert [term for term, times in counted.items() if times > 1] == []


#: Where packages come from and where somebody built: written so that this file does not match.
TRACES = re.compile(
    "|".join(
        [
            r"https?://\S+/simp" + r"le\b",
            "pypi" + r"\.org",
            "python" + "hosted",
            r"registry\." + "npm",
            r"(?<![\w.~-])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/\w+|bu" + "ild)/",
        ]
    )
)
GENERATED = {".pyc", ".png", ".ico", ".woff2"}


def committed_files() -> list[Path]:
    """Return what a clone would hold, without asking git."""
    named = ("src", "tests", "docs", "bench", "chaos", "tools", ".ci", ".github")
    folders = [ROOT / name for name in named]
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    top = [
        path for path in ROOT.iterdir() if path.is_file() and path.name not in {"uv.lock", ".git"}
    ]
    return [path for path in [*found, *top] if path.suffix not in GENERATED]


def test_no_file_names_a_registry_or_the_machine_it_was_made_on() -> None:
    marked = [
        f"{path.relative_to(ROOT)}: {trace[0]}"
        for path in committed_files()
        if (trace := TRACES.search(path.read_text("utf-8", errors="replace")))
    ]

    assert marked == []
