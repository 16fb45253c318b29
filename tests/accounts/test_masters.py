"""Lists that an organization keeps itself: one way to change all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.accounts import masters, organizations, tenancy
from denrei.accounts.masters import Listing, TakenError
from denrei.accounts.models import AuditEntry, Operator, Organization, Role
from denrei.broadcasts.models import IncidentType, Situation
from denrei.directory.models import ContactGroup

IDS = st.lists(st.integers(1, 20), unique=True)


@given(IDS, st.lists(st.integers(1, 25)))
def test_sorting_loses_nothing_and_takes_in_nothing(present: list[int], wanted: list[int]) -> None:
    assert sorted(present) == sorted(masters.arranged(present, wanted))


@given(IDS, st.lists(st.integers(1, 25), unique=True))
def test_sorting_follows_the_wish_and_leaves_others_where_they_are(
    present: list[int], wanted: list[int]
) -> None:
    arranged = masters.arranged(present, wanted)
    named = [one for one in wanted if one in present]

    assert named == [one for one in arranged if one in wanted]
    assert [(place, one) for place, one in enumerate(present) if one not in wanted] == [
        (place, one) for place, one in enumerate(arranged) if one not in wanted
    ]


@pytest.fixture
def city(db: None) -> Organization:
    return organizations.create("city", "市")


@pytest.fixture
def actor(city: Organization) -> Operator:
    with tenancy.acting_for(city.pk):
        return Operator.objects.create(
            organization=city, login="a", name="管理 花子", role=Role.ADMIN
        )


@pytest.fixture
def groups(city: Organization) -> Listing:
    return Listing(entries=ContactGroup.objects.all(), owner=city)


def add(groups: Listing, actor: Operator, code: str, place: int = 99) -> ContactGroup:
    entry = ContactGroup(organization=actor.organization, code=code, name=f"組{code}")
    with tenancy.acting_for(actor.organization_id):
        masters.add(groups, entry, place, actor)
    return entry


def order(groups: Listing) -> list[str]:
    with tenancy.acting_for(groups.organization_id):
        return list(groups.entries.order_by("order").values_list("code", flat=True))


def trail(city: Organization) -> list[tuple[str, object, object]]:
    with tenancy.acting_for(city.pk):
        entries = AuditEntry.objects.order_by("id")
        return list(entries.values_list("action", "before", "after"))


@pytest.mark.spec("MSG-1")
@pytest.mark.parametrize(("place", "expected"), [(1, "xab"), (2, "axb"), (3, "abx"), (99, "abx")])
def test_an_entry_comes_to_its_place(
    groups: Listing, actor: Operator, place: int, expected: str
) -> None:
    for code in "ab":
        add(groups, actor, code)

    add(groups, actor, "x", place)

    assert list(expected) == order(groups)


@pytest.mark.spec("MSG-1")
def test_a_code_that_is_taken_is_refused_with_the_name_of_the_holder(
    groups: Listing, actor: Operator
) -> None:
    add(groups, actor, "a")

    with pytest.raises(TakenError) as refused:
        add(groups, actor, "a")

    assert "組a" == refused.value.name
    assert ["a"] == order(groups)


def test_two_incident_types_may_use_the_same_code_for_their_situations(
    city: Organization, actor: Operator
) -> None:
    with tenancy.acting_for(city.pk):
        for number in (1, 2):
            incident = IncidentType.objects.create(
                organization=city, code=str(number), name="地震", order=number
            )
            entry = Situation(organization=city, incident_type=incident, code="1", name="調査中")
            own = Listing(entries=Situation.objects.filter(incident_type=incident), owner=incident)
            masters.add(own, entry, 1, actor)

        assert 2 == Situation.objects.count()


def test_nothing_is_added_under_what_was_deleted_meanwhile(
    city: Organization, actor: Operator
) -> None:
    with tenancy.acting_for(city.pk):
        incident = IncidentType.objects.create(organization=city, code="1", name="地震")
        IncidentType.objects.all().delete()
        entry = Situation(organization=city, incident_type=incident, code="1", name="調査中")
        own = Listing(entries=Situation.objects.filter(incident_type=incident), owner=incident)

        with pytest.raises(IncidentType.DoesNotExist):
            masters.add(own, entry, 1, actor)


@pytest.mark.spec("MSG-1")
def test_a_change_is_stored_and_keeps_the_place_that_somebody_else_gave(
    city: Organization, groups: Listing, actor: Operator
) -> None:
    first, _second = add(groups, actor, "a"), add(groups, actor, "b")
    with tenancy.acting_for(city.pk):
        masters.step(groups, first.pk, 1, actor)
        first.name = "髙﨑𠮷田"
        masters.change(groups, first, None, actor)

    assert ["b", "a"] == order(groups)


def test_a_change_of_what_was_deleted_meanwhile_is_refused(
    city: Organization, groups: Listing, actor: Operator
) -> None:
    gone = add(groups, actor, "a")
    with tenancy.acting_for(city.pk):
        ContactGroup.objects.all().delete()

        with pytest.raises(ContactGroup.DoesNotExist):
            masters.change(groups, gone, None, actor)


@pytest.mark.parametrize(("by", "expected"), [(-1, "acbd"), (1, "abdc"), (-9, "cabd"), (9, "abdc")])
def test_a_step_moves_an_entry_at_most_to_the_end(
    city: Organization, groups: Listing, actor: Operator, by: int, expected: str
) -> None:
    added = [add(groups, actor, code) for code in "abcd"]

    with tenancy.acting_for(city.pk):
        masters.step(groups, added[2].pk, by, actor)

    assert list(expected) == order(groups)


def test_a_step_of_what_was_deleted_meanwhile_changes_nothing(
    city: Organization, groups: Listing, actor: Operator
) -> None:
    add(groups, actor, "a")

    with tenancy.acting_for(city.pk):
        masters.step(groups, 10**12, 1, actor)

    assert ["a"] == order(groups)


def test_entries_that_an_import_left_without_an_order_are_sorted_too(
    city: Organization, groups: Listing, actor: Operator
) -> None:
    with tenancy.acting_for(city.pk):
        made = ContactGroup.objects.bulk_create(
            ContactGroup(organization=city, code=code, name=code) for code in "abc"
        )
        masters.reorder(groups, [made[2].pk, made[0].pk], actor)

    assert list("cba") == order(groups)


@pytest.mark.spec("ALL-3")
def test_each_change_is_on_the_trail_and_what_changes_nothing_is_not(
    city: Organization, groups: Listing, actor: Operator
) -> None:
    one = add(groups, actor, "a")
    two = add(groups, actor, "b")
    with tenancy.acting_for(city.pk):
        masters.change(groups, one, None, actor)
        one.name = "総務"
        masters.change(groups, one, None, actor)
        masters.step(groups, one.pk, -1, actor)
        masters.reorder(groups, [two.pk, one.pk], actor)
        ids = [one.pk, two.pk]
        masters.delete(groups, one, actor, {"people": 3})

    first = {"code": "a", "name": "組a", "order": 1}
    renamed = {**first, "name": "総務"}
    assert [
        ("contact_group.added", None, first),
        ("contact_group.added", None, {"code": "b", "name": "組b", "order": 2}),
        ("contact_group.changed", first, renamed),
        ("contact_group.reordered", {"ids": ids}, {"ids": ids[::-1]}),
        ("contact_group.deleted", {**renamed, "people": 3}, None),
    ] == trail(city)
