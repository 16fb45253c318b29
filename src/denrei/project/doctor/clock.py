"""Clocks: this machine's beside the database's, who keeps it right, and the time zones."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from denrei.project.database_url import ROLES
from denrei.project.doctor.asking import Connection, acting, rows, value
from denrei.project.doctor.finding import Finding, fault, ok, warning

#: Seconds between two clocks: may be seen in logs; answers and deadlines look wrong.
_SEEN, _WRONG = 2.0, 30.0
_CLOCK = "時計の正しさ"
_ZONES = "時間帯のデータ"
#: Who knows whether the clock is kept right: a command, what it says then, what it says else.
_KEEPERS = (
    (("timedatectl", "show", "--property=NTPSynchronized", "--value"), "yes", "no"),
    (("chronyc", "tracking"), ": Normal", ": Not synchronised"),
)
_SECONDS = 3
_MEND = "systemd-timesyncd か chrony を動かし、時刻サーバーに届くことを確認してください。"


def examine(connection: Connection) -> Iterator[Finding]:
    """Yield how this machine's clock stands to the database's, which decides (OPS-9)."""
    before = time.time()
    theirs = float(value(connection, "SELECT extract(epoch FROM clock_timestamp())"))
    yield compared((before + time.time()) / 2 - theirs)
    yield from of_this_machine(_zones(connection))


def of_this_machine(zones: Iterable[str] = ("Asia/Tokyo",)) -> Iterator[Finding]:
    """Yield what this machine can tell without a database."""
    yield kept()
    yield zones_found(zones)


def compared(ahead: float) -> Finding:
    """Judge by how many seconds this machine is ahead of the database."""
    title = "データベースとの時計の差"
    words = f"この機械の時計は、データベースより {abs(ahead):.1f}秒{'進んで' if ahead > 0 else '遅れて'}います。"
    if abs(ahead) <= _SEEN:
        return ok(title, f"差は {abs(ahead):.1f}秒です。")
    mend = f"両方の機械の時計を合わせてください。{_MEND}"
    if abs(ahead) <= _WRONG:
        return warning(title, words, mend)
    return fault(title, words + "メールの日時が実際と違ってしまいます。", mend)


def kept() -> Finding:
    """Ask the system's own programs whether the clock follows a time server."""
    for command, right, wrong in _KEEPERS:
        told = _output(command)
        if right in told:
            return ok(_CLOCK, "時刻サーバーに合わせています。")
        if wrong in told:
            return warning(_CLOCK, "時刻サーバーに合わせていません。", _MEND)
    return warning(
        _CLOCK,
        "時刻サーバーに合わせているかどうかを、この環境では確かめられません。",
        "コンテナーなどでは、元の機械の時計が合わせられていることを確認してください。",
    )


def _output(command: tuple[str, ...]) -> str:
    """Return what a program prints; "" where it is missing, fails or is slow."""
    try:
        told = subprocess.run(
            command, capture_output=True, check=True, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.decode("utf-8", "replace").strip()


def _zones(connection: Connection) -> set[str]:
    """Return the time zones of the organizations, where they can be asked for."""
    there = value(
        connection,
        "SELECT to_regclass('organization') IS NOT NULL"
        " AND EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER'))",
        ROLES["worker"],
    )
    if not there:
        return {"Asia/Tokyo"}
    with acting(connection, ROLES["worker"]):
        found = rows(connection, "SELECT DISTINCT time_zone FROM organization")
    return {"Asia/Tokyo", *(name for (name,) in found)}


def zones_found(names: Iterable[str]) -> Finding:
    """Tell whether times can be shown in the zones."""
    missing = sorted(name for name in names if not _is_known(name))
    if not missing:
        return ok(_ZONES, "そろっています。")
    return fault(
        _ZONES,
        f"{'、'.join(missing)} のデータがありません。",
        "パッケージ tzdata を導入してください（Debian では apt install tzdata）。"
        "時間帯の名前の誤りであれば、団体の設定を直してください。",
    )


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True
