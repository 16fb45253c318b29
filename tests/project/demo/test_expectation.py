"""What must arrive is read from the file of people and from nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from denrei.project.demo import city
from denrei.project.demo.expectation import expected

HEADER = "利用者コード,世帯コード,メールアドレス1,メールアドレス2,メールアドレス3\r\n"
FILE = HEADER + (
    "1,,one@a.example,two@a.example,three@a.example\r\n"
    "2,H,left@a.example,home@a.example,\r\n"
    "3,H,home@a.example,,\r\n"
    "4,,,,third@a.example\r\n"
    "5,,gone.unknown@a.example,spare@A.Example,\r\n"
    "6,,same@a.example,same@a.example,\r\n"
    "7,,both@a.example,,\r\n"
    "8,,both@a.example,,\r\n"
    "9,,late.greylist@a.example,wait.slow@a.example,\r\n"
    "10,,no.filter@a.example,so.full@a.example,\r\n"
)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Return the small file."""
    path = tmp_path / "people.csv"
    path.write_text("\ufeff" + FILE, encoding="utf-8", newline="")
    return path


def test_a_small_file_by_hand(people: Path) -> None:
    found = expected(people)

    assert found.people == 10
    assert found.messages == {
        "one@a.example": 1,
        "two@a.example": 1,
        "left@a.example": 1,
        "home@a.example": 1,
        "spare@a.example": 1,
        "same@a.example": 1,
        "both@a.example": 2,
        "late.greylist@a.example": 1,
        "wait.slow@a.example": 1,
    }
    assert found.refused == {
        "gone.unknown@a.example": 1,
        "no.filter@a.example": 1,
        "so.full@a.example": 1,
    }
    assert found.without_contact == ("4",)


def test_the_city_refuses_where_its_rules_do(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"".join(city.people_csv(2000, seed=1)))
    rules = city.rules(city.people(2000, seed=1))

    assert set(expected(path).refused) == {
        rule.match for rule in rules if rule.act in {"refuse-rcpt", "refuse-data"}
    }
