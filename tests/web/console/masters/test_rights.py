"""Everybody reads the lists, administrators of the whole organization write, nobody sees others'."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest
from django.test import Client

from denrei.accounts import organizations
from denrei.accounts.models import Master, Operator, Organization, Preset, Role, Unit
from denrei.broadcasts import presets
from tests.web.console.conftest import hire
from tests.web.console.masters.conftest import List, acts, the_list

pytestmark = pytest.mark.spec("ALL-5")


def writes(there: List, entry: Master) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what would change a list."""
    yield there.address("new/"), there.typed()
    yield there.of(entry), there.typed()
    yield there.of(entry, "delete/"), {"seen": "0.0.0.0.0"}
    yield there.address("order/"), {"up": str(entry.pk)}
    yield "/console/masters/words/", {"preset": "school"}


def test_who_has_no_right_reads_and_changes_nothing(
    a_list: List,
    city: Organization,
    first_school: Unit,
    signed_in: Callable[[Operator], Client],
) -> None:
    a_list.create("1a", "前の項目", order=-2)
    entry = a_list.create("2a", "後の項目", order=-1)
    before = [(one.code, one.name) for one in a_list.entries()]
    for role, unit in ((Role.SENDER, None), (Role.VIEWER, None), (Role.ADMIN, first_school)):
        client = signed_in(hire(city, f"{role}", role, unit))

        page = client.get(a_list.address()).content.decode()
        refused = {client.post(*write).status_code for write in writes(a_list, entry)}

        assert "後の項目" in page
        assert [] == [word for word in ("追加</a>", "変更</a>", "grip") if word in page]
        assert {HTTPStatus.FORBIDDEN} == refused
    assert before == [(one.code, one.name) for one in a_list.entries()]


def test_entries_of_another_organization_are_not_found(
    a_list: List, city: Organization, admin: Client
) -> None:
    north = organizations.create("north", "外市", Preset.CITY)
    presets.furnish(north)
    there = the_list(a_list.label, north)
    entry = there.create("1a", "外の項目")
    recorded = acts(north)

    found = {
        (ask.__name__, page): ask(there.of(entry, page)).status_code
        for page in ("", "delete/")
        for ask in (admin.get, admin.post)
    }

    assert {HTTPStatus.NOT_FOUND} == {*found.values()}
    admin.post(a_list.address("order/"), {"up": str(entry.pk), "ids": [str(entry.pk)]})
    assert "外の項目" not in admin.get(a_list.address()).content.decode()
    if there.incident:
        assert HTTPStatus.NOT_FOUND == admin.get(there.address()).status_code
        assert HTTPStatus.NOT_FOUND == admin.post(there.address("new/"), there.typed()).status_code
    assert (["1a"], recorded) == ([one.code for one in there.entries()][-1:], acts(north))
