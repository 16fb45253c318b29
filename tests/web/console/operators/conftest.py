"""Administrators of the city and of its first school, signed in, and one whom they manage."""

from __future__ import annotations

import pytest
from django.test import Client

from denrei.accounts.models import Operator, Organization, Role, Unit
from tests.web.console.conftest import browser, hire


@pytest.fixture
def chief(city: Organization) -> Operator:
    return hire(city, "chief")


@pytest.fixture
def at_city(city: Organization, chief: Operator) -> Client:
    """The browser of the administrator of the whole city."""
    return browser(city, chief)


@pytest.fixture
def head(city: Organization, first_school: Unit) -> Operator:
    return hire(city, "head", unit=first_school)


@pytest.fixture
def at_school(city: Organization, head: Operator) -> Client:
    """The browser of the first school's administrator."""
    return browser(city, head)


@pytest.fixture
def sato(city: Organization, first_school: Unit) -> Operator:
    """A sender of the first school."""
    return hire(city, "sato", Role.SENDER, first_school)
