"""The people of an invented city as a file to import, and how their mail servers behave.

The same `n` and `seed` give the same bytes. All mail domains end in `.example` (RFC 2606). Phone
numbers are of the 14-digit 0900 range: valid by the number plan and not given to anybody, since
Japan has no range for documentation. What an address does is written at the end of its local part
(`.unknown`, `.filter`, `.full`, `.greylist`, `.slow`, `.returned`), so that whoever reads the file can tell.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from denrei.project.demo import rules as rulebooks
from denrei.project.demo.names import (
    BRANCHES,
    BRIGADES,
    CHILD,
    FAMILY,
    FOREIGN,
    GIVEN,
    OFFICES,
    SCHOOLS,
    Name,
    Place,
)
from denrei.project.demo.rules import Rule

HEADER = (
    "利用者コード", "氏名", "ふりがな", "所属コード", "所属", "連絡グループ", "役職", "世帯コード",
    "言語", "メールアドレス1", "メールアドレス2", "メールアドレス3", "携帯電話1", "児童名1", "児童名2",
)  # fmt: skip

_DOMAINS = ("docomo", "ezweb", "softbank", "gmail", "yahoo", "icloud", "rakumail")
_DOMAIN_WEIGHTS = (26, 20, 16, 24, 6, 6, 2)
#: How many of a hundred people have 0, 1, 2 or 3 addresses.
_ADDRESSES = (3, 47, 38, 12)
#: Share of people whose first address is of this kind; the rest is plain.
_KINDS = {
    "unknown": 0.01,
    "filter": 0.005,
    "full": 0.003,
    "greylist": 0.02,
    "slow": 0.01,
    "returned": 0.005,
}
#: Kinds that only some carriers show, and those carriers.
_KIND_DOMAINS: Mapping[str, Sequence[str]] = {
    "filter": ("docomo", "ezweb"),
    "full": ("docomo",),
    "returned": ("rakumail",),
}
#: Share of addresses from before 2009 that RFC 5321 takes only in quotes.
_LEGACY = 0.015
_FOREIGNERS = 0.02
#: Of households of two, how many have one address between them.
_SHARED = 0.3

#: (kind, domain without `.example`) -> the ready answer; "" is for any other domain.
_ANSWERS: Mapping[tuple[str, str], str] = {
    ("unknown", "docomo"): "docomo-unknown",
    ("unknown", "ezweb"): "au-unknown",
    ("unknown", "softbank"): "softbank-unknown",
    ("unknown", "gmail"): "gmail-unknown",
    ("unknown", "yahoo"): "yahoo-unknown",
    ("unknown", ""): "icloud-unknown",
    ("filter", "docomo"): "docomo-filter",
    ("filter", "ezweb"): "au-filter",
    ("full", "docomo"): "docomo-full",
    ("greylist", ""): "greylisted",
    ("slow", ""): "slow",
    ("returned", ""): "relay-unknown",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One row of the file."""

    code: str
    name: str
    kana: str
    unit: Place
    groups: tuple[str, ...]
    positions: tuple[str, ...]
    household: str = ""
    language: str = "ja"
    mails: tuple[str, ...]
    phone: str
    children: tuple[str, ...] = ()

    def row(self) -> list[str]:
        """Return the cells in the order of `HEADER`."""
        mails = [*self.mails, "", "", ""][:3]
        return [
            self.code, self.name, self.kana, self.unit.code, self.unit.name, ";".join(self.groups),
            ";".join(self.positions), self.household, self.language, *mails, self.phone,
            *[*self.children, "", ""][:2],
        ]  # fmt: skip


def people(n: int, seed: int) -> Iterator[Person]:
    """Yield `n` people: half of them staff and fire brigade, half guardians in households of two."""
    rng = random.Random(seed)
    number = 0
    while number < n:
        if rng.random() < 2 / 3:
            number += 1
            yield _staff(rng, number)
        else:
            couple = _household(rng, number + 1)[: n - number]
            number += len(couple)
            yield from couple


def people_csv(n: int, seed: int) -> Iterator[bytes]:
    """Yield the file line by line: UTF-8 with BOM and CRLF, as spreadsheets of Japan save it."""
    yield b"\xef\xbb\xbf" + _line(HEADER)
    for person in people(n, seed):
        yield _line(person.row())


