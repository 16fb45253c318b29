"""The invented city is the same each time, plausible, and belongs to nobody."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest

from denrei.project.demo import city
from denrei.project.demo.rules import Act

PEOPLE = list(city.people(4000, seed=7))


def test_the_same_seed_gives_the_same_bytes() -> None:
    first = b"".join(city.people_csv(300, seed=7))

    assert first == b"".join(city.people_csv(300, seed=7))
    assert first != b"".join(city.people_csv(300, seed=8))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 50, 51])
def test_there_are_as_many_people_as_asked_for(n: int) -> None:
    assert len(list(city.people(n, seed=3))) == n


def test_the_file_reads_back_as_the_people() -> None:
    text = b"".join(city.people_csv(4000, seed=7)).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))

    assert tuple(header) == city.HEADER
    assert rows == [person.row() for person in PEOPLE]


def test_codes_are_unique_and_addresses_are_shared_in_a_household_only() -> None:
    holders: dict[str, set[str]] = {}
    for person in PEOPLE:
        for mail in person.mails:
            holders.setdefault(mail, set()).add(person.household or person.code)

    assert len({person.code for person in PEOPLE}) == len(PEOPLE)
    assert {len(each) for each in holders.values()} == {1}


def test_households_are_pairs_with_children_and_some_share_an_address() -> None:
    homes: dict[str, list[city.Person]] = {}
    for person in PEOPLE:
        if person.household:
            homes.setdefault(person.household, []).append(person)
    pairs = [home for home in homes.values() if len(home) == 2]
    shared = [home for home in pairs if set(home[0].mails) & set(home[1].mails)]

    assert len(pairs) >= len(homes) - 1
    assert all(home[0].children == home[1].children != () for home in pairs)
    assert 0.2 < len(shared) / len(pairs) < 0.4


def test_nothing_in_it_exists() -> None:
    assert all(mail.endswith(".example") for person in PEOPLE for mail in person.mails)
    assert all(person.phone.startswith("0900-") for person in PEOPLE if person.phone)


def test_the_hard_cases_are_there() -> None:
    names = "".join(person.name for person in PEOPLE)
    mails = [mail for person in PEOPLE for mail in person.mails]

    assert set("髙﨑𠮷邉濵") <= set(names)
    assert any(".." in mail for mail in mails)
    assert any(".@" in mail for mail in mails)
    assert {"ja", "en"} == {person.language for person in PEOPLE}
    assert any(not person.mails for person in PEOPLE)
    assert any(len(person.mails) == 3 for person in PEOPLE)
    assert any(len(person.groups) == 2 for person in PEOPLE)


@pytest.mark.parametrize(
    ("kind", "share"),
    [
        ("unknown", 0.01),
        ("filter", 0.005),
        ("full", 0.003),
        ("greylist", 0.02),
        ("slow", 0.01),
        ("returned", 0.005),
    ],
)
def test_about_as_many_addresses_misbehave_as_is_said(kind: str, share: float) -> None:
    local_parts = [mail.partition("@")[0] for person in PEOPLE for mail in person.mails]
    count = sum(local.endswith(f".{kind}") for local in local_parts)

    assert share / 3 < count / len(PEOPLE) < share * 2


def test_the_rules_name_each_address_that_misbehaves_and_no_other() -> None:
    rules = city.rules(PEOPLE, slow_seconds=0.1)
    ends = Counter(rule.match.partition("@")[0].rpartition(".")[2] for rule in rules)
    acts = {rule.match.partition("@")[0].rpartition(".")[2]: rule.act for rule in rules}

    assert set(ends) == {"unknown", "filter", "full", "greylist", "slow", "returned"}
    assert (acts["greylist"], acts["slow"], acts["full"], acts["returned"]) == (
        Act.GREYLIST,
        Act.ACCEPT,
        Act.REFUSE_DATA,
        Act.RETURN,
    )
    assert {rule.seconds for rule in rules} == {0.0, 0.1}


def test_a_carrier_refuses_in_its_own_words() -> None:
    texts = {
        (rule.match.partition("@")[2], rule.text)
        for rule in city.rules(PEOPLE)
        if ".unknown@" in rule.match
    }

    assert ("docomo.example", "Unknown user {address}") in texts
    assert ("softbank.example", "Invalid recipient: <{address}>") in texts
