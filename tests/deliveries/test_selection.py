"""Whom a broadcast means: groups, positions, units, persons and their combinations (MSG-3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from denrei.accounts import tenancy, units
from denrei.accounts.models import Organization
from denrei.audience.selection import Selection
from denrei.directory.models import (
    ContactGroup,
    GroupMember,
    Position,
    PositionHolder,
    Recipient,
    RecipientState,
)
from tests.deliveries.world import World

pytestmark = pytest.mark.usefixtures("committed")

#: name → (groups, positions, unit, still there)
_PEOPLE: dict[str, tuple[tuple[str, ...], tuple[str, ...], str | None, bool]] = {
    "fire": (("fire",), (), "city", True),
    "fire chief": (("fire",), ("chief",), "school", True),
    "flood chief": (("flood",), ("chief",), "class", True),
    "both groups": (("fire", "flood"), ("clerk",), "class", True),
    "clerk": ((), ("clerk",), "port", True),
    "nothing": ((), (), None, True),
    "left": (("fire",), ("chief",), "class", False),
}


@dataclass(frozen=True, slots=True)
class Town:
    """An organization with groups, positions and a tree of units; ids by name."""

    world: World
    groups: dict[str, int]
    positions: dict[str, int]
    units: dict[str, int]
    people: dict[str, int]

    def selection(self, **named: Any) -> Selection:
        """Return a selection by names."""
        ids: dict[str, Any] = {
            field: tuple(getattr(self, table)[name] for name in named[field])
            for field, table in _TABLES.items()
            if field in named
        }
        return Selection(**(named | ids))


_TABLES = {
    "groups": "groups",
    "positions": "positions",
    "units": "units",
    "recipients": "people",
}


@pytest.fixture
def town(world: World) -> Town:
    """Return the town of `_PEOPLE`: city > school > class, and port."""
    organization = world.organization
    city = units.add(organization, "city", "市役所")
    school = units.add(organization, "school", "学校", city)
    tree = {
        "city": city.pk,
        "school": school.pk,
        "class": units.add(organization, "class", "1組", school).pk,
        "port": units.add(organization, "port", "港").pk,
    }
    with tenancy.acting_for(organization.id):
        groups = {
            name: ContactGroup.objects.create(organization=organization, code=name, name=name).pk
            for name in ("fire", "flood", "empty")
        }
        positions = {
            name: Position.objects.create(organization=organization, code=name, name=name).pk
            for name in ("chief", "clerk")
        }
        people = {name: _person(organization, name, groups, positions, tree) for name in _PEOPLE}
    return Town(world, groups, positions, tree, people)


def _person(
    organization: Organization,
    name: str,
    groups: dict[str, int],
    positions: dict[str, int],
    tree: dict[str, int],
) -> int:
    in_groups, holds, unit, there = _PEOPLE[name]
    person = Recipient.objects.create(
        organization=organization,
        name=name,
        unit_id=tree[unit] if unit else None,
        state=RecipientState.ACTIVE if there else RecipientState.LEFT,
    )
    for group in in_groups:
        GroupMember.objects.create(
            organization=organization, group_id=groups[group], recipient=person
        )
    for position in holds:
        PositionHolder.objects.create(
            organization=organization, position_id=positions[position], recipient=person
        )
    return person.pk


@pytest.mark.spec("MSG-3")
@pytest.mark.parametrize(
    ("named", "meant"),
    [
        pytest.param(
            {"everybody": True},
            {"fire", "fire chief", "flood chief", "both groups", "clerk", "nothing"},
            id="everybody but who has left",
        ),
        pytest.param({"groups": ["fire"]}, {"fire", "fire chief", "both groups"}, id="a group"),
        pytest.param(
            {"groups": ["fire", "flood"]},
            {"fire", "fire chief", "flood chief", "both groups"},
            id="several groups, each person once",
        ),
        pytest.param({"groups": ["empty"]}, set(), id="an empty group"),
        pytest.param({"positions": ["chief"]}, {"fire chief", "flood chief"}, id="a position"),
        pytest.param(
            {"groups": ["fire"], "positions": ["chief"]},
            {"fire", "fire chief", "both groups", "flood chief"},
            id="いずれか: in the group or in the position",
        ),
        pytest.param(
            {"groups": ["fire"], "positions": ["chief"], "both": True},
            {"fire chief"},
            id="両方: in the group and in the position",
        ),
        pytest.param(
            {"groups": ["fire", "flood"], "positions": ["chief", "clerk"], "both": True},
            {"fire chief", "flood chief", "both groups"},
            id="両方 of several: in one of each",
        ),
        pytest.param(
            {"groups": ["flood"], "both": True},
            {"flood chief", "both groups"},
            id="両方 with groups alone is the groups",
        ),
        pytest.param(
            {"units": ["city"]},
            {"fire", "fire chief", "flood chief", "both groups"},
            id="a unit with all below it",
        ),
        pytest.param({"units": ["class"]}, {"flood chief", "both groups"}, id="a leaf of the tree"),
        pytest.param(
            {"recipients": ["nothing", "clerk"]}, {"nothing", "clerk"}, id="person by person"
        ),
        pytest.param({"recipients": ["left"]}, set(), id="nobody who has left"),
        pytest.param(
            {"groups": ["flood"], "units": ["port"], "recipients": ["both groups", "nothing"]},
            {"flood chief", "both groups", "clerk", "nothing"},
            id="who is named by several ways counts once",
        ),
        pytest.param(
            {"groups": ["fire"], "positions": ["chief"], "both": True, "recipients": ["nothing"]},
            {"fire chief", "nothing"},
            id="a person is added to 両方",
        ),
    ],
)
def test_a_selection_means(town: Town, named: dict[str, Any], meant: set[str]) -> None:
    selection = town.selection(**named)

    with tenancy.acting_for(town.world.organization.id):
        names = [person.name for person in selection.people()]

    assert sorted(meant) == sorted(names)


@pytest.mark.spec("MSG-3")
def test_who_joins_a_group_after_the_launch_is_not_meant(town: Town) -> None:
    world = town.world
    world.lane()
    launched = world.launch(selection=town.selection(groups=["flood"]))
    with tenancy.acting_for(world.organization.id):
        GroupMember.objects.create(
            organization=world.organization,
            group_id=town.groups["flood"],
            recipient_id=town.people["nothing"],
        )
        Recipient.objects.filter(pk=town.people["flood chief"]).update(name="renamed")

    world.slices(launched.broadcast_id)

    assert [("both groups",), ("flood chief",)] == world.ask(
        "SELECT name FROM audience ORDER BY name"
    )
