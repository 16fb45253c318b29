"""Every address × every role × own unit, other unit, other organization: nothing leaks (ALL-5).

Each request runs for itself and is taken back. What belongs to others carries a word that must
never come out, whatever the answer is.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from denrei.accounts import organizations, rights
from denrei.accounts.models import Operator, Organization, Preset, Role, Unit
from denrei.accounts.rights import Right
from denrei.broadcasts import presets
from denrei.web.gate import DECLARED
from tests.web.console.belongings import SHARED, WORDS, Belongings, belongings
from tests.web.console.conftest import browser, hire

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
REFUSED = {
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.GONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a crawler walks through."""

    city: Organization
    school: Unit
    #: Of the crawler's unit, of another unit of the city, of another organization.
    own: Belongings
    beside: Belongings
    abroad: Belongings


@pytest.fixture
def world(city: Organization, first_school: Unit, second_school: Unit) -> World:
    north = organizations.create("north", "外市ヒミツ", Preset.CITY)
    presets.furnish(north)
    return World(
        city=city,
        school=first_school,
        own=belongings(city, first_school, "自分"),
        beside=belongings(city, second_school, "隣ヒミツ"),
        abroad=belongings(north, None, "外ヒミツ"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address of the console."""

    name: str
    need: rights.Need
    #: Names of what it asks for in its path.
    keys: tuple[str, ...]

    def path(self, things: Belongings) -> str:
        """Return the path that names somebody's things."""
        return reverse(self.name, kwargs={key: things.of(self.name, key) for key in self.keys})


def every_address() -> list[Address]:
    """Return the addresses of the console, those of libraries too."""
    return [
        Address(name=name, need=need, keys=keys)
        for name, keys, view in _walk(get_resolver())
        if (need := rights.need_of(view) or DECLARED.get(name))
        and (not keys or name.startswith(("console:", "mfa_")))
        and not name.startswith("portal:")
    ]


def _walk(
    resolver: URLResolver, space: str = "", keys: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...], Callable[..., Any]]]:
    for entry in resolver.url_patterns:
        inner = (*keys, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            yield from _walk(
                entry, f"{space}{entry.namespace}:" if entry.namespace else space, inner
            )
        elif entry.name:
            yield f"{space}{entry.name}", inner, entry.callback


def ask(client: Client, method: str, path: str) -> tuple[int, str]:
    """Return status and text of an answer; whatever the request did is taken back."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        response = client.generic(method, path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    client.cookies = cookies
    return response.status_code, body.decode("utf-8", "replace")


ROLES = [
    pytest.param(role, within, id=f"{role.value} of {'a school' if within else 'the city'}")
    for within in (False, True)
    for role in Role
]


def methods(operator: Operator) -> tuple[str, ...]:
    """Return what is asked: of each role what a browser says, of the most and the least trusted every word."""
    is_most = operator.role == Role.ADMIN and operator.unit is None
    is_least = operator.role == Role.VIEWER and operator.unit is not None
    return METHODS if is_most or is_least else ("GET", "POST")


def of_own(world: World, operator: Operator, client: Client) -> Iterator[str]:
    """Yield each answer about the crawler's own unit that is not as it must be."""
    for address, method in itertools.product(every_address(), methods(operator)):
        status, body = ask(client, method, address.path(world.own))
        allowed = rights.may(operator, address.need.of(method))
        if "外ヒミツ" in body or (operator.unit and "ヒミツ" in body):
            yield f"{method} {address.name} shows what belongs to others"
        if not allowed and status != HTTPStatus.FORBIDDEN:
            yield f"{method} {address.name} is {status} without the right"
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.NOT_IMPLEMENTED:
            yield f"{method} {address.name} is {status}"


def of_others(world: World, operator: Operator, client: Client) -> Iterator[str]:
    """Yield each answer about others' things that is not a refusal, or that shows them."""
    naming = [address for address in every_address() if set(address.keys) - WORDS]
    others = [world.abroad, *([world.beside] if operator.unit else ())]
    for address, method, things in itertools.product(naming, ("GET", "POST"), others):
        status, body = ask(client, method, address.path(things))
        shared = things is world.beside and address.name in SHARED
        if "ヒミツ" in body:
            yield f"{method} {address.name} shows {things.mark}"
        if status not in REFUSED and not shared:
            yield f"{method} {address.name} of {things.mark} is {status}"


@pytest.mark.spec("ALL-5")
@pytest.mark.parametrize(("role", "within"), ROLES)
def test_nothing_leaks(world: World, role: Role, within: bool) -> None:
    operator = hire(world.city, "crawler", role, world.school if within else None)
    client = browser(world.city, operator)

    assert [] == [*of_own(world, operator, client), *of_others(world, operator, client)]


@pytest.mark.spec("ALL-5")
def test_who_did_not_sign_in_sees_the_door_and_nothing_else(world: World) -> None:
    wrong = []
    for address in every_address():
        if address.need.read is Right.OPEN and address.need.write is Right.OPEN:
            continue
        for method in METHODS:
            status, body = ask(Client(), method, address.path(world.own))
            to_door = status in {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.UNAUTHORIZED}
            if not to_door or "自分" in body:
                wrong.append(f"{method} {address.name} is {status}")

    assert [] == wrong
