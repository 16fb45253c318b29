"""Lists of people, page by page."""

from __future__ import annotations

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.directory import paging
from denrei.directory.models import Recipient
from denrei.directory.paging import Count, Order, Page, Place


@pytest.fixture
def people(school: Organization) -> list[int]:
    """Seven people, three of one reading; return their ids in order of reading."""
    with tenancy.acting_for(school.pk):
        return [
            Recipient.objects.create(
                organization=school, name=kana, kana=kana, code=f"{9 - number}"
            ).pk
            for number, kana in enumerate("あいいいうえお")
        ]


def turned(place: Place) -> Page:
    return paging.page(Recipient.objects.all(), place, Recipient.objects.all())


def ids(page: Page) -> list[int]:
    return [person.pk for person in page.people]


@pytest.mark.spec("MSG-5")
@pytest.mark.parametrize(("order", "descending"), [(o, d) for o in Order for d in (False, True)])
def test_turning_pages_shows_everybody_once_and_back_again(
    school: Organization, people: list[int], order: Order, descending: bool
) -> None:
    with tenancy.acting_for(school.pk):
        shown, page = [], turned(Place(order=order, descending=descending, size=2))
        pages = [page]
        while page.after:
            beside = page.people[-1].pk
            page = turned(Place(order=order, descending=descending, size=2, beside=beside))
            pages.append(page)
        shown = [pk for page in pages for pk in ids(page)]
        back = [pages[-1]]
        while back[-1].before:
            place = Place(
                order=order,
                descending=descending,
                size=2,
                beside=back[-1].people[0].pk,
                backwards=True,
            )
            back.append(turned(place))

    assert (sorted(people), 4) == (sorted(shown), len(pages))
    assert [pk for page in reversed(back) for pk in ids(page)] == shown


def test_the_first_page_and_the_last_say_so(school: Organization, people: list[int]) -> None:
    with tenancy.acting_for(school.pk):
        first, last = turned(Place(size=5)), turned(Place(size=5, beside=people[4]))

    assert (first.before, first.after, last.before, last.after) == (False, True, True, False)
    assert (ids(first), ids(last)) == (people[:5], people[5:])


def test_a_place_beside_somebody_erased_is_the_beginning(
    school: Organization, people: list[int]
) -> None:
    with tenancy.acting_for(school.pk):
        page = turned(Place(size=2, beside=0, backwards=True))

    assert (ids(page), page.before) == (people[:2], False)


@pytest.mark.parametrize(
    ("cap", "expected"),
    [
        (7, Count(number=7, capped=False)),
        (6, Count(number=6, capped=True)),
    ],
)
def test_counting_stops_at_the_cap(
    school: Organization,
    people: list[int],
    monkeypatch: pytest.MonkeyPatch,
    cap: int,
    expected: Count,
) -> None:
    monkeypatch.setattr(paging, "COUNTED", cap)
    with tenancy.acting_for(school.pk):
        assert paging.count(Recipient.objects.all()) == expected
