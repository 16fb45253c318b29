"""The shape of the database: the migrations it has, beside those of this version."""

from __future__ import annotations

from contextlib import nullcontext

from django.db.migrations.loader import MigrationLoader

from denrei.project.database_url import ROLES
from denrei.project.doctor import roles
from denrei.project.doctor.asking import Connection, acting, rows, value
from denrei.project.doctor.finding import Finding, fault, ok, warning


def _unlike(connection: Connection) -> tuple[list[str], list[str]]:
    """Return the migrations that the database lacks, and those that this version doesn't know."""
    known = set(MigrationLoader(None).disk_migrations)
    applied = _applied(connection)
    apps = {app for app, _ in known}
    strange = {key for key in applied - known if key[0] in apps}
    return [_named(key) for key in sorted(known - applied)], [
        _named(key) for key in sorted(strange)
    ]


def _applied(connection: Connection) -> set[tuple[str, str]]:
    """Return what was applied; read as the application's role, which a login need not inherit."""
    if value(connection, "SELECT to_regclass('django_migrations') IS NULL"):
        return set()
    role = ROLES["app"]
    with acting(connection, role) if roles.may_become(connection, role) else nullcontext():
        return {
            (app, name) for app, name in rows(connection, "SELECT app, name FROM django_migrations")
        }


def _named(key: tuple[str, str]) -> str:
    return ".".join(key)


def is_migrated(connection: Connection) -> bool:
    """Tell whether every table of this version is there."""
    lacking, _ = _unlike(connection)
    return not lacking


def examine(connection: Connection) -> Finding:
    """Tell whether the tables are those of this version."""
    title = "データベースの形"
    lacking, strange = _unlike(connection)
    if lacking:
        return fault(
            title,
            f"この版の形になっていません。足りない変更：{_some(lacking)}",
            "denrei migrate を実行してください。",
        )
    if strange:
        return warning(
            title,
            f"この版の知らない変更があります：{_some(strange)}。新しい版の denrei が形を進めました。",
            "版を上げる途中でなければ、すべてのプロセスで、新しい方の版を使ってください。",
        )
    return ok(title, "この版の形です。")


def _some(names: list[str]) -> str:
    more = f"、ほか{len(names) - 3}件" if len(names) > 3 else ""
    return "、".join(names[:3]) + more
