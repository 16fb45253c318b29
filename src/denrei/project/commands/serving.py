"""`denrei migrate`, `serve`, `worker`, `django`: what an installation runs."""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import signal
import socket
import sys
from typing import Any

from denrei.project import starting
from denrei.project.environment import Environment, SettingError
from denrei.project.failure import CommandError, stems_from

#: Database connections: one for each thread that answers requests. The lanes of answer pages have their own.
_CONNECTIONS = 8
#: Phones that may be connected at once; a connection costs a few kilobytes and a file descriptor.
_PHONES = 10_000
#: File descriptors beside those of phones.
_OTHER_FILES = 200
#: Seconds that a stream or a download gets to end by itself when the server is told to.
_GRACE = 3


def add(commands: Any) -> None:
    """Add the subcommands."""
    migrate = commands.add_parser("migrate", help="データベースをこの版の形にします")
    migrate.set_defaults(run=run_migrate)
    serve = commands.add_parser(
        "serve", help="操作者の画面と回答ページのウェブサーバーを動かします"
    )
    serve.set_defaults(run=run_serve)
    worker = commands.add_parser("worker", help="配信を送り、記録します")
    worker.set_defaults(run=run_worker)
    django = commands.add_parser("django", help="Django の管理コマンド（開発用）")
    django.add_argument("arguments", nargs=argparse.REMAINDER)
    django.set_defaults(run=run_django)


def run_migrate(given: argparse.Namespace) -> None:
    """Bring the database to this version."""
    with starting.ready("owner"):
        from django.db.utils import DatabaseError
        from psycopg.errors import InsufficientPrivilege

        from denrei.project import migrating

        try:
            migrating.migrate(verbosity=1)
        except DatabaseError as error:
            if not stems_from(error, InsufficientPrivilege):
                raise
            raise CommandError(
                "データベースの所有者として実行してください。はじめのときは、役割を作る権限（CREATEROLE）も必要です。"
                f"\n{error}"
            ) from error


def listen_address(environment: Environment) -> tuple[str, int]:
    """Return host and port of DENREI_LISTEN."""
    host, _, port = environment.text("DENREI_LISTEN", "127.0.0.1:8000").rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise SettingError(
            "DENREI_LISTEN は 127.0.0.1:8000 のように、アドレスとポートで設定してください。"
        )
    return host.strip("[]"), int(port)


def _try_address(host: str, port: int) -> None:
    """Raise CommandError where nobody can listen: said before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"{host} のポート {port} で待ち受けできません（{error.strerror}）。"
                "使っているプログラムを終了するか、DENREI_LISTEN で別のアドレスを指定してください。"
            ) from error


def run_serve(given: argparse.Namespace) -> None:
    """Serve the pages until a signal comes."""
    host, port = listen_address(Environment())
    _try_address(host, port)
    with starting.migrated("app", pool=_CONNECTIONS):
        from granian import Granian
        from granian.constants import Interfaces

        phones = _room_for(_PHONES)
        Granian(
            "denrei.project.asgi:application",
            address=host,
            port=port,
            interface=Interfaces.ASGINL,
            workers=1,
            workers_kill_timeout=_GRACE,
            backlog=4096,
            backpressure=phones,
            websockets=False,
            log_access=False,
        ).serve()


def _room_for(phones: int) -> int:
    """Let this process and those it starts have so many connections, as far as the system allows it."""
    soft, hard = (
        sys.maxsize if limit == resource.RLIM_INFINITY else limit
        for limit in resource.getrlimit(resource.RLIMIT_NOFILE)
    )
    room = min(phones + _OTHER_FILES, hard)
    if soft < room:
        of_all = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (room, of_all))
    return max(room - _OTHER_FILES, 1)


def run_worker(given: argparse.Namespace) -> None:
    """Send and record until a signal comes."""
    with starting.migrated("worker"):
        import uvloop

        uvloop.run(_work())


async def _work() -> None:
    from denrei.project import post_room, working

    loop = asyncio.get_running_loop()
    worker = working.worker(f"{socket.gethostname()}-{os.getpid()}")
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, worker.close)
    async with asyncio.TaskGroup() as group:
        beside = [group.create_task(working.clock()), group.create_task(post_room.kept())]
        await worker.run()
        for task in beside:
            task.cancel()


def run_django(given: argparse.Namespace) -> None:
    """Run one of Django's own commands, without a database."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "denrei.project.settings"
    from django.core.management import execute_from_command_line

    sys.argv = ["denrei django", *given.arguments]
    execute_from_command_line(sys.argv)
