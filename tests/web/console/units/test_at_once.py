"""Two administrators change one unit at the same moment, on a committed database."""

from __future__ import annotations

import threading

import pytest
from django.db import connections
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Organization, Unit
from tests.web.console.conftest import browser, hire


@pytest.mark.parametrize("rest", ["delete/", ""])
def test_a_unit_that_goes_meanwhile_is_told_of(
    committed: None, city: Organization, first_school: Unit, rest: str
) -> None:
    desks = [browser(city, hire(city, login)) for login in ("one", "two")]
    address = f"/console/units/{first_school.pk}/"
    typed = {"name": "新しい名称", "code": "S1", "parent": "none"}
    start = threading.Barrier(2)
    statuses: list[int] = []

    def press(desk: Client, where: str) -> None:
        try:
            start.wait(timeout=10)
            statuses.append(desk.post(where, typed).status_code)
        finally:
            connections.close_all()

    where = (f"{address}delete/", address + rest)
    threads = [threading.Thread(target=press, args=pair) for pair in zip(desks, where, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert set(statuses) <= {302, 404}
    with tenancy.acting_for(city.pk):
        assert 0 == Unit.objects.count()
        assert 1 == AuditEntry.objects.filter(action="unit.deleted").count()
