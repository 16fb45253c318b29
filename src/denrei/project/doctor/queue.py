"""Work that waits and those who do it: the queue's tables, workers, stalled and broken broadcasts."""

from __future__ import annotations

from collections.abc import Iterator

from denrei.deliveries.stages import Stage
from denrei.project.database_url import ROLES
from denrei.project.doctor.asking import Connection, acting, rows, value
from denrei.project.doctor.finding import Finding, fault, ok, warning

#: Seconds after which silence is an alarm (OPS-5).
SILENCE_SECONDS = 60
#: A worker of the queue tells every 10 s that it lives; after three times that it is gone.
_HEARTBEAT_SECONDS = 30
#: So many broadcasts are looked at and named.
_LOOKED_AT = 50
_WORKER = "ワーカー"
_START = "denrei worker を起動してください。動いているはずのときは、そのログを確認してください。"

_UNUSABLE = """
SELECT name FROM unnest(ARRAY['procrastinate_jobs', 'procrastinate_events', 'procrastinate_workers',
                              'procrastinate_periodic_defers']) name
 WHERE to_regclass(name) IS NULL
    OR NOT has_table_privilege(%s, to_regclass(name), 'SELECT')
    OR NOT has_table_privilege(%s, to_regclass(name), 'INSERT')
    OR NOT has_table_privilege(%s, to_regclass(name), 'UPDATE')
    OR NOT has_table_privilege(%s, to_regclass(name), 'DELETE')
"""
_ALIVE = """
SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > clock_timestamp() - make_interval(secs => %s)
"""
# A job that a worker took along when it was killed; the next turn of the clock does its work.
_STALLED = """
SELECT DISTINCT task_name FROM procrastinate_jobs j
  LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
 WHERE j.status = 'doing' AND coalesce(w.last_heartbeat, '-infinity') < clock_timestamp() - make_interval(secs => %s)
   AND EXISTS (SELECT FROM procrastinate_events e
                WHERE e.job_id = j.id AND e.type = 'started' AND e.at > clock_timestamp() - interval '1 day')
 ORDER BY 1
"""
_FAILED = """
SELECT DISTINCT task_name FROM procrastinate_jobs j
 WHERE j.status = 'failed' AND EXISTS (
   SELECT FROM procrastinate_events e
    WHERE e.job_id = j.id AND e.type = 'failed' AND e.at > clock_timestamp() - interval '1 day')
 ORDER BY 1
"""
# Ready, or leased by somebody who fell silent, in a lane where nobody holds a living lease.
_UNCLAIMED = """
SELECT count(*), coalesce(sum(c.open), 0)::int FROM chunk c
  JOIN run r ON r.broadcast_id = c.broadcast_id AND r.wave = c.wave AND r.stage < 2
 WHERE CASE c.state WHEN 0 THEN greatest(c.not_before, r.started_at) WHEN 1 THEN c.lease_until END
         < clock_timestamp() - make_interval(secs => %s)
   AND NOT EXISTS (SELECT FROM chunk o WHERE o.lane = c.lane AND o.state = 1 AND o.lease_until > clock_timestamp())
"""
_OPEN = """
SELECT organization_id, broadcast_id, wave, stage,
       progress_at < clock_timestamp() - make_interval(secs => %s)
  FROM run WHERE stage < 2 ORDER BY priority, broadcast_id LIMIT %s
"""
# Something is due, and nothing of the wave has moved: a retry that is set for later is no silence.
_SILENT = """
SELECT (EXISTS (SELECT FROM chunk WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s AND
                  CASE state WHEN 0 THEN not_before WHEN 1 THEN lease_until END < now() - %(silence)s * interval '1 second')
     OR EXISTS (SELECT FROM delivery WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s
                  AND next_at < now() - %(silence)s * interval '1 second'))
   AND NOT EXISTS (SELECT FROM delivery WHERE broadcast_id = %(broadcast)s AND wave = %(wave)s
                  AND updated_at > now() - %(silence)s * interval '1 second')
"""
_BROKEN = "SELECT DISTINCT broadcast_id FROM run WHERE broken_at IS NOT NULL ORDER BY 1"


