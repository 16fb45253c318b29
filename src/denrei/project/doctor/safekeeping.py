"""What outlives the installation, and what does not outlive its time: backups, rehearsals, retention (OPS-8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from denrei.project.database_url import ROLES
from denrei.project.doctor.asking import Connection, acting, rows
from denrei.project.doctor.finding import Finding, ok, warning
from denrei.retention.safe_copies import SafeCopies

_BACKUP, _REHEARSAL, _RETENTION = "控え", "復元の予行", "保存期間による削除"
_DO_BACK_UP = "denrei backup ファイル を、毎日か毎週、自動で実行してください（docs/howto/back-up-and-restore.md）。"
_DO_REHEARSE = (
    "denrei restore ファイル --rehearse を実行してください。使い捨てのデータベースで確かめます。"
)
_LAST = "SELECT max(night)::text, max(night) < current_date - 3 FROM retention_run WHERE ended_at IS NOT NULL"
_TROUBLED = (
    "SELECT DISTINCT kind FROM retention_run WHERE ended_at IS NULL AND trouble <> '' ORDER BY 1"
)


def examine(connection: Connection, embedded: Path | None) -> Iterator[Finding]:
    """Yield what is known of backups and of the nightly rounds."""
    now = datetime.now(UTC)
    if embedded is None:
        yield ok(
            _BACKUP,
            "DATABASE_URL の PostgreSQL の控えは、denrei からは分かりません。",
            "その管理者の方法で控えているか、復元を練習したかを確認してください。秘密鍵は別に控えます。",
        )
    else:
        found = SafeCopies.read(embedded)
        yield _backup(found, now)
        yield _rehearsal(found, now)
    with acting(connection, ROLES["worker"]):
        yield _retention(connection)


def _backup(found: SafeCopies, now: datetime) -> Finding:
    if found.backup is None:
        return warning(_BACKUP, "まだ一度も控えていません。", _DO_BACK_UP)
    made = found.backup
    days = (now - made.at).days
    words = (
        f"最後は{days}日前です（{made.at:%Y-%m-%d %H:%M} UTC、{made.octets / 1_000_000:,.1f} MB、"
        f"{made.seconds:,.0f}秒、{made.file}）。"
    )
    return warning(_BACKUP, words, _DO_BACK_UP) if found.is_overdue(now) else ok(_BACKUP, words)


def _rehearsal(found: SafeCopies, now: datetime) -> Finding:
    if found.rehearsal is None:
        return warning(_REHEARSAL, "控えから復元できることを、まだ確かめていません。", _DO_REHEARSE)
    words = f"最後に成功したのは {found.rehearsal.at:%Y-%m-%d} です（{found.rehearsal.seconds:,.0f}秒）。"
    if found.is_unrehearsed(now):
        return warning(_REHEARSAL, f"{words}1年以上たっています。", _DO_REHEARSE)
    return ok(_REHEARSAL, words)


def _retention(connection: Connection) -> Finding:
    troubled = [kind for (kind,) in rows(connection, _TROUBLED)]
    if troubled:
        return warning(
            _RETENTION,
            f"削除できないものがあります：{'、'.join(troubled)}。",
            "denrei retention run --yes を実行して、表示される理由を確認してください。",
        )
    (last, is_behind) = rows(connection, _LAST)[0]
    if last is None:
        return ok(
            _RETENTION,
            "まだ行われていません。denrei worker が動いていれば、毎日午前2時から行われます。",
        )
    if is_behind:
        return warning(
            _RETENTION,
            f"{last} の夜から行われていません。",
            "denrei worker が動いているかを確認してください。送信が続いている間は、行われません。",
        )
    return ok(_RETENTION, f"{last} の夜に行われました。")
