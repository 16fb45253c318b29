"""What a configuration must fulfil; each complaint is one sentence that says what to do."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from denrei.channels.smtp import addresses, dkim, headers

if TYPE_CHECKING:
    from denrei.channels.smtp import Smtp

#: Seconds that RFC 5321, 4.5.3.2 waits in each phase; for a connection it names none.
LONGEST_WAITS = {
    "connect_timeout": 300,
    "greeting_timeout": 300,
    "command_timeout": 300,
    "data_timeout": 120,
    "final_timeout": 600,
    "idle_timeout": 300,
}
#: Minutes that a relay may be believed to remember a sign-in.
LONGEST_WINDOW = 1440
_WAIT_NAMES = {
    "connect_timeout": "接続",
    "greeting_timeout": "最初の応答",
    "command_timeout": "コマンド",
    "data_timeout": "DATAコマンド",
    "final_timeout": "本文の送信後",
    "idle_timeout": "未使用の接続",
}
_CHOICES = {
    "security": (("none", "starttls", "tls"), "暗号化の方式"),
    "pop_security": (("none", "starttls", "tls"), "POPサーバーの暗号化の方式"),
    "encoding": (("utf-8", "iso-2022-jp"), "文字コード"),
}
_RANGES = {
    "port": (1, 65_535, "ポート番号"),
    "pop_port": (1, 65_535, "POPサーバーのポート番号"),
    "connections": (1, 1_000, "同時接続数"),
    "size_limit": (1_000, 1_000_000_000, "メールの最大の大きさ（バイト）"),
}
_ADDRESSES = {
    "sender_address": (True, "差出人のアドレス"),
    "reply_to": (False, "返信先のアドレス"),
}
_DOMAINS = {
    "hello_name": "このサーバーの名前（EHLO）",
    "return_path_domain": "エラーメールの戻り先のドメイン",
    "message_id_domain": "Message-IDのドメイン",
    "dkim_selector": "DKIMのセレクター",
    "dkim_domain": "DKIMの署名のドメイン",
}
_HOST = re.compile(r"[!-~]{1,253}")


def complaints(smtp: Smtp) -> Iterator[str]:
    """Yield what is wrong, the first things first."""
    if not _HOST.fullmatch(smtp.host):
        yield "メールサーバーの名前またはIPアドレスを半角で入力してください。"
    for field, (choices, label) in _CHOICES.items():
        if getattr(smtp, field) not in choices:
            yield f"{label}は{'、'.join(choices)}のいずれかを選んでください。"
    for field, (least, most, label) in _RANGES.items():
        if not least <= getattr(smtp, field) <= most:
            yield f"{label}は{least}から{most}までの数で入力してください。"
    for field, most in LONGEST_WAITS.items():
        if not 0 < getattr(smtp, field) <= most:
            yield f"待ち時間（{_WAIT_NAMES[field]}）は0秒より長く{most}秒以下にしてください。"
    yield from _identity(smtp)
    yield from _sign_in(smtp)
    yield from _pop_before(smtp)
    yield from _signing(smtp)


def is_loopback(host: str) -> bool:
    """Is `host` this machine, so that nothing of what is sent to it can be overheard?"""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _identity(smtp: Smtp) -> Iterator[str]:
    if not _passes(headers.check, smtp.sender_name):
        yield "差出人の名前に改行や制御文字は使えません。"
    for field, (is_needed, label) in _ADDRESSES.items():
        value = getattr(smtp, field)
        if (value or is_needed) and not (value.isascii() and _passes(addresses.mailbox, value)):
            yield f"{label}を正しい書式のメールアドレス（半角）で入力してください。"
    for field, label in _DOMAINS.items():
        value = getattr(smtp, field)
        if value and not (value.isascii() and _passes(addresses.domain, value)):
            yield f"{label}を正しい書式のドメイン名（半角）で入力してください。"


def _sign_in(smtp: Smtp) -> Iterator[str]:
    password = smtp.password.reveal()
    if bool(smtp.username) != bool(password):
        yield "ユーザー名とパスワードは、両方を入力するか、両方を空にしてください。"
    if not (_passes(headers.check, smtp.username) and _passes(headers.check, password)):
        yield "ユーザー名とパスワードに改行や制御文字は使えません。"
    if smtp.username and smtp.security == "none" and not is_loopback(smtp.host):
        yield (
            "暗号化なしではパスワードを送れません。暗号化の方式でstarttlsまたはtlsを選んでください。"
        )


def _pop_before(smtp: Smtp) -> Iterator[str]:
    password = smtp.pop_password.reveal()
    if not 0 < smtp.pop_minutes <= LONGEST_WINDOW:
        yield f"POP before SMTPの有効時間は0分より長く{LONGEST_WINDOW}分以下にしてください。"
    if not smtp.pop_host:
        if smtp.pop_username or password:
            yield "POP before SMTPを使うには、POPサーバーの名前またはIPアドレスも入力してください。"
        return
    if not _HOST.fullmatch(smtp.pop_host):
        yield "POPサーバーの名前またはIPアドレスを半角で入力してください。"
    if not (smtp.pop_username and password):
        yield "POPサーバーのユーザー名とパスワードを入力してください。"
    if not (_passes(headers.check, smtp.pop_username) and _passes(headers.check, password)):
        yield "POPサーバーのユーザー名とパスワードに改行や制御文字は使えません。"
    if smtp.pop_security == "none" and not is_loopback(smtp.pop_host):
        yield (
            "暗号化なしではPOPサーバーにパスワードを送れません。"
            "暗号化の方式でstarttlsまたはtlsを選んでください。"
        )


def _signing(smtp: Smtp) -> Iterator[str]:
    key = smtp.dkim_key.reveal()
    if bool(smtp.dkim_selector) != bool(key):
        yield "DKIMのセレクターと秘密鍵は、両方を設定するか、両方を空にしてください。"
    elif smtp.dkim_domain and not key:
        yield "DKIMの署名のドメインを使うには、セレクターと秘密鍵も設定してください。"
    elif key:
        try:
            dkim.read_key(key)
        except ValueError as error:
            yield str(error)


def _passes(check: Callable[[str], object], value: str) -> bool:
    try:
        check(value)
    except ValueError:
        return False
    return True