def examine(connection: Connection) -> Iterator[Finding]:
    """Yield how work goes on, as the worker's role sees it: of all organizations."""
    unusable = [name for (name,) in rows(connection, _UNUSABLE, *[ROLES["app"]] * 4)]
    if unusable:
        yield fault(
            "定期処理の表",
            f"使えない表があります：{'、'.join(unusable)}",
            "denrei migrate を実行してください。",
        )
        return
    with acting(connection, ROLES["worker"]):
        yield _workers(connection)
        yield _periodic(connection)
        stalled = list(_stalled(connection))
        broken = [str(number) for (number,) in rows(connection, _BROKEN)]
    yield _progress([str(number) for number in stalled])
    yield _conservation(broken)


def _workers(connection: Connection) -> Finding:
    alive = value(connection, _ALIVE, _HEARTBEAT_SECONDS)
    chunks, deliveries = rows(connection, _UNCLAIMED, SILENCE_SECONDS)[0]
    waiting = f"{deliveries:,}件の配信を、{SILENCE_SECONDS}秒以上だれも引き受けていません。"
    if chunks and alive:
        return fault(
            _WORKER,
            f"動いていますが、{waiting}",
            "この下の送信経路を確認してください。異常がなければ、denrei worker を起動し直してください。",
        )
    if chunks:
        return fault(_WORKER, f"動いていません。{waiting}", _START)
    if not alive:
        return warning(_WORKER, "動いていません。連絡を送っても、配信が始まりません。", _START)
    return ok(_WORKER, f"{alive}つ動いています。")


def _periodic(connection: Connection) -> Finding:
    title = "定期処理"
    stalled = [name for (name,) in rows(connection, _STALLED, _HEARTBEAT_SECONDS)]
    failed = [name for (name,) in rows(connection, _FAILED)]
    if failed:
        return warning(
            title,
            f"この24時間に失敗したものがあります：{'、'.join(failed)}",
            "ワーカーのログで原因を確かめてください。次の周期にもう一度行われます。",
        )
    if stalled:
        return warning(
            title,
            f"この24時間に途中で止まったものがあります：{'、'.join(stalled)}。"
            "ワーカーが突然終わった跡です。",
            "denrei worker が動いていれば、次の周期に行われます。繰り返すときは、ログを確認してください。",
        )
    return ok(title, "途中で止まったものも、失敗したものもありません。")


def _stalled(connection: Connection) -> Iterator[int]:
    """Yield open broadcasts of which nothing has moved although something is due."""
    for organization, broadcast, wave, stage, late in rows(
        connection, _OPEN, SILENCE_SECONDS, _LOOKED_AT
    ):
        if stage == Stage.PREPARING:
            if late:
                yield broadcast
            continue
        connection.execute(
            "SELECT set_config('denrei.organization', %s, true)", (str(organization),)
        )
        asked = {"broadcast": broadcast, "wave": wave, "silence": SILENCE_SECONDS}
        silent = connection.execute(_SILENT, asked).fetchone()
        if late and silent and silent[0]:
            yield broadcast


def _progress(stalled: list[str]) -> Finding:
    title = "連絡の進み"
    if not stalled:
        return ok(title, "止まっている連絡はありません。")
    return fault(
        title,
        f"送るものがあるのに{SILENCE_SECONDS}秒以上進んでいない連絡があります"
        f"（連絡番号 {'、'.join(stalled)}）。",
        "ワーカーと送信経路の異常を先に直してください。状態は denrei broadcast show 番号 で見られます。",
    )


def _conservation(broken: list[str]) -> Finding:
    title = "2つの式"
    if not broken:
        return ok(title, "台帳を数え直した結果と一致しています。")
    return fault(
        title,
        f"数え直した結果と合わない連絡があります（連絡番号 {'、'.join(broken)}）。",
        "denrei broadcast show 番号 で確かめてください。"
        "台帳が正しい方です。データベースを直接書き換えた人がいないかを調べ、開発者に知らせてください。",
    )