def _line(cells: Sequence[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def rules(crowd: Iterable[Person], *, slow_seconds: float = 0.5) -> list[Rule]:
    """Return what the mail servers do with each address of these people that is not plain."""
    found: dict[str, Rule] = {}
    for address in (mail for person in crowd for mail in person.mails):
        local, _, domain = address.partition("@")
        kind = local.rpartition(".")[2]
        if kind in _KINDS:
            name = _ANSWERS.get((kind, domain.removesuffix(".example"))) or _ANSWERS[kind, ""]
            found[address] = rulebooks.answer(name, address)
    return [
        dataclasses.replace(rule, seconds=slow_seconds) if rule.seconds else rule
        for rule in found.values()
    ]


# Who they are.


def _staff(rng: random.Random, number: int) -> Person:
    return rng.choices((_office, _branch, _brigade), (50, 30, 20))[0](rng, number)


def _office(rng: random.Random, number: int) -> Person:
    unit = rng.choice(OFFICES)
    groups = ["本庁各課"]
    if unit is OFFICES[0] or rng.random() < 0.15:
        groups.append("災害対策本部")
    return _person(rng, number, unit, groups, _rank(rng, ("部長", "課長", "係長")))


def _branch(rng: random.Random, number: int) -> Person:
    unit = rng.choice(BRANCHES)
    groups = ["出先機関"]
    if rng.random() < 0.2:
        groups.append("初動班")
    return _person(rng, number, unit, groups, _rank(rng, ("所長", "係長")))


def _brigade(rng: random.Random, number: int) -> Person:
    return _person(
        rng, number, rng.choice(BRIGADES), ["消防団"], _rank(rng, ("分団長", "班長"), "団員")
    )


def _rank(rng: random.Random, ranks: Sequence[str], rest: str = "一般") -> str:
    return rng.choice(ranks) if rng.random() < 0.2 else rest


def _person(
    rng: random.Random, number: int, unit: Place, groups: Sequence[str], position: str
) -> Person:
    name, kana, roman, language = _who(rng)
    return Person(
        code=_code(number),
        name=name,
        kana=kana,
        unit=unit,
        groups=tuple(groups),
        positions=(position,),
        language=language,
        mails=_mails(rng, number, roman),
        phone=_phone(rng, number),
    )


def _who(rng: random.Random, family: Name | None = None) -> tuple[str, str, str, str]:
    """Return name, reading, the word for addresses, and language."""
    if family is None and rng.random() < _FOREIGNERS:
        kanji, kana, roman = rng.choice(FOREIGN)
        return kanji.replace("_", " "), kana, roman, "en"
    family = family or rng.choice(FAMILY)
    given = rng.choice(GIVEN)
    return (
        f"{family.kanji} {given.kanji}",
        f"{family.kana} {given.kana}",
        f"{given.roman}.{family.roman}",
        "ja",
    )


def _household(rng: random.Random, number: int) -> list[Person]:
    """Two guardians of the same children, some of them with one address between them."""
    family, school = rng.choice(FAMILY), rng.choice(SCHOOLS)
    children = tuple(
        f"{family.kanji} {child.kanji}"
        for child in rng.sample(CHILD, rng.choices((1, 2), (6, 4))[0])
    )
    shared = f"{family.roman}-home{number}@{rng.choice(_DOMAINS)}.example"
    shares = rng.random() < _SHARED
    found = []
    for each in (number, number + 1):
        name, kana, roman, language = _who(rng, family)
        mails = _mails(rng, each, roman)
        found.append(
            Person(
                code=_code(each),
                name=name,
                kana=kana,
                unit=school,
                groups=("保護者", *(("PTA役員",) if rng.random() < 0.05 else ())),
                positions=("保護者",),
                household=f"H{number:07}",
                language=language,
                mails=(*mails[:1], shared) if shares else mails,
                phone=_phone(rng, each),
                children=children,
            )
        )
    return found


def _code(number: int) -> str:
    return f"M{number:07}"


def _phone(rng: random.Random, number: int) -> str:
    """Return a number of 14 digits for nine in ten people."""
    return f"0900-{number // 1_000_000:04}-{number % 1_000_000:06}" if rng.random() < 0.9 else ""


# Their addresses.


def _mails(rng: random.Random, number: int, roman: str) -> tuple[str, ...]:
    count = rng.choices(range(4), _ADDRESSES)[0]
    return tuple(_mail(rng, number, roman, slot) for slot in range(1, count + 1))


def _mail(rng: random.Random, number: int, roman: str, slot: int) -> str:
    domain = rng.choices(_DOMAINS, _DOMAIN_WEIGHTS)[0]
    local = f"{roman}{number}" if slot == 1 else f"{roman}{number}-{slot}"
    kind = _kind(rng) if slot == 1 else ""
    if kind:
        return f"{local}.{kind}@{rng.choice(_KIND_DOMAINS.get(kind, (domain,)))}.example"
    if rng.random() < _LEGACY:
        return rng.choice((f"{local.replace('.', '..', 1)}@docomo", f"{local}.@ezweb")) + ".example"
    return f"{local}@{domain}.example"


def _kind(rng: random.Random) -> str:
    at = rng.random()
    for kind, share in _KINDS.items():
        if at < share:
            return kind
        at -= share
    return ""
