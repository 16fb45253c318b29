"""Gateways: settings legible, the other side answering step by step (MSG-6), no recorded trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.fernet import MultiFernet

from denrei.channels import Channel, Found
from denrei.deliveries.gateways import GatewayError, to_channel
from denrei.deliveries.gateways import examine as examine_channel
from denrei.project.database_url import ROLES
from denrei.project.doctor.asking import Connection, acting, rows
from denrei.project.doctor.finding import Finding, fault, ok, warning

_ADD = "denrei gateway add で登録してください（訓練だけなら種類 simulator）。"

_GATEWAYS = """
SELECT g.id, coalesce(o.slug, 'すべての団体'), g.name, g.kind, g.settings, g.trouble, g.trouble_since
  FROM gateway g JOIN lane l ON l.id = g.lane_id LEFT JOIN organization o ON o.id = g.organization_id
 WHERE g.enabled AND l.enabled ORDER BY o.slug NULLS FIRST, g.rank, g.id
"""
_WITHOUT = """
SELECT slug FROM organization o WHERE NOT EXISTS (
  SELECT FROM gateway g JOIN lane l ON l.id = g.lane_id
   WHERE g.enabled AND l.enabled AND coalesce(g.organization_id, o.id) = o.id) ORDER BY slug
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One gateway in use."""

    number: int
    owner: str
    name: str
    kind: str
    settings: dict[str, Any]
    trouble: str
    trouble_since: datetime | None

    @property
    def title(self) -> str:
        """Return how a finding calls it."""
        return f"送信経路 {self.number}（{self.owner}、{self.name}）"


def examine(connection: Connection, safe: MultiFernet) -> Iterator[Finding]:
    """Yield the state of every gateway in use, and who has none."""
    with acting(connection, ROLES["worker"]):
        found = [_registered(row) for row in rows(connection, _GATEWAYS)]
        without = [slug for (slug,) in rows(connection, _WITHOUT)]
        organizations = rows(connection, "SELECT FROM organization LIMIT 1")
    if not organizations:
        yield warning(
            "団体", "まだ登録されていません。", "denrei organization add で登録してください。"
        )
    for slug in without:
        yield warning("送信経路", f"団体 {slug} に送信経路がありません。", _ADD)
    for gateway in found:
        yield from _examined(gateway, safe)


def _registered(row: tuple[Any, ...]) -> Registered:
    number, owner, name, kind, settings, trouble, since = row
    return Registered(
        number=number,
        owner=owner,
        name=name,
        kind=kind,
        settings=settings,
        trouble=trouble,
        trouble_since=since,
    )


def _examined(gateway: Registered, safe: MultiFernet) -> Iterator[Finding]:
    try:
        channel = to_channel(gateway.kind, gateway.settings, safe)
    except GatewayError as error:
        yield fault(
            gateway.title,
            str(error),
            "鍵を替えたときは、それまでの鍵を DENREI_RETIRED_SECRET_KEYS に加えてください。"
            "設定の誤りは、denrei gateway add で登録し直してください。",
        )
        return
    yield probed(gateway.title, channel)
    if gateway.trouble:
        since = (
            f"{gateway.trouble_since:%Y-%m-%d %H:%M}（UTC）から" if gateway.trouble_since else ""
        )
        yield warning(
            gateway.title,
            f"ワーカーが{since}不調を記録しています：{gateway.trouble}",
            "上の確認が正常なら、次の送信で消えます。消えないときは、この言葉をもとに原因を調べてください。",
        )


def probed(title: str, channel: Channel) -> Finding:
    """Speak with the other side of a channel as far as nothing is sent."""
    checks = examine_channel(channel)
    if not checks:
        return ok(title, f"種類 {channel.kind} は、外部につながりません。だれにも送りません。")
    for check in checks:
        if check.found is Found.FAILED:
            words = f"{check.name}の段階で失敗しました。{check.what}応答：{check.said}"
            return fault(title, words, check.todo)
    done = "、".join(check.name for check in checks if check.found is Found.DONE)
    return ok(title, f"{done}に成功しました。")
