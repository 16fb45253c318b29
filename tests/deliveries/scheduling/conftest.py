"""Who reserves, and the draft that is reserved."""

from __future__ import annotations

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Role
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Draft
from denrei.broadcasts.typed import Typed
from tests.deliveries.world import World


@pytest.fixture
def operator(world: World) -> Operator:
    with tenancy.acting_for(world.organization.pk):
        return Operator.objects.create(
            organization=world.organization, login="sender", name="防災 太郎", role=Role.SENDER
        )


@pytest.fixture
def draft(world: World, operator: Operator) -> Draft:
    with tenancy.acting_for(world.organization.pk):
        return drafts.create(world.organization, operator, Typed())
