"""Looks by HTTP: from where they come, the link that no human sees, and that none may break a page."""

from __future__ import annotations

import logging

import psycopg
import pytest
from django.db import connection
from django.test import Client

from denrei.accounts import tenancy
from denrei.domain.states import Grade, Look
from denrei.responses.models import Kind, PageView
from tests.deliveries.world import settings_conninfo
from tests.responses.sent import Sent, send

pytestmark = pytest.mark.spec("NEW-3")
TRAP = "/unseen"
AGENT = {"User-Agent": "Mozilla/5.0 (Scanner)"}


def seen(sent: Sent) -> list[tuple[str, str, str]]:
    """Return kind, program and address of each look."""
    with tenancy.acting_for(sent.organization.pk):
        found = PageView.objects.order_by("id")
        return [(view.kind, view.user_agent, view.address) for view in found]


@pytest.mark.django_db
def test_a_look_is_noted_with_its_program_and_address(client: Client) -> None:
    sent = send()

    client.get(sent.path(), headers=AGENT, REMOTE_ADDR="203.0.113.7")

    assert seen(sent) == [(Kind.OPEN, AGENT["User-Agent"], "203.0.113.7")]
    assert sent.looks() == [Look.MAYBE]


@pytest.mark.django_db
def test_the_address_is_the_one_that_trusted_proxies_tell(
    client: Client, settings: pytest.FixtureRequest
) -> None:
    sent = send()
    settings.TRUSTED_PROXIES = 1  # type: ignore[attr-defined]  # pytest-django's settings

    client.get(
        sent.path(),
        headers={"X-Forwarded-For": "10.9.9.9, 203.0.113.7"},
        REMOTE_ADDR="127.0.0.1",
    )

    assert [address for _, _, address in seen(sent)] == ["203.0.113.7"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["question", "thanks"])
def test_every_page_has_the_link_that_no_human_sees(client: Client, page: str) -> None:
    sent = send()
    if page == "thanks":
        sent.reply()

    body = client.get(f"{sent.path()}?done={sent.people[0]}").content.decode()

    assert body.count(f'<a href="{sent.path()}{TRAP}" rel="nofollow" hidden') == 1


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_who_follows_it_was_a_program(client: Client, method: str) -> None:
    sent = send()
    client.get(sent.path(), headers=AGENT)

    response = getattr(client, method)(sent.path() + TRAP, headers=AGENT)

    assert response.status_code == 404
    assert [kind for kind, _, _ in seen(sent)] == [Kind.OPEN, Kind.CANARY]
    assert (sent.looks(), sent.grades()) == ([Look.PROGRAM], [Grade.UNREACHED])


@pytest.mark.django_db
def test_its_address_is_not_there_for_anybody(client: Client) -> None:
    sent = send()
    paths = [sent.path() + TRAP, "/r/3241042ja0av8xg9q64bf881" + TRAP, "/nowhere"]

    pages = [client.get(path) for path in paths] + [client.post(sent.path() + TRAP)]

    assert {page.status_code for page in pages} == {404}
    assert len({(page.content, tuple(sorted(page.headers.items()))) for page in pages}) == 1
    assert [kind for kind, _, _ in seen(sent)] == [Kind.CANARY]


@pytest.mark.usefixtures("committed")
def test_a_look_that_cannot_be_kept_still_shows_the_page(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    sent = send()
    with psycopg.connect(settings_conninfo()) as other:
        other.execute("SELECT FROM audience FOR UPDATE")

        with caplog.at_level(logging.WARNING):
            response = client.get(sent.path())

    assert (response.status_code, "山田 花子" in response.content.decode()) == (200, True)
    assert ([one.msg for one in caplog.records], seen(sent)) == (["look not kept"], [])
    assert not connection.in_atomic_block
