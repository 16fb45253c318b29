"""自分へテスト送信 (OPS-3): one message to the operator himself, past the ledger and all its counts.

It goes the way of a broadcast, by the same lane and gateways, so that what it shows is true; it has
no delivery, no attempt and no page to answer on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from denrei.accounts import audit
from denrei.accounts.models import Operator, Organization
from denrei.broadcasts import rendering
from denrei.broadcasts.content import Content
from denrei.deliveries import direct
from denrei.deliveries.watch import own_mail
from denrei.domain.states import Medium

#: Stands in the address of the answer page and in the return path, where no delivery is named.
_NOBODY = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of one test message, for the operator who pressed the button."""

    medium: Medium
    accepted: bool
    #: A sentence.
    words: str
    #: The server's own words, "" where there are none.
    reply: str = ""


def send(
    organization: Organization,
    operator: Operator,
    content: Content,
    medium: Medium,
    *,
    correlation: str,
    seconds: float = direct.SECONDS,
) -> Trial:
    """Send a content to its operator; the transaction must act for the organization.

    `correlation` is new for each press ([0-9a-z.-]{1,100}). Recorded in the audit trail.
    """
    address = operator.email if medium is Medium.MAIL else ""
    if not address:
        return _refused(medium, _no_address()[medium])
    ways = direct.ways(medium)
    if not ways:
        words = _("%(medium)sの送信経路がありません。設定で送信経路を登録してください。")
        return _refused(medium, words % {"medium": _(medium.label)})
    rendered = rendering.trial(content, "ja", key=correlation)
    outgoing = direct.message(address, rendered, correlation, _NOBODY)
    (found,) = direct.hand_over(ways, [outgoing], seconds)
    own_mail.note(operator, found)
    audit.record(
        organization.pk,
        "broadcast.tested",
        operator,
        operator,
        after={"medium": medium.name, "accepted": found.accepted, "reply": found.reply},
    )
    return Trial(medium=medium, accepted=found.accepted, words=found.words, reply=found.reply)


def _no_address() -> Mapping[Medium, str]:
    return {
        Medium.MAIL: _(
            "あなたのメールアドレスが登録されていません。操作者の設定で登録してください。"
        ),
        Medium.SMS: _("SMSのテスト送信先となる、あなたの電話番号の登録がありません。"),
        Medium.PHONE: _("テスト送信先となる、あなたの電話番号の登録がありません。"),
        Medium.APP: _("テスト送信先となる、あなたのアプリの登録がありません。"),
    }


def _refused(medium: Medium, words: str) -> Trial:
    return Trial(medium=medium, accepted=False, words=words)
