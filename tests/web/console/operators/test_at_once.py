"""Two administrators at the same moment, each in a thread of his own, on a committed database."""

from __future__ import annotations

import threading

import pytest
from django.db import connections
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization
from tests.web.console.conftest import browser, hire


@pytest.mark.spec("SMS-13")
@pytest.mark.parametrize("act", ["demote", "deactivate"])
def test_of_two_who_put_each_other_out_one_remains(
    committed: None, city: Organization, act: str
) -> None:
    both = [hire(city, login) for login in ("one", "two")]
    desks = [browser(city, operator) for operator in both]
    start = threading.Barrier(2)

    def press(desk: Client, other: Operator) -> None:
        address = f"/console/operators/{other.pk}/"
        typed = {"login": other.login, "name": "乙", "role": "viewer", "unit": "none"}
        try:
            start.wait(timeout=10)
            desk.post(address, typed) if act == "demote" else desk.post(f"{address}{act}/")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=press, args=pair) for pair in zip(desks, both[::-1], strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    done = {"demote": "operator.changed", "deactivate": "operator.deactivated"}[act]
    with tenancy.acting_for(city.pk):
        left = Operator.objects.administrators().count()
        acts = AuditEntry.objects.filter(action=done).count()
    assert (1, 1) == (left, acts)
