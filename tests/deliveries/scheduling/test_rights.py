"""予約: sends at its time what its operator may send by then, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from denrei.accounts import tenancy, units
from denrei.accounts.models import Operator, Role
from denrei.audience.selection import Selection
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Draft, IncidentType, SentBy
from denrei.broadcasts.typed import Typed
from denrei.deliveries import scheduling
from denrei.deliveries.appointed import ScheduledState
from tests.deliveries.scheduling.reserving import come, reserve, settled
from tests.deliveries.world import World

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("OPS-7")]


@pytest.mark.spec("OPS-4")
@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.VIEWER}])
def test_nothing_is_sent_for_who_may_not_send_any_more(
    world: World, draft: Draft, change: dict[str, Any]
) -> None:
    world.lane()
    world.people(1)
    reservation = reserve(world, draft)
    with tenancy.acting_for(world.organization.pk):
        Operator.objects.update(**change)
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    found = settled(world, reservation)
    assert ScheduledState.FAILED == found.state
    assert "権限" in found.words
    assert [(0,)] == world.ask("SELECT count(*) FROM broadcast")


@pytest.mark.spec("OPS-4")
@pytest.mark.parametrize(
    ("is_deleted", "state"), [(False, ScheduledState.FAILED), (True, ScheduledState.LAUNCHED)]
)
def test_an_incident_type_that_went_into_other_hands_is_not_sent_one_that_is_gone_is(
    world: World, operator: Operator, is_deleted: bool, state: ScheduledState
) -> None:
    world.lane()
    world.people(1)
    with tenancy.acting_for(world.organization.pk):
        incident = IncidentType.objects.create(organization=world.organization, code="1", name="a")
        draft = drafts.create(world.organization, operator, Typed(incident=str(incident.pk)))
    reservation = reserve(world, draft)
    with tenancy.acting_for(world.organization.pk):
        if is_deleted:
            incident.delete()
        else:
            IncidentType.objects.update(sent_by=SentBy.ADMINS)
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    assert state == settled(world, reservation).state


@pytest.mark.spec("ALL-5")
def test_nothing_is_sent_beyond_the_unit_that_its_operator_has_by_then(
    world: World, draft: Draft
) -> None:
    world.lane()
    world.people(3)
    school = units.add(world.organization, "S1", "第一小学校")
    world.change("UPDATE recipient SET unit_id = %s WHERE name = '伝令 0'", school.pk)
    reservation = reserve(world, draft)
    with tenancy.acting_for(world.organization.pk):
        Operator.objects.update(unit=school)
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    found = settled(world, reservation)
    assert ScheduledState.FAILED == found.state
    assert "範囲" in found.words
    assert [(0,)] == world.ask("SELECT count(*) FROM broadcast")


@pytest.mark.spec("ALL-5")
def test_who_has_more_by_then_sends_to_the_unit_that_was_meant(world: World, draft: Draft) -> None:
    world.lane()
    world.people(3)
    city = units.add(world.organization, "C", "教育委員会")
    school = units.add(world.organization, "S1", "第一小学校", city)
    world.change("UPDATE recipient SET unit_id = %s WHERE name = '伝令 0'", school.pk)
    meant = Selection(everybody=True, within=school.pk)
    reservation = reserve(world, draft, selection=meant)
    with tenancy.acting_for(world.organization.pk):
        Operator.objects.update(unit=city)
    come(world, reservation)

    scheduling.launch_due(world.organization.pk, reservation.pk)

    assert ScheduledState.LAUNCHED == settled(world, reservation).state
    assert [(1,)] == world.ask("SELECT people FROM run")
