"""The page of a proof file and what it takes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from denrei.accounts import signing, tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Unit
from denrei.deliveries import launch, ordering
from denrei.directory.models import Recipient
from denrei.domain.proof import keys
from denrei.domain.proof.verifying import Report, verify
from tests.web.console import town
from tests.web.console.conftest import hire

pytestmark = pytest.mark.spec("NEW-1")


@pytest.fixture
def broadcast(staffed: Organization, operator: Operator) -> int:
    """A broadcast to the two people of the city."""
    with tenancy.acting_for(staffed.pk):
        people = tuple(str(person.pk) for person in Recipient.objects.all())
        draft = town.draft(staffed, operator, people=people)
        order = ordering.order(draft, operator, datetime.now(UTC)).order
        return launch.launch(staffed, order, operator).broadcast_id


def taken(client: Client, path: str) -> tuple[Any, Report]:
    response: Any = client.get(path)
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    return response, verify(content.splitlines(keepends=True))


def test_the_page_names_the_key_and_how_to_verify(
    broadcast: int, operator: Operator, signed_in: Callable[[Operator], Client]
) -> None:
    page = signed_in(operator).get(f"/console/broadcasts/{broadcast}/proof/").content.decode()

    fingerprint = keys.fingerprint(signing.public_key())
    assert f"--key {fingerprint}" in page
    assert f'href="/console/broadcasts/{broadcast}/proof/file/"' in page
    assert "連絡はまだ終了していません" in page


@pytest.mark.spec("ALL-3")
def test_a_broadcast_leaves_as_a_file_and_the_trail_tells(
    city: Organization,
    broadcast: int,
    operator: Operator,
    signed_in: Callable[[Operator], Client],
) -> None:
    response, report = taken(signed_in(operator), f"/console/broadcasts/{broadcast}/proof/file/")

    name = response["Content-Disposition"]
    assert re.fullmatch(rf'attachment; filename="denrei-{broadcast}-\d{{8}}-\d{{4}}\.jsonl"', name)
    assert report.holds
    assert operator.name in report.subject
    with tenancy.acting_for(city.pk):
        entry = AuditEntry.objects.get(action="broadcast.exported")
        assert (str(broadcast), operator.name, None) == (
            entry.subject_id,
            entry.actor_name,
            entry.after,
        )


def test_one_person_leaves_alone(
    city: Organization,
    broadcast: int,
    operator: Operator,
    signed_in: Callable[[Operator], Client],
) -> None:
    client = signed_in(operator)
    with tenancy.acting_for(city.pk):
        person = Recipient.objects.first()
        stranger = town.person(city, "ほかの人", "other@example.jp")
    assert person is not None

    response, report = taken(client, f"/console/broadcasts/{broadcast}/people/{person.pk}/proof/")
    unknown = client.get(f"/console/broadcasts/{broadcast}/people/{stranger.pk}/proof/")

    assert f"denrei-{broadcast}-{person.pk}-" in response["Content-Disposition"]
    assert report.holds
    assert f"対象の人{person.pk}の分" in report.subject
    assert 404 == unknown.status_code
    with tenancy.acting_for(city.pk):
        (entry,) = AuditEntry.objects.filter(action="broadcast.exported")
        assert {"person": person.pk} == entry.after


@pytest.mark.spec("ALL-5", "OPS-4")
def test_a_file_of_people_is_for_who_may_take_people_out(
    city: Organization,
    broadcast: int,
    viewer: Client,
    first_school: Unit,
    signed_in: Callable[[Operator], Client],
) -> None:
    teacher = signed_in(hire(city, "t", Role.SENDER, first_school))
    for path in ("proof/", "proof/file/", "people/1/proof/"):
        assert 403 == viewer.get(f"/console/broadcasts/{broadcast}/{path}").status_code
        assert 404 == teacher.get(f"/console/broadcasts/{broadcast}/{path}").status_code
