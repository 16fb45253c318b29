"""連絡終了: the signed head of a broadcast's chain is mailed to the administrators (NEW-1).

Who owns the database can rewrite all of it, the chain included; a head that lies in mailboxes
elsewhere is what he can't reach. `denrei verify --head` looks for it in a proof file.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.broadcasts import rendering
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.deliveries import closing, notices, seal
from denrei.reports.board import Board, board
from denrei.reports.proof.heads import Head, head

_log = logging.getLogger(__name__)


def mail_heads() -> int:
    """Mail what is due, one after the other; return how many were taken by a server."""
    return sum(_mail(organization, broadcast) for organization, broadcast in closing.due())


def _mail(organization_id: int, broadcast_id: int) -> bool:
    taken = closing.take(organization_id, broadcast_id)
    if taken is None:  # another worker has it
        return False
    with tenancy.acting_for(organization_id):
        seal.seal(organization_id)
    with tenancy.acting_for(organization_id):
        organization = Organization.objects.get(pk=organization_id)
        content = Content.from_json(Broadcast.objects.get(pk=broadcast_id).content)
        newest = head(organization_id, broadcast_id)
        shown = board(organization_id, broadcast_id)
    if newest is None:  # nothing was tried, or a long transaction holds the seals back: later
        return False
    notice = notices.administrators(
        organization,
        _subject(content, broadcast_id),
        "\n".join(_text(content, shown, newest)) + "\n",
        key=f"head.{broadcast_id}.{newest.no}",
    )
    if not notice.accepted:
        _log.warning("head not mailed", extra={"broadcast": broadcast_id, "why": notice.refusal})
        return False
    closing.told(organization_id, broadcast_id, *taken)
    return True


def _subject(content: Content, broadcast_id: int) -> str:
    return f"【伝令】連絡終了：{rendering.subject(content, 'ja')}（連絡番号 {broadcast_id}）"


def _text(content: Content, shown: Board, newest: Head) -> Iterator[str]:
    """Yield the lines of the mail: what ended, how it stands, and what to keep."""

    def clock(at: datetime | None) -> str:
        return f"{at.astimezone(ZoneInfo(content.time_zone)):%Y-%m-%d %H:%M:%S}" if at else "－"

    with translation.override("ja"):
        people, deliveries = shown.people.equation(), shown.deliveries.equation()
    yield f"「{rendering.subject(content, 'ja')}」（連絡番号 {shown.broadcast_id}）の送信が終わりました。"
    yield f"送信 {clock(shown.started_at)}　終了 {clock(shown.finished_at)}"
    yield people
    yield deliveries
    yield "回答は引き続き受け付けます。"
    yield ""
    yield "終了したときまでの記録の封印です。後で証明ファイルと照らし合わせるため、このメールを保管してください。"
    yield f"封印の番号　{newest.no}"
    yield "封印のハッシュ"
    yield newest.hash.hex()
    yield f"鍵の指紋　{newest.fingerprint}"
    yield "署名（Ed25519）"
    yield newest.signature.hex()
    yield ""
    yield "照らし合わせるときは、次のコマンドを実行します。"
    yield f"denrei verify 証明ファイル --key {newest.fingerprint} --head {newest.hash.hex()}"
