"""What a command needs before it begins: the database's address, the secret key, Django.

Without DATABASE_URL the embedded PostgreSQL below DENREI_HOME is started, or joined where another
command runs it already; it stops with the command that started it.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import django

from denrei.project import embedded, logs, migrating
from denrei.project.environment import Environment, SettingError

Role = Literal["app", "worker", "owner"]

#: Shorter keys can be guessed.
_LEAST_KEY = 32


@contextmanager
def ready(role: Role = "app", *, pool: int = 0) -> Iterator[None]:
    """Provide database, secret key and Django for the time of a command.

    Whether the database answers is not asked. Raises SettingError and embedded.EmbeddedError with
    words for the operator.
    """
    embedded.unwind_on_sigterm()
    environment = Environment()
    home = home_folder(environment)
    os.environ["DJANGO_SETTINGS_MODULE"] = "denrei.project.settings"
    if not environment.text("DENREI_DATABASE_POOL"):
        _set("DENREI_DATABASE_POOL", str(pool))
    _set("DENREI_DATABASE_ROLE", role)
    logs.set_up(environment.one_of("DENREI_LOG_LEVEL", ("WARNING", "INFO", "DEBUG", "ERROR")))
    with _database(environment, home, role):
        django.setup()
        yield


@contextmanager
def migrated(role: Role = "app", *, pool: int = 0) -> Iterator[None]:
    """Provide the same, and a database at this version; else migrating.DatabaseNotReadyError."""
    with ready(role, pool=pool):
        migrating.require_current()
        yield


def bring_key(key: str) -> None:
    """Make a key that comes from elsewhere the installation's. SettingError: it has another."""
    environment = Environment()
    given, path = environment.text("DENREI_SECRET_KEY"), home_folder(environment) / "secret-key"
    if not given:
        path.parent.mkdir(parents=True, exist_ok=True)
        _keep_key(path, key)
        given = path.read_text(encoding="utf-8", errors="replace").strip()
    if given != key:
        raise SettingError(
            f"復元する秘密鍵と、{'DENREI_SECRET_KEY' if environment.text('DENREI_SECRET_KEY') else path} の鍵が違います。"
            "使っていない鍵なら、設定を外すか、ファイルを別の場所へ移してから、もう一度実行してください。"
        )


def home_folder(environment: Environment) -> Path:
    """Return where the embedded database and the key are kept."""
    return Path(environment.text("DENREI_HOME") or Path.home() / ".local/share/denrei")


@contextmanager
def _database(environment: Environment, home: Path, role: Role) -> Iterator[None]:
    given = environment.text("DATABASE_URL")
    if given:
        _require_key(environment)
        owner = environment.text("DENREI_OWNER_DATABASE_URL")
        _set("DATABASE_URL", owner if role == "owner" and owner else given)
        yield
        return
    with embedded.running(home) as cluster:
        _set("DATABASE_URL", cluster.url())
        if not environment.text("DENREI_SECRET_KEY"):
            _set("DENREI_SECRET_KEY", stored_key(home))
        yield


def _set(name: str, value: str) -> None:
    """Set a variable for Django's settings and for processes that this one starts."""
    os.environ.pop(f"{name}_FILE", None)
    os.environ[name] = value


def _require_key(environment: Environment) -> None:
    if len(environment.text("DENREI_SECRET_KEY")) < _LEAST_KEY:
        raise SettingError(
            "DATABASE_URL を使うときは、DENREI_SECRET_KEY に32文字以上の推測できない文字列を設定してください"
            "（例: openssl rand -base64 48 の出力）。すべてのプロセスで同じ値にします。"
        )


def stored_key(home: Path) -> str:
    """Return the installation's secret key; made at the first time, readable by us only.

    A key appears whole or not at all, and only once: links that are out depend on it.
    """
    path = home / "secret-key"
    if not path.exists():
        _keep_key(path, secrets.token_urlsafe(48))
    key = path.read_text(encoding="utf-8", errors="replace").strip()
    if len(key) < _LEAST_KEY:
        raise SettingError(f"秘密鍵のファイル {path} が壊れています。控えから戻してください。")
    return key


def _keep_key(path: Path, key: str) -> None:
    """Write a key beside its place and link it there, unless another one is there."""
    handle, name = tempfile.mkstemp(prefix="secret-key.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(name)
    finally:
        Path(name).unlink()
