"""`denrei doctor`: examine an installation organ by organ, and say how to mend what is wrong.

Nothing is changed. Each organ is a module with a function `examine` that yields findings; an organ
that needs another comes after it and is left out where that one is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
from django.conf import settings

from denrei.deliveries import gateways as sending
from denrei.project import starting
from denrei.project.doctor import (
    asking,
    clock,
    database,
    dns_answers,
    gateways,
    incoming,
    installation,
    queue,
    roles,
    safekeeping,
    schema,
    sender_domain,
)
from denrei.project.doctor.asking import Connection
from denrei.project.doctor.finding import Finding, State, fault
from denrei.project.embedded import EmbeddedError
from denrei.project.environment import Environment, SettingError

__all__ = ["Finding", "State", "examine"]


def examine(environment: Environment, home: Path) -> Iterator[Finding]:
    """Yield what is found, organ by organ; once in a process, because Django is set up.

    The embedded database is started for the time of the examination where nobody runs it.
    """
    try:
        yield from installation.examine(environment, home)
        embedded = None if environment.text("DATABASE_URL") else home
        if embedded is not None and not database.is_made(embedded):
            yield database.not_made_yet(embedded)
            return
        with starting.ready("worker"):
            yield from installation.addresses(settings.PUBLIC_URL, settings.ALLOWED_HOSTS)
            yield from _beside_the_database(embedded)
    except (SettingError, EmbeddedError, OSError) as error:
        yield fault(
            "起動の準備",
            str(error),
            "書かれている原因を取り除いてから、もう一度 denrei doctor を実行してください。",
        )


def _beside_the_database(embedded: Path | None) -> Iterator[Finding]:
    try:
        connection = asking.connect(settings.DATABASE_ADDRESS)
    except psycopg.OperationalError as error:
        yield database.out_of_reach(error)
        yield from clock.of_this_machine()
        return
    with connection:
        for title, findings in _organs(connection, embedded):
            yield from _survived(title, findings)


def _organs(
    connection: Connection, embedded: Path | None
) -> Iterator[tuple[str, Iterable[Finding]]]:
    """Yield each organ's title and findings; what is missing is found out in between."""
    yield "データベース", database.examine(connection, embedded)
    yield "役割", roles.examine(connection)
    yield "時計", clock.examine(connection)
    if not _is_whole(connection):
        return
    safe = sending.vault([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
    yield "団体の間の壁", roles.examine_wall(connection)
    yield "仕事の待ち行列", queue.examine(connection)
    yield "送信経路", gateways.examine(connection, safe)
    yield "受信", incoming.examine(connection, settings.MAIL_LISTEN)
    answers = dns_answers.of_this_machine()
    yield "控えと保存期間", safekeeping.examine(connection, embedded)
    yield "送信元ドメイン", sender_domain.examine(connection, safe, answers)


def _is_whole(connection: Connection) -> bool:
    """Tell whether tables and roles are there, so that their content can be asked for."""
    try:
        return roles.may_become_all(connection) and schema.is_migrated(connection)
    except psycopg.Error:
        return False


def _survived(title: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings; what the database refuses becomes one, too."""
    try:
        yield from findings
    except psycopg.Error as error:
        yield fault(
            title,
            f"調べている途中で、データベースがエラーを返しました：{str(error).strip()}",
            "データベースが動いているか、denrei migrate が終わっているかを確認してください。",
        )
