"""The installation itself: program, folder, secret key, and the address that mails carry."""

from __future__ import annotations

import importlib.metadata
import ipaddress
import os
import platform
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.http.request import validate_host

from denrei.project.doctor.finding import Finding, fault, ok, warning
from denrei.project.environment import Environment, SettingError

#: Characters: shorter keys can be guessed (docs/reference/settings.md).
_LEAST_KEY = 32
#: Different characters of a key that somebody drew rather than typed.
_LEAST_VARIETY = 10
_KEY = "秘密鍵"
_ADDRESS = "回答ページのアドレス"
_NEW_KEY = "openssl rand -base64 48 の出力を DENREI_SECRET_KEY に設定してください。"


def examine(environment: Environment, home: Path) -> Iterator[Finding]:
    """Yield what can be seen before the database is there."""
    version = importlib.metadata.version("denrei")
    yield ok("プログラム", f"denrei {version}、Python {platform.python_version()} です。")
    for check in (_folder, _key):
        try:
            yield check(environment, home)
        except SettingError as error:
            yield fault("設定", str(error), "環境変数を直してください。")


def _folder(environment: Environment, home: Path) -> Finding:
    title = "保存先のフォルダー"
    if environment.text("DATABASE_URL"):
        return ok(title, "DATABASE_URL を使うので、フォルダーは要りません。")
    there = next(path for path in (home, *home.parents) if path.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return ok(title, f"{home} に書き込めます。")
    return fault(
        title,
        f"{home} に書き込めません（{there} の所有者と権限のため）。",
        "denrei を動かす利用者に所有者を変えるか、DENREI_HOME に書き込める場所を設定してください。",
    )


def _key(environment: Environment, home: Path) -> Finding:
    key, file = environment.text("DENREI_SECRET_KEY"), environment.text("DENREI_SECRET_KEY_FILE")
    if key:
        # A group may be allowed to read a file that root keeps for a service.
        return (_exposed(Path(file), stat.S_IRWXO) if file else None) or _judged(key)
    if environment.text("DATABASE_URL"):
        return fault(_KEY, "DENREI_SECRET_KEY が設定されていません。", _NEW_KEY)
    return _stored(home / "secret-key")


def _stored(path: Path) -> Finding:
    try:
        key = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ok(_KEY, f"はじめて denrei migrate を実行したときに、{path} に作られます。")
    except (OSError, UnicodeDecodeError) as error:
        return fault(
            _KEY,
            f"{path} を読めません：{error}",
            "denrei を動かす利用者で実行するか、控えから戻してください。",
        )
    return _exposed(path, stat.S_IRWXG | stat.S_IRWXO) or _judged(key)


def _exposed(path: Path, forbidden: int) -> Finding | None:
    """Return what is wrong where a file's mode has any of the forbidden bits."""
    if not path.stat().st_mode & forbidden:
        return None
    mode = 0o600 if forbidden & stat.S_IRWXG else 0o640
    return fault(
        _KEY,
        f"{path} を、この機械のほかの利用者が読めます。読まれると、だれの回答でも偽ることができます。",
        f"chmod {mode:o} {path} を実行してください。読まれたおそれがあるときは、鍵を替えてください。",
    )


def _judged(key: str) -> Finding:
    if len(key) < _LEAST_KEY:
        return fault(
            _KEY, f"{len(key)}文字しかありません（{_LEAST_KEY}文字以上が必要です）。", _NEW_KEY
        )
    if len(set(key)) < _LEAST_VARIETY:
        return warning(_KEY, "同じ文字の繰り返しが多く、推測されるおそれがあります。", _NEW_KEY)
    return ok(_KEY, "長さは十分です。データベースとは別の場所に控えてください。")


def addresses(public_url: str, hosts: Sequence[str]) -> Iterator[Finding]:
    """Yield whether recipients can open what their mails carry, and whether we answer there."""
    try:
        parts = urlsplit(public_url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host:
        yield fault(
            _ADDRESS,
            f"DENREI_PUBLIC_URL（{public_url}）にホスト名がないか、形が正しくありません。",
            "https://anpi.example.jp のように設定してください。",
        )
        return
    yield _scheme(public_url, is_secure=parts.scheme == "https", is_here=_is_here(host))
    yield _host(f"[{host}]" if ":" in host else host, hosts)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _scheme(public_url: str, *, is_secure: bool, is_here: bool) -> Finding:
    if is_here:
        return ok(
            _ADDRESS,
            f"{public_url} は、この機械の中からだけ開けます。試用には足ります。",
            "受取人に送る前に、受取人の端末から開ける https:// のアドレスを DENREI_PUBLIC_URL に設定してください。",
        )
    if is_secure:
        return ok(_ADDRESS, f"{public_url} です。")
    return warning(
        _ADDRESS,
        f"{public_url} は暗号化されません。回答が途中で読まれたり、変えられたりするおそれがあります。",
        "リバースプロキシーで TLS を受け、DENREI_PUBLIC_URL を https:// で始めてください。",
    )


def _host(host: str, hosts: Sequence[str]) -> Finding:
    title = "応答するホスト名"
    if "*" in hosts:
        return warning(
            title,
            "どのホスト名にも応答します。",
            f"DENREI_HOSTS に {host} だけを設定してください。",
        )
    if validate_host(host, hosts):
        return ok(title, f"{host} に応答します。")
    return fault(
        title,
        f"{host} には応答しません。メールの中のアドレスを開いても、回答ページが表示されません。",
        f"DENREI_HOSTS に {host} を加えてください（今の値：{','.join(hosts)}）。",
    )
