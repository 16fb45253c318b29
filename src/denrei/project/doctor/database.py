"""The database: within reach, of the right version and shape, durable, with room to work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg

from denrei.project.doctor import schema
from denrei.project.doctor.asking import Connection, rows, value
from denrei.project.doctor.finding import Finding, fault, ok, warning

#: The oldest major version (docs/howto/use-your-own-postgresql.md).
LEAST_VERSION = 15
#: A web process and a worker need about so many connections.
_FREE_CONNECTIONS = 20
#: What the embedded server's WAL may take, and what is too little for any write. Bytes.
_SCARCE_DISK, _NO_DISK = 2 * 2**30, 256 * 2**20
#: Settings that lose committed records when they are off.
_DURABILITY = ("fsync", "full_page_writes", "synchronous_commit")
_REACH = "データベースへの接続"
_MIGRATE = "denrei migrate を実行してください。"


def is_made(home: Path) -> bool:
    """Tell whether the embedded database was made."""
    return (home / "postgres" / "data").exists()


def not_made_yet(home: Path) -> Finding:
    """Return what to do first."""
    return fault(
        _REACH,
        f"{home} に、組み込みのデータベースがまだありません。",
        "denrei migrate を実行すると作られます。ほかの場所にあるときは DENREI_HOME を、"
        "PostgreSQL サーバーを使うときは DATABASE_URL を設定してください。",
    )


def out_of_reach(error: psycopg.OperationalError) -> Finding:
    """Return that nobody answers at the address."""
    return fault(
        _REACH,
        f"つながりません：{str(error).strip()}",
        "PostgreSQL が動いているか、DATABASE_URL のホスト、ポート、利用者、パスワードが正しいか、"
        "サーバーの pg_hba.conf とファイアウォールがこの機械を許しているかを確認してください。",
    )


def examine(connection: Connection, embedded: Path | None) -> Iterator[Finding]:
    """Yield how the database is, as its login sees it; `embedded` is the home it lives in."""
    yield _reached(connection)
    yield _version(connection.info.server_version // 10000)
    yield _encoding(value(connection, "SELECT current_setting('server_encoding')"))
    yield schema.examine(connection)
    yield _search(connection)
    yield from _durability(connection)
    yield _room(connection)
    if embedded is not None:
        yield disk(embedded, shutil.disk_usage(embedded).free)


def _reached(connection: Connection) -> Finding:
    info = connection.info
    where = f"unixソケット {info.host}" if info.host.startswith("/") else f"ホスト {info.host}"
    return ok(
        _REACH,
        f"{where}（ポート {info.port}）のデータベース {info.dbname} に、"
        f"利用者 {info.user} としてつながりました。",
    )


def _version(major: int) -> Finding:
    title = "PostgreSQL の版"
    if major >= LEAST_VERSION:
        return ok(title, f"PostgreSQL {major} です。")
    return fault(
        title,
        f"PostgreSQL {major} では動きません。",
        f"PostgreSQL {LEAST_VERSION} 以上に上げてください。",
    )


def _encoding(encoding: str) -> Finding:
    title = "データベースの文字コード"
    if encoding == "UTF8":
        return ok(title, "UTF-8 です。")
    return fault(
        title,
        f"{encoding} です。氏名や文面を保存できないことがあります。",
        "ENCODING 'UTF8' TEMPLATE template0 を付けて、データベースを作り直してください。",
    )


def _search(connection: Connection) -> Finding:
    """Tell whether names are found: without Japanese in its LC_CTYPE pg_trgm knows no such letter."""
    title = "氏名の検索（pg_trgm）"
    if not rows(connection, "SELECT FROM pg_extension WHERE extname = 'pg_trgm'"):
        return fault(
            title,
            "拡張 pg_trgm がデータベースにありません。",
            "PostgreSQL の contrib パッケージを導入し、管理者が CREATE EXTENSION pg_trgm; を"
            "実行してから、" + _MIGRATE,
        )
    if value(connection, "SELECT cardinality(show_trgm('伝令市'))"):
        return ok(title, "日本語の氏名を検索できます。")
    return warning(
        title,
        "このデータベースのロケールでは、日本語の検索が遅くなります。",
        "LOCALE 'C.UTF-8' TEMPLATE template0 を付けて、データベースを作り直してください。",
    )


def _durability(connection: Connection) -> Iterator[Finding]:
    title = "記録の確かさ"
    off = [
        name
        for name in _DURABILITY
        if value(connection, "SELECT current_setting(%s)", name) == "off"
    ]
    if not off:
        yield ok(title, "確定した記録は、電源が落ちても残ります。")
    for name in off:
        yield warning(
            title,
            f"{name} が切られています。電源が落ちると、送信済みの記録を失い、"
            "同じ連絡をもう一度送ることがあります。",
            f"管理者が ALTER SYSTEM SET {name} = on; SELECT pg_reload_conf(); を実行してください。",
        )


def _room(connection: Connection) -> Finding:
    title = "接続の余裕"
    used, most = rows(
        connection,
        "SELECT coalesce(sum(numbackends), 0)::int, current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int FROM pg_stat_database",
    )[0]
    words = f"{most} のうち {used} を使っています。"
    if most - used >= _FREE_CONNECTIONS:
        return ok(title, words)
    return warning(
        title,
        words,
        f"空きを {_FREE_CONNECTIONS} 以上にしてください。max_connections を大きくするか、"
        "ほかのプログラムの接続を減らします。",
    )


def disk(home: Path, free: int) -> Finding:
    """Tell whether the embedded database can grow; `free` in bytes."""
    title = "ディスクの空き"
    words = f"{home} の空きは {free / 2**30:.1f} GB です。"
    remedy = "不要なファイルを消すか、DENREI_HOME を空きのあるディスクへ移してください。"
    if free < _NO_DISK:
        return fault(title, words + "まもなく何も記録できなくなります。", remedy)
    if free < _SCARCE_DISK:
        return warning(title, words, remedy)
    return ok(title, words)
