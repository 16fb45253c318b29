"""`denrei migrate`, `serve`, `worker`, `django`: what an installation runs."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import sys
from typing import Any

from denrei.project import starting
from denrei.project.environment import Environment, SettingError

#: Threads that answer requests; each may hold a database connection.
_THREADS = 8


def add(commands: Any) -> None:
    """Add the subcommands."""
    migrate = commands.add_parser("migrate", help="データベースをこの版の形にします")
    migrate.set_defaults(run=run_migrate)
    serve = commands.add_parser("serve", help="回答ページのウェブサーバーを動かします")
    serve.set_defaults(run=run_serve)
    worker = commands.add_parser("worker", help="配信を送り、記録します")
    worker.set_defaults(run=run_worker)
    django = commands.add_parser("django", help="Django の管理コマンド（開発用）")
    django.add_argument("arguments", nargs=argparse.REMAINDER)
    django.set_defaults(run=run_django)


def run_migrate(given: argparse.Namespace) -> None:
    """Bring the database to this version."""
    with starting.ready("owner"):
        from denrei.project import migrating

        migrating.migrate(verbosity=1)


def listen_address(environment: Environment) -> tuple[str, int]:
    """Return host and port of DENREI_LISTEN."""
    host, _, port = environment.text("DENREI_LISTEN", "127.0.0.1:8000").rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise SettingError(
            "DENREI_LISTEN は 127.0.0.1:8000 のように、アドレスとポートで設定してください。"
        )
    return host.strip("[]"), int(port)


def run_serve(given: argparse.Namespace) -> None:
    """Serve the pages until a signal comes."""
    host, port = listen_address(Environment())
    with starting.ready("app", pool=_THREADS):
        from granian import Granian
        from granian.constants import Interfaces

        Granian(
            "denrei.project.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=_THREADS,
            backpressure=1024,
            websockets=False,
            log_access=False,
        ).serve()


def run_worker(given: argparse.Namespace) -> None:
    """Send and record until a signal comes."""
    with starting.ready("worker"):
        import uvloop

        uvloop.run(_work())


async def _work() -> None:
    from denrei.project import working

    loop = asyncio.get_running_loop()
    worker = working.worker(f"{socket.gethostname()}-{os.getpid()}")
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, worker.close)
    async with asyncio.TaskGroup() as group:
        clock = group.create_task(working.clock())
        await worker.run()
        clock.cancel()


def run_django(given: argparse.Namespace) -> None:
    """Run one of Django's own commands, without a database."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "denrei.project.settings"
    from django.core.management import execute_from_command_line

    sys.argv = ["denrei django", *given.arguments]
    execute_from_command_line(sys.argv)
