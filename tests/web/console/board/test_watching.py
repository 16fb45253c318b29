"""Server-sent events by the real server: what a browser is told, and when it ends."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from django.conf import settings
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Session
from denrei.web.console.board import watching
from tests.deliveries.world import settings_conninfo, wait_for
from tests.project.commands import free_port, running
from tests.web.console.board.conftest import Town
from tests.web.console.conftest import browser

pytestmark = pytest.mark.usefixtures("committed")
SSE = {"Accept": "text/event-stream"}


@contextmanager
def serving() -> Iterator[int]:
    """Serve as `denrei serve` does; yield the port."""
    port = free_port()
    served = {"DENREI_LISTEN": f"127.0.0.1:{port}", "DENREI_SECRET_KEY": settings.SECRET_KEY}
    with running("serve", **served):
        wait_for(lambda: _status(port) == 404)
        yield port


@pytest.fixture
def port(asked: Town) -> Iterator[int]:
    with serving() as port:
        yield port


def _status(port: int) -> int:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", "/nowhere")
        return asking.getresponse().status
    except ConnectionError:
        return 0
    finally:
        asking.close()


@contextmanager
def watched(port: int, client: Client, address: str) -> Iterator[http.client.HTTPResponse]:
    """Ask for the stream of a board with the cookies of a browser."""
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    asking.request("GET", f"{address}events/", headers={**SSE, "Cookie": cookies})
    try:
        yield asking.getresponse()
    finally:
        asking.close()


def told(response: http.client.HTTPResponse) -> tuple[str, str]:
    """Return name and data of the next event; ("", "") at the end."""
    name, data = "", []
    while line := response.readline().decode():
        if line.startswith("event: "):
            name = line.removeprefix("event: ").strip()
        elif line.startswith("data: "):
            data.append(line.removeprefix("data: "))
        elif line == "\n" and name:
            return name, "".join(data)
    return "", ""


@pytest.mark.spec("ALL-4")
def test_an_answer_is_told_to_who_watches(asked: Town, sender: Client, port: int) -> None:
    with watched(port, sender, asked.address) as response:
        first = told(response)
        asked.answers(asked.people()[0], asked.help)
        second = told(response)

    assert 200 == response.status
    assert "picture" == first[0]
    assert "担当のいない方" not in first[1]
    assert "支援が必要で、担当のいない方が1人います" in second[1]


def test_a_stream_that_waits_holds_no_connection(asked: Town, sender: Client, port: int) -> None:
    with watched(port, sender, asked.address) as one, watched(port, sender, asked.address) as two:
        for response in (one, two):
            told(response)

        def open_transactions() -> int:
            with psycopg.connect(settings_conninfo()) as connection:
                row = connection.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND state LIKE 'idle in transaction%'"
                ).fetchone()
            return int(row[0]) if row else -1

        wait_for(lambda: open_transactions() == 0)


@pytest.mark.spec("SMS-13")
def test_a_stream_ends_when_the_session_was_ended(asked: Town, sender: Client, port: int) -> None:
    with watched(port, sender, asked.address) as response:
        told(response)
        with tenancy.acting_for(asked.city.pk):
            Session.objects.filter(pk=sender.session.session_key).delete()

        names = []
        while name := told(response)[0]:
            names.append(name)

    assert "again" not in names
    with watched(port, sender, asked.address) as refused:
        assert 302 == refused.status  # to the door


def test_a_server_that_is_told_to_end_does_not_wait_for_who_watches(
    asked: Town, sender: Client
) -> None:
    with ExitStack() as watching_on:
        with serving() as port:
            response = watching_on.enter_context(watched(port, sender, asked.address))
            assert "picture" == told(response)[0]

        assert ("", "") == told(response)


def test_so_many_watch_and_no_more_and_a_seat_is_free_again(
    asked: Town, sender: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "HUB", watching.Hub(1))

    first = sender.get(f"{asked.address}events/", headers=SSE)
    refused = sender.get(f"{asked.address}events/", headers=SSE)
    first.close()
    later = sender.get(f"{asked.address}events/?form=wall", headers=SSE)
    later.close()

    assert [200, 503, 200] == [one.status_code for one in (first, refused, later)]
    assert 0 == watching.HUB.watchers


def test_only_who_asks_for_events_gets_them(asked: Town, sender: Client) -> None:
    assert 406 == sender.get(f"{asked.address}events/").status_code


def test_a_viewer_s_picture_has_no_button_to_stop(
    asked: Town, staffed: Organization, viewer: Client, operator: Operator, port: int
) -> None:
    pictures = []
    for client in (viewer, browser(staffed, operator)):
        with watched(port, client, asked.address) as response:
            pictures.append(told(response)[1])

    assert [False, True] == ["停止する" in picture for picture in pictures]
