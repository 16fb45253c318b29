"""A city with a lane and three people, a sender's desk, and a draft that may be sent."""

from __future__ import annotations

import pytest
from django.test import Client

from denrei.accounts.models import Operator, Organization, Role
from denrei.broadcasts.models import Draft
from tests.web.console import town
from tests.web.console.conftest import browser, hire


@pytest.fixture
def staffed(city: Organization) -> Organization:
    """The city, with a lane and three people."""
    town.lane(city)
    town.people(city, 3)
    return city


@pytest.fixture
def operator(staffed: Organization) -> Operator:
    return hire(staffed, "sender", Role.SENDER)


@pytest.fixture
def desk_of_sender(staffed: Organization, operator: Operator) -> Client:
    return browser(staffed, operator)


@pytest.fixture
def draft(staffed: Organization, operator: Operator) -> Draft:
    return town.draft(staffed, operator)
