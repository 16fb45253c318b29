"""Bounces and replies: is there a way in, does it work, is what came in read."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Sequence

from denrei.project.database_url import ROLES
from denrei.project.doctor.asking import Connection, acting, rows
from denrei.project.doctor.finding import Finding, fault, ok, warning

_TITLE = "受信"
_SECONDS = 5.0
#: A mail that nobody read for so long, and a mailbox that was not asked for so many of its intervals.
_UNREAD_SECONDS, _INTERVALS = 60, 5
_HOWTO = "docs/howto/take-in-bounces.md に手順があります。"

_GATEWAYS = """
SELECT EXISTS (SELECT FROM gateway WHERE enabled AND kind <> 'simulator')
"""
_UNREAD = """
SELECT count(*) FROM received_mail
 WHERE read_at IS NULL AND arrived_at < clock_timestamp() - make_interval(secs => %s)
"""
_UNCLAIMED = """
SELECT count(*) FILTER (WHERE NOT is_broken), count(*) FILTER (WHERE is_broken) FROM received_mail
 WHERE organization_id IS NULL AND read_at IS NOT NULL
"""
_MAILBOXES = """
SELECT o.slug, m.name, m.trouble,
       coalesce(m.fetched_at, m.created_at) < clock_timestamp() - make_interval(secs => m.every_seconds * %s + 30)
  FROM mailbox m JOIN organization o ON o.id = m.organization_id WHERE m.enabled ORDER BY 1, 2
"""


def examine(connection: Connection, listening: Sequence[tuple[str, str, int]]) -> Iterator[Finding]:
    """Yield the state of every way in, and of what came by it."""
    with acting(connection, ROLES["worker"]):
        ((sends,),) = rows(connection, _GATEWAYS)
        mailboxes = rows(connection, _MAILBOXES, _INTERVALS)
        ((unread,),) = rows(connection, _UNREAD, _UNREAD_SECONDS)
        ((unclaimed, broken),) = rows(connection, _UNCLAIMED)
    if sends and not (listening or mailboxes):
        yield warning(
            _TITLE,
            "戻ってきたメールを受け取る設定がありません。後から戻った不達は分からず、届いたものとして扱われます。",
            _HOWTO,
        )
    for address in listening:
        yield _answered(*address)
    for slug, name, trouble, is_late in mailboxes:
        yield _mailbox(f"メールボックス（{slug}、{name}）", trouble, is_late=is_late)
    if unread:
        yield warning(
            _TITLE,
            f"読み取られていないメールが{unread}通あります。",
            "denrei worker が動いているか、そのログに post room の警告がないかを確認してください。",
        )
    if broken:
        yield fault(
            _TITLE,
            f"読み取りに失敗したメールが{broken}通あります。",
            "denrei mailbox unclaimed で番号を確かめ、伝令の不具合として報告してください。",
        )
    if unclaimed:
        yield ok(
            _TITLE,
            f"どの団体のものか分からないメールが{unclaimed}通あります（30日で消えます）。",
            "多いときは denrei mailbox unclaimed で宛先を確認してください。",
        )


def _answered(way: str, host: str, port: int) -> Finding:
    """Tell whether somebody answers where a worker is to listen."""
    title = f"受信（{way}:{host}:{port}）"
    try:
        with socket.create_connection((_near(host), port), _SECONDS) as answered:
            answered.settimeout(_SECONDS)
            greeting = answered.recv(200).decode("ascii", "replace").strip()
            answered.sendall(b"QUIT\r\n")
    except OSError as error:
        return fault(
            title,
            f"つながりません（{error.strerror or error}）。",
            "この機械で denrei worker が動いているか、そのログに can't listen の警告がないかを確認してください。"
            "ワーカーがほかの機械にあるときは、そこで確認してください。",
        )
    if greeting.startswith("220") and "denrei" in greeting:
        return ok(title, "応答しています。")
    return fault(
        title,
        f"別のプログラムが応答しています：{greeting}",
        "そのプログラムを止めるか、DENREI_MAIL_LISTEN で別のポートを指定してください。",
    )


def _near(host: str) -> str:
    """Return where to ask for a receiver that listens on an address, or on all of a family."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "::1" if address.version == 6 else "127.0.0.1"


def _mailbox(title: str, trouble: str, *, is_late: bool) -> Finding:
    if trouble:
        return fault(
            title, trouble, "denrei mailbox test で確かめ、設定を直すときは登録し直してください。"
        )
    if is_late:
        return fault(
            title,
            "しばらく取得されていません。",
            "denrei worker が動いているかを確認してください。",
        )
    return ok(title, "取得できています。")
