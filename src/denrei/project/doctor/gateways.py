"""Gateways: settings legible, the other side answering step by step (MSG-6), no recorded trouble."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.fernet import MultiFernet

from denrei.channels import Channel, SendError
from denrei.channels.smtp import Smtp, handshake
from denrei.channels.smtp.wire import Cause, Wire
from denrei.deliveries.gateways import GatewayError, to_channel
from denrei.domain.failures import Reason
from denrei.project.database_url import ROLES
from denrei.project.doctor.asking import Connection, acting, rows
from denrei.project.doctor.finding import Finding, fault, ok, warning

#: At most for each step of a handshake, and for the answer to QUIT.
_STEP_SECONDS, _FAREWELL_SECONDS = 5.0, 1.0
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

#: Step of the handshake, as `SendError.detail` begins → what failed, and how to mend it.
_STEPS = {
    "connect": (
        "接続",
        "host と port が正しいか、この機械からの接続をファイアウォールや契約先が許しているかを確認してください。",
    ),
    "greeting": (
        "最初の応答",
        "ポートと暗号化の方式の組が正しいか（465 は tls、587 は starttls）を確認してください。拒まれたときは、応答の言葉に従い、メールサーバーの管理者に相談してください。",
    ),
    "EHLO": ("名乗り（EHLO）", "hello_name に、この機械の正しいホスト名を設定してください。"),
    "STARTTLS": (
        "暗号化の開始（STARTTLS）",
        "サーバーが STARTTLS に対応していません。port 465 で security=tls を試すか、管理者に相談してください。",
    ),
    "TLS": (
        "暗号化（TLS）",
        "host が証明書の名前と同じか、証明書の期限が切れていないか、自組織の認証局なら ca_file を設定したかを確認してください。",
    ),
    "AUTH": ("サインイン（AUTH）", "username と password を確認してください。"),
}


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
    probe = _PROBES.get(type(channel))
    if probe is None:
        return ok(title, f"種類 {channel.kind} は、外部につながりません。だれにも送りません。")
    try:
        return ok(title, asyncio.run(probe(channel)))
    except SendError as error:
        step, _, detail = error.detail.partition(": ")
        name, remedy = _STEPS[step]
        return fault(title, f"{name}の段階で失敗しました：{detail}", remedy)


async def _greeted(smtp: Smtp) -> str:
    """Go through the handshake and hang up. SendError: whose detail begins with the step."""
    patient = dataclasses.replace(
        smtp,
        connect_timeout=min(smtp.connect_timeout, _STEP_SECONDS),
        greeting_timeout=min(smtp.greeting_timeout, _STEP_SECONDS),
    )
    make = functools.partial(Wire, asyncio.get_running_loop())
    try:
        wire, _ = await handshake.dial(patient, make, lambda: handshake.tls_context(smtp))
        with suppress(OSError):
            await wire.ask(b"QUIT\r\n", _FAREWELL_SECONDS)
        wire.drop(Cause(Reason.NONE, "examined", is_fault=False))
        await wire.closed
    finally:
        # Transports that were aborted give their sockets back in the next turn of the loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    steps = ["接続", "最初の応答", "名乗り"]
    steps += ["暗号化"] if smtp.security != "none" else []
    steps += ["サインイン"] if smtp.username else []
    return f"{smtp.host}:{smtp.port} との{'、'.join(steps)}に成功しました。"


#: Channels that have another side, and how to speak with it.
_PROBES: dict[type, Callable[[Any], Coroutine[Any, Any, str]]] = {Smtp: _greeted}
