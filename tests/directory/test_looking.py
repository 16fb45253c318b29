"""A page and a count of a search: the same people, whichever way the database finds them."""

from __future__ import annotations

import pytest
from django.db import connection

from denrei.accounts import tenancy, units
from denrei.accounts.models import Operator, Organization
from denrei.directory import paging, search
from denrei.directory.looking import Look
from denrei.directory.models import ContactGroup, GroupMember, Recipient, RecipientState
from denrei.directory.paging import Count, Order, Place
from denrei.directory.searching import Search, Standing

#: Names with their readings; 田 is in those that come late, 龍 in one alone.
_NAMES = (
    ("青木", "あおき"),
    ("石川", "いしかわ"),
    ("田中", "たなか"),
    ("山田", "やまだ"),
    ("渡辺", "わたなべ"),
)


@pytest.fixture
def crowd(school: Organization) -> list[Recipient]:
    """People of two units, every eleventh of whom left."""
    with tenancy.acting_for(school.pk):
        schools = [units.add(school, f"S{number}", f"第{number}") for number in range(2)]
        made = []
        for number in range(120):
            name, kana = _NAMES[number % 5] if number != 77 else ("龍造寺", "りゅうぞうじ")
            code = f"A{number * 7 % 120:03}"
            mail = f"u{number}@{('docomo.ne.jp', 'gmail.com')[number % 2]}"
            made.append(
                Recipient(
                    organization=school,
                    name=name,
                    kana=kana,
                    code=code,
                    unit=schools[number % 2],
                    search=search.text_for(name, kana, code, (mail,)),
                    state=RecipientState.LEFT if number % 11 == 0 else RecipientState.ACTIVE,
                )
            )
        Recipient.objects.bulk_create(made)
        return list(Recipient.objects.all())


def paged(look: Look, order: Order, *, descending: bool) -> list[int]:
    """Turn all pages; return the ids in the order in which they were shown."""
    shown, beside = [], None
    while True:
        page, _ = look.listed(Place(order=order, descending=descending, beside=beside, size=7))
        shown += [person.pk for person in page.people]
        if not page.after:
            return shown
        beside = shown[-1]


@pytest.mark.spec("MSG-5")
@pytest.mark.parametrize("sample", ["0.2", "100"])
@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("田", "田"),
        ("わ", "わ"),
        ("龍", "竜"),
        ("渡辺", "渡辺"),
        ("たなか", "たなか"),
        ("@docomo.ne", "@docomo.ne"),
        ("a00", "a00"),
        ("ne.jp", "ne.jp"),
        ("いないひと", "いないひと"),
        ("%", "%"),
    ],
)
def test_a_page_by_index_or_walked_is_the_same(
    school: Organization,
    crowd: list[Recipient],
    query: str,
    part: str,
    order: Order,
    descending: bool,
    sample: str,
) -> None:
    meant = [
        person
        for person in crowd
        if part in person.search and person.state == RecipientState.ACTIVE
    ]
    meant.sort(key=lambda one: (getattr(one, order), one.pk), reverse=descending)
    look = Look(operator=Operator(organization=school), search=Search(text=query))
    with tenancy.acting_for(school.pk), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('denrei.sample', %s, true)", [sample])

        assert paged(look, order, descending=descending) == [person.pk for person in meant]
        assert look.count() == Count(number=len(meant), capped=False)


@pytest.mark.spec("MSG-5", "ALL-5")
@pytest.mark.parametrize("sample", ["0.2", "100"])
def test_unit_and_state_narrow_a_text(
    school: Organization, crowd: list[Recipient], sample: str
) -> None:
    with tenancy.acting_for(school.pk), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('denrei.sample', %s, true)", [sample])
        unit = crowd[0].unit
        teacher = Operator(organization=school, unit=unit)
        for standing, states in (
            (Standing.LEFT, {RecipientState.LEFT}),
            (Standing.ANY, {RecipientState.LEFT, RecipientState.ACTIVE}),
        ):
            look = Look(operator=teacher, search=Search(text="田", standing=standing))
            expected = {
                person.pk
                for person in crowd
                if "田" in person.name and person.unit == unit and person.state in states
            }

            assert set(paged(look, Order.KANA, descending=False)) == expected


@pytest.mark.spec("MSG-5")
def test_a_text_and_a_group_hold_at_once(school: Organization, crowd: list[Recipient]) -> None:
    with tenancy.acting_for(school.pk):
        group = ContactGroup.objects.create(organization=school, code="G", name="消防団")
        GroupMember.objects.bulk_create(
            GroupMember(organization=school, group=group, recipient=person) for person in crowd[:40]
        )
        asking = Operator(organization=school)
        both = Look(operator=asking, search=Search(text="田", group=group))
        by_name = Look(operator=asking, search=Search(text="消防"))

        assert set(paged(both, Order.KANA, descending=False)) == {
            one.pk for one in crowd[:40] if "田" in one.name and one.state == RecipientState.ACTIVE
        }
        assert by_name.count().number == sum(one.state == 1 for one in crowd[:40])


@pytest.mark.parametrize(("limit", "expected"), [(23, (22, False)), (5, (5, True))])
@pytest.mark.parametrize("sample", ["0.2", "100"])
def test_a_count_stops_at_its_limit(
    school: Organization,
    crowd: list[Recipient],
    monkeypatch: pytest.MonkeyPatch,
    limit: int,
    expected: tuple[int, bool],
    sample: str,
) -> None:
    monkeypatch.setattr(paging, "COUNTED", limit)
    look = Look(operator=Operator(organization=school), search=Search(text="渡辺"))
    with tenancy.acting_for(school.pk), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('denrei.sample', %s, true)", [sample])
        count = look.count()

    assert (count.number, count.capped) == expected
