"""From DATABASE_URL to Django's DATABASES: libpq reads the address, so all of its forms work."""

from __future__ import annotations

from psycopg import ProgrammingError, conninfo

from denrei.deliveries import keepalive
from denrei.project.environment import SettingError

_DJANGO_NAMES = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}
#: What a process acts as in the database; "owner" stays what the login is and migrates.
ROLES = {"app": "denrei_app", "worker": "denrei_worker"}


def databases(url: str, *, role: str, pool: int, shard: int = 0) -> dict[str, dict[str, object]]:
    """Return Django's DATABASES for a libpq address.

    `role` is "app", "worker" or "owner" (ADR 0005); `pool` the greatest number of pooled
    connections, 0 for one connection a thread. `shard`: where this process keeps its counts, so
    that answers don't queue on one row. "" is an address too, so that settings can be
    imported with nothing set. Raises SettingError where libpq can't read it, or it names no
    database.
    """
    given = _read(url)
    default: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "" if url else "denrei",
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0 if pool else None,
    }
    default |= {
        _DJANGO_NAMES[name]: given.pop(name) for name in list(given) if name in _DJANGO_NAMES
    }
    options: dict[str, object] = {**keepalive.CLIENT, **given}
    # no statement of ours runs for so long that to compile it first would pay (PostgreSQL, When to JIT?)
    session = {**keepalive.SERVER, "jit": "off"}
    if role in ROLES:
        session |= {
            "idle_in_transaction_session_timeout": keepalive.PAGE_IDLE,
            "role": ROLES[role],
            "denrei.shard": str(shard),
        }
    words = [given.get("options", ""), *(f"-c {name}={value}" for name, value in session.items())]
    options["options"] = " ".join(words).strip()
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    default["OPTIONS"] = options
    return {"default": default}


def _read(url: str) -> dict[str, str]:
    """Return what libpq reads in an address. Its complaints may repeat a password: not told."""
    try:
        given = {name: str(value) for name, value in conninfo.conninfo_to_dict(url).items()}
    except ProgrammingError:
        raise SettingError(
            "DATABASE_URL を読み取れません。postgresql://利用者:パスワード@ホスト:5432/データベース の形で"
            "設定してください。パスワードの記号は %40 のように、% と16進数で書きます。"
        ) from None
    if url and not given.keys() & {"dbname", "service"}:
        raise SettingError(
            "DATABASE_URL にデータベースの名前がありません。"
            "postgresql://利用者:パスワード@ホスト:5432/データベース の形で設定してください。"
        )
    return given
