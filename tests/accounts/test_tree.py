"""Units are moved with all below them, and deleted only when nothing belongs to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from denrei.accounts import operators, organizations, tenancy, tree, units
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Unit
from denrei.accounts.refusal import Refusal, RefusedError
from denrei.accounts.tree import Wanted
from denrei.directory.models import Recipient


@pytest.fixture
def city(db: None) -> Iterator[Organization]:
    created = organizations.create("city", "市")
    with tenancy.acting_for(created.pk):
        yield created


@pytest.fixture
def chief(city: Organization) -> Operator:
    wanted = operators.Wanted(login="chief", name="長", role=Role.ADMIN)
    return operators.add(city, wanted, "p", None)


def named(code: str) -> Wanted:
    return Wanted(code=code, name=f"第{code}課")


def paths(organization: Organization) -> dict[str, str]:
    """Return the path of each unit, by codes instead of ids."""
    found = {unit.pk: unit for unit in Unit.objects.filter(organization=organization)}
    return {
        unit.code: "/".join(found[int(part)].code for part in unit.path.strip("/").split("/"))
        for unit in found.values()
    }


@pytest.mark.spec("ALL-3")
def test_a_unit_is_added_with_its_sender_and_recorded(city: Organization, chief: Operator) -> None:
    top = tree.add(city, named("1"), None, chief)
    wanted = Wanted(code="11", name="第一小", sender_name="第一小学校", reply_to="a@example.jp")

    made = tree.add(city, wanted, top, chief)
    entry = AuditEntry.objects.newest_first()[0]

    assert ("1/11", "第一小学校", "unit.added", "1 第1課") == (
        paths(city)["11"],
        Unit.objects.get(pk=made.pk).sender_name,
        entry.action,
        entry.after["parent"],
    )


def test_a_unit_moves_with_all_below_it(city: Organization, chief: Operator) -> None:
    one, two = (tree.add(city, named(code), None, chief) for code in "12")
    child = tree.add(city, named("11"), one, chief)
    tree.add(city, named("111"), child, chief)

    tree.change(child, named("11"), two, chief)

    assert {"1": "1", "2": "2", "11": "2/11", "111": "2/11/111"} == paths(city)


def test_a_unit_moves_to_the_top(city: Organization, chief: Operator) -> None:
    one = tree.add(city, named("1"), None, chief)
    child = tree.add(city, named("11"), one, chief)

    changed = tree.change(child, named("11"), None, chief)

    assert ("11", None) == (paths(city)["11"], changed.parent)


@pytest.mark.parametrize("target", ["1", "11", "111"])
def test_a_unit_is_never_below_itself(city: Organization, chief: Operator, target: str) -> None:
    made: dict[str, Unit] = {}
    for code in ("1", "11", "111"):
        made[code] = tree.add(city, named(code), made.get(code[:-1]), chief)
    before = paths(city)

    with pytest.raises(RefusedError) as caught:
        tree.change(made["1"], named("1"), made[target], chief)

    assert (Refusal.CYCLE, before) == (caught.value.code, paths(city))


MOVES = st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 5)), max_size=12)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_after_any_moves_each_path_is_the_line_of_parents(
    city: Organization, moves: list[tuple[int, int]]
) -> None:
    Unit.objects.update(parent=None)
    Unit.objects.all().delete()
    made = [units.add(city, str(number), "課") for number in range(6)]
    for moved, target in moves:
        try:
            units.move(made[moved], made[target] if target >= 0 else None)
        except RefusedError:
            continue

    parents = {unit.pk: unit.parent_id for unit in Unit.objects.all()}

    def line(pk: int | None) -> str:
        return "/" if pk is None else f"{line(parents[pk])}{pk}/"

    assert {pk: line(pk) for pk in parents} == dict(Unit.objects.values_list("pk", "path"))


def test_a_code_is_given_once(city: Organization, chief: Operator) -> None:
    tree.add(city, named("1"), None, chief)
    two = tree.add(city, named("2"), None, chief)
    for act in (
        lambda: tree.add(city, named("1"), None, chief),
        lambda: tree.change(two, named("1"), None, chief),
    ):
        with pytest.raises(RefusedError) as caught:
            act()
        assert Refusal.CODE_TAKEN == caught.value.code


def test_a_unit_to_which_something_belongs_stays(city: Organization, chief: Operator) -> None:
    one = tree.add(city, named("1"), None, chief)
    tree.add(city, named("11"), one, chief)
    wanted = operators.Wanted(login="a", name="甲", unit=one)
    operators.add(city, wanted, "p", None)
    Recipient.objects.create(organization=city, name="乙", unit=one)

    assert {"children": 1, "operators": 1, "recipients": 1} == tree.uses(one)
    with pytest.raises(RefusedError) as caught:
        tree.delete(one, chief)
    assert Refusal.IN_USE == caught.value.code


def test_a_unit_to_which_nothing_belongs_is_deleted_and_recorded(
    city: Organization, chief: Operator
) -> None:
    one = tree.add(city, named("1"), None, chief)

    tree.delete(one, chief)
    entry = AuditEntry.objects.newest_first()[0]

    assert (0, "unit.deleted", "1", None) == (
        Unit.objects.count(),
        entry.action,
        entry.before["code"],
        entry.after,
    )


def test_what_is_gone_is_not_changed(city: Organization, chief: Operator) -> None:
    one = tree.add(city, named("1"), None, chief)
    two = tree.add(city, named("2"), None, chief)
    tree.delete(one, chief)

    for act in (
        lambda: tree.change(one, named("1"), None, chief),
        lambda: tree.change(two, named("2"), one, chief),
        lambda: tree.delete(one, chief),
    ):
        with pytest.raises(RefusedError) as caught:
            act()
        assert Refusal.GONE == caught.value.code


@pytest.mark.spec("ALL-5")
def test_an_administrator_of_a_unit_does_not_change_the_tree(
    city: Organization, chief: Operator
) -> None:
    one = tree.add(city, named("1"), None, chief)
    wanted = operators.Wanted(login="head", name="校長", role=Role.ADMIN, unit=one)
    head = operators.add(city, wanted, "p", None)

    with pytest.raises(RefusedError) as caught:
        tree.change(one, named("9"), None, head)

    assert Refusal.NO_LONGER == caught.value.code
