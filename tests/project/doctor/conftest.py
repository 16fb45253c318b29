"""Databases that a test may break: the run's own, copies of it, and logins with few rights."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import psycopg
import pytest
from psycopg import conninfo

from denrei.project.doctor import asking
from denrei.project.doctor.asking import Connection

#: Another address of the server of this run.
At = Callable[..., str]


@pytest.fixture
def at(django_db_setup: None) -> At:
    """Return what makes an address of this run's server with other parts (dbname, user)."""
    return lambda **parts: conninfo.make_conninfo(os.environ["DATABASE_URL"], **parts)


@pytest.fixture
def connection(at: At) -> Iterator[Connection]:
    """Return a connection to this run's own database, as its login."""
    with closing(asking.connect(at())) as opened:
        yield opened


@pytest.fixture
def admin(at: At) -> Iterator[Connection]:
    """Return a connection that makes and drops databases and roles."""
    with closing(psycopg.connect(at(dbname="postgres"), autocommit=True)) as opened:
        yield opened


@pytest.fixture
def made(admin: Connection, at: At, worker_id: str) -> Iterator[Callable[..., Connection]]:
    """Return what makes a scratch database, by the words after CREATE DATABASE, and opens it."""
    name = f"denrei_doctor_{worker_id}"
    with ExitStack() as stack:
        stack.callback(admin.execute, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

        def make(words: str = "TEMPLATE denrei_template") -> Connection:
            admin.execute(f"CREATE DATABASE {name} {words}".encode())
            return stack.enter_context(closing(asking.connect(at(dbname=name))))

        yield make


@contextmanager
def role(admin: Connection, name: str, words: str) -> Iterator[None]:
    """Create a role by the words after its name, and drop it afterwards."""
    admin.execute(f"CREATE ROLE {name} {words}".encode())
    try:
        yield
    finally:
        admin.execute(f"DROP ROLE {name}".encode())
