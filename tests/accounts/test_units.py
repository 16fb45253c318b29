"""Units are a tree whose prefixes are subtrees."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import Unit

pytestmark = pytest.mark.django_db


@pytest.mark.spec("ALL-5")
def test_a_unit_and_those_below_it_are_found_and_no_other() -> None:
    city = organizations.create("city", "市")
    with tenancy.acting_for(city.pk):
        board = units.add(city, "1", "教育委員会")
        school = units.add(city, "11", "第一小学校", board)
        units.add(city, "111", "第一小学校分校", school)
        units.add(city, "2", "消防")

        below = Unit.objects.below(board).in_order().values_list("code", flat=True)

        assert list(below) == ["1", "11", "111"]


def test_the_path_names_the_units_from_the_root() -> None:
    city = organizations.create("city", "市")
    board = units.add(city, "1", "教育委員会")
    school = units.add(city, "11", "第一小学校", board)

    assert f"/{board.pk}/{school.pk}/" == school.path


def test_a_code_is_given_once_in_an_organization() -> None:
    city = organizations.create("city", "市")
    units.add(city, "1", "教育委員会")

    with pytest.raises(IntegrityError, match="unit_code"):
        units.add(city, "1", "消防")


def test_two_organizations_may_use_the_same_code() -> None:
    added = [units.add(organizations.create(slug, slug), "1", "本部") for slug in ("a", "b")]

    assert [unit.code for unit in added] == ["1", "1"]
