"""`denrei migrate`, `serve`, `worker`: what they say when they can't begin."""

from __future__ import annotations

import http.client
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import conninfo, sql

from denrei.project.commands.serving import listen_address
from denrei.project.environment import Environment, SettingError
from tests.deliveries.world import wait_for
from tests.project.commands import denrei, free_port, running
from tests.responses.sent import send

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.parametrize("command", ["organization list", "worker", "serve"])
def test_a_database_that_is_not_migrated_is_told(command: str) -> None:
    empty = _database_beside("empty")

    said = denrei(*command.split(), DATABASE_URL=empty, DENREI_LISTEN=f"127.0.0.1:{free_port()}")

    assert 1 == said.code
    assert (
        "データベースがこの版の形になっていません。denrei migrate を実行してください。"
        == said.error
    )


def _database_beside(name: str) -> str:
    """Make an empty database on the server of this run."""
    own = os.environ["DATABASE_URL"]
    name = f"{conninfo.conninfo_to_dict(own)['dbname']}_{name}"
    with psycopg.connect(own, autocommit=True) as connection:
        identifier = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
    return conninfo.make_conninfo(own, dbname=name)


@pytest.mark.parametrize("command", ["organization list", "migrate", "worker"])
def test_a_database_out_of_reach_is_told(command: str) -> None:
    nowhere = f"postgresql://denrei:hidden@127.0.0.1:{free_port()}/denrei"

    said = denrei(*command.split(), DATABASE_URL=nowhere)

    assert 1 == said.code
    assert said.error.startswith("データベース")
    assert "Traceback" not in said.error
    assert "hidden" not in said.error


def test_migrate_may_be_repeated_and_needs_an_owner() -> None:
    again = denrei("migrate")
    as_app = denrei("migrate", DATABASE_URL=_as_nobody(_database_beside("foreign")))

    assert 0 == again.code, again.error
    assert 1 == as_app.code
    assert as_app.error.startswith("データベースの所有者として実行してください。")


def _as_nobody(url: str) -> str:
    """Return the address for a login without any right."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = 'nobody'").fetchall():
            connection.execute("CREATE ROLE nobody LOGIN")
    return conninfo.make_conninfo(url, user="nobody")


def test_a_login_that_may_not_take_the_roles_is_told() -> None:
    said = denrei("organization", "list", DATABASE_URL=_as_nobody(os.environ["DATABASE_URL"]))

    assert 1 == said.code
    assert "GRANT denrei_app, denrei_worker TO nobody" in said.error


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = denrei("serve", DENREI_LISTEN=f"127.0.0.1:{port}")

    assert 1 == said.code
    assert f"127.0.0.1 のポート {port} で待ち受けできません" in said.error


@pytest.mark.parametrize("listen", ["8000", "host:", ":80", "host:0", "host:70000", "host:http"])
def test_an_address_to_listen_on_is_host_and_port(listen: str) -> None:
    with pytest.raises(SettingError, match=r"DENREI_LISTEN は 127\.0\.0\.1:8000 のように"):
        listen_address(Environment({"DENREI_LISTEN": listen}))
    assert ("::1", 80) == listen_address(Environment({"DENREI_LISTEN": "[::1]:80"}))
    assert ("127.0.0.1", 8000) == listen_address(Environment({}))


def test_a_server_answers_until_it_is_ended() -> None:
    port = free_port()

    with running("serve", DENREI_LISTEN=f"127.0.0.1:{port}"):
        wait_for(lambda: _status(port) == 404)


@pytest.mark.spec("ALL-9")
def test_while_the_database_is_away_pages_say_so_and_afterwards_they_work_by_themselves() -> None:
    path, port = send().path(), free_port()
    connections.close_all()
    serve = {"DENREI_LISTEN": f"127.0.0.1:{port}", "DENREI_SECRET_KEY": settings.SECRET_KEY}

    with running("serve", **serve):
        wait_for(lambda: _status(port) == 404, 60.0)
        before = [_status(port, page) for page in (path, "/console/sign-in/")]
        with _away():
            meanwhile = [_status(port, page) for page in (path, "/console/sign-in/")]
        wait_for(lambda: _status(port, path) == 200, 60.0)
        afterwards = _status(port, "/console/sign-in/")

    assert ([200, 200], [503, 503], 200) == (before, meanwhile, afterwards)


@contextmanager
def _away() -> Iterator[None]:
    """Let nobody into the test's database, and cut off who is in it."""
    url = os.environ["DATABASE_URL"]
    name = sql.Identifier(str(conninfo.conninfo_to_dict(url)["dbname"]))
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(conninfo.make_conninfo(url, dbname="postgres"), autocommit=True) as admin:
        admin.execute(allow.format(name, sql.SQL("false")))
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [conninfo.conninfo_to_dict(url)["dbname"]],
        )
        try:
            yield
        finally:
            admin.execute(allow.format(name, sql.SQL("true")))


def _status(port: int, path: str = "/nowhere") -> int:
    """Return how a page is answered; 0 where nobody listens."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        asking.request("GET", path)
        answer = asking.getresponse()
        assert ("Retry-After" in answer.headers) == (answer.status == 503)
        return answer.status
    except ConnectionError:
        return 0
    finally:
        asking.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_without_work_ends_at_a_signal(number: signal.Signals) -> None:
    with running("worker") as worker:
        wait_for(_works)
        worker.send_signal(number)
        worker.wait(timeout=30)


def _works() -> bool:
    """Tell whether a worker listens for work."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return bool(
            connection.execute(
                "SELECT FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            ).fetchall()
        )
