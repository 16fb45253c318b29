"""Servers that benches ask: `denrei serve`, or another one on the same database."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from denrei.project.demo.actors import Actor, acting, free_port
from tools import ground

if TYPE_CHECKING:
    from django.test import Client

#: Seconds until a server must answer, and until all of its processes are there.
_PATIENCE, _SETTLE = 240.0, 2.0


@contextmanager
def denrei(where: ground.Ground, **environment: str) -> Iterator[tuple[int, Actor]]:
    """Run `denrei serve`; yield its port and its process."""
    port = free_port()
    with server(where, port, ["denrei.project", "serve"], **environment) as actor:
        yield port, actor


@contextmanager
def server(
    where: ground.Ground, port: int, arguments: Sequence[str], **environment: str
) -> Iterator[Actor]:
    """Run a module of Python as a server at a port, acting as pages do; it answers when this begins."""
    environment |= {"DENREI_LISTEN": f"127.0.0.1:{port}", "DENREI_DATABASE_ROLE": "app"}
    with acting(f"server-{port}", list(arguments), where.folder, environment) as actor:
        _wait(actor, port)
        yield actor


def _wait(actor: Actor, port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        actor.check()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/nowhere", timeout=10)
        except urllib.error.HTTPError:
            break
        except OSError:
            if time.monotonic() > deadline:
                raise actor.error("answers nobody") from None
            time.sleep(0.2)
    time.sleep(_SETTLE)


def browser(
    where: ground.Ground, login: str, role: str = "sender", unit: int | None = None
) -> Client:
    """Hire an operator, of everything or of a unit, and sign in by the page."""
    from django.test import Client

    from denrei.accounts import tenancy
    from denrei.accounts.models import Operator

    password = "Akarui-Machi-2026"
    with tenancy.acting_for(where.organization.pk):
        operator = Operator(organization=where.organization, login=login, name="計測", unit_id=unit)
        operator.role = role
        operator.set_password(password)
        operator.save()
    client = Client(headers={"host": "127.0.0.1"})
    fields = {"organization": where.organization.slug, "login": login, "password": password}
    answer = client.post("/console/sign-in/", fields)
    assert answer.status_code == 302, answer.content.decode()
    return client


def cookies(client: Client) -> str:
    """Return what a browser says of itself, for a header of another client."""
    return "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
