"""What outlives the installation, and what does not outlive its time: backups, rehearsals, retention (OPS-8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from denrei.domain.retention import ARMED, Standing
from denrei.project.database_url import ROLES
from denrei.project.doctor.asking import Connection, acting, rows
from denrei.project.doctor.finding import Finding, ok, warning
from denrei.retention.nights import night_of
from denrei.retention.safe_copies import SafeCopies

_BACKUP, _REHEARSAL, _RETENTION = "控え", "復元の予行", "保存期間による削除"
_DO_BACK_UP = "denrei backup ファイル を、毎日か毎週、自動で実行してください（docs/howto/back-up-and-restore.md）。"
_DO_REHEARSE = (
    "denrei restore ファイル --rehearse を実行してください。使い捨てのデータベースで確かめます。"
)
#: Organizations → the newest night that is known of each, and until when it is only being made ready.
_KNOWN = (
    "SELECT max(night), max(until) FILTER (WHERE kind = %s) FROM retention_run"
    " WHERE night <= %s GROUP BY organization_id"
)
#: Of each organization's kinds, those of 無期限 left out (they have no row): the one that was last brought
#: to its end the longest ago, and that night; NULL: never, since its first night.
_BEHIND = """
SELECT kind, done, coalesce(done, first - 1) FROM (
  SELECT kind, max(night) FILTER (WHERE ended_at IS NOT NULL AND NOT handed_on) AS done,
         min(night) AS first, max(night) AS last, max(max(night)) OVER (PARTITION BY organization_id) AS newest
    FROM retention_run WHERE kind <> %s AND night <= %s GROUP BY organization_id, kind) k
 WHERE last = newest ORDER BY 3, 1 LIMIT 1
"""
#: Nights after which a kind that did not come to its end is told of.
_LATE = timedelta(days=3)
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
        yield _retention(connection, now)


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


def _retention(connection: Connection, now: datetime) -> Finding:
    troubled = [kind for (kind,) in rows(connection, _TROUBLED)]
    if troubled:
        return warning(
            _RETENTION,
            f"削除できないものがあります：{'、'.join(troubled)}。",
            "denrei retention run --yes を実行して、表示される理由を確認してください。",
        )
    night = night_of(now)
    known = rows(connection, _KNOWN, ARMED, night)
    asking = [newest for newest, _ in known if Standing.of(night, newest, False) is Standing.ASKS]
    if asking:
        return warning(
            _RETENTION,
            f"止めています。最後に動いた夜（{min(asking)}）から7日より長くたっています。時計が進みすぎているか、"
            "機械が止まっていたか、古い控えから復元したかです。確かめるまで、何も削除しません。",
            "この機械の時計（date）が正しいことと、保留にし直す連絡がないことを確かめてから、"
            "denrei retention run --yes を実行してください。",
        )
    behind = rows(connection, _BEHIND, ARMED, night)
    return _last(behind[0], night) if behind else _begins([until for _, until in known if until])


def _last(behind: tuple[str, date | None, date], night: date) -> Finding:
    """Tell of the kind that was brought to its end the longest ago."""
    kind, done, since = behind
    if night - since > _LATE:
        words = f"{done} の夜が最後です" if done else "まだ一度も終わっていません"
        return warning(
            _RETENTION,
            f"終わらないものがあります：{kind}（{words}）。",
            "denrei worker が動いているかを確認してください。送信が続いている間は、行われません。",
        )
    if done is None:
        return ok(_RETENTION, "途中です。denrei worker が動いていれば、送信の合間に続けます。")
    return ok(_RETENTION, f"{done} の夜までは、すべて終わりました。")


def _begins(ready: list[datetime]) -> Finding:
    """Tell when the first deletion may begin."""
    if ready:
        return ok(_RETENTION, f"{max(ready):%Y-%m-%d %H:%M} UTC より前には、何も削除しません。")
    return ok(
        _RETENTION,
        "まだ行われていません。denrei worker が動き始めて24時間たってから、毎日午前2時から行われます。",
    )
