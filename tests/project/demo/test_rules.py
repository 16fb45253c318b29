"""Rules are found by the nearest match and read from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from denrei.project.demo import rules
from denrei.project.demo.rules import Act, Rule, RuleBook

BOOK = RuleBook(
    [
        Rule(match="*", text="all"),
        Rule(match="@au.example", text="domain"),
        Rule(match="+slow", text="end"),
        Rule(match="taro+slow@au.example", text="address"),
        Rule(match="taro+slow@au.example", text="second"),
        Rule(match="*", act=Act.BUSY, text="busy"),
    ]
)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("taro+slow@au.example", "address"),
        ("jiro+slow@au.example", "end"),
        ("jiro+slowly@au.example", "domain"),
        ("jiro@other.example", "all"),
    ],
)
def test_the_nearest_rule_is_found(address: str, expected: str) -> None:
    assert BOOK.find(address).text == expected


def test_a_rule_for_connections_is_apart() -> None:
    assert BOOK.busy is not None
    assert BOOK.busy.text == "busy"
    assert RuleBook([]).busy is None


def test_without_rules_everybody_is_accepted() -> None:
    assert RuleBook([]).find("a@b.example").act is Act.ACCEPT


def test_rules_read_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(
        '[[rule]]\nmatch = "@a.example"\nact = "greylist"\ncode = 450\ntimes = 3\n'
        '[[rule]]\nmatch = "x@b.example"\nlike = "au-filter"\nseconds = 1.5\n'
    )

    first, second = rules.load(path)

    assert first == Rule(match="@a.example", act=Act.GREYLIST, code=450, times=3)
    assert (second.act, second.seconds) == (Act.REFUSE_DATA, 1.5)
    assert second.text == "<{address}>: User unknown"


def test_what_is_dumped_is_loaded_again(tmp_path: Path) -> None:
    rules.dump(rules.BY_SUFFIX, tmp_path / "rules.json")

    assert tuple(rules.load(tmp_path / "rules.json")) == rules.BY_SUFFIX


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ({"match": "*", "colour": "red"}, TypeError),
        ({"match": "*", "act": "explode"}, ValueError),
        ({"match": "*", "like": "nobody"}, KeyError),
    ],
)
def test_nonsense_is_refused(table: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        rules.from_tables([table])
