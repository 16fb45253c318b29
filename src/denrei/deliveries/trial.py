"""自分へテスト送信 (OPS-3): one message to the operator himself, past the ledger and all its counts.

It goes the way of a broadcast, by the same lane and gateways, so that what it shows is true; it has
no delivery, no attempt and no page to answer on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from denrei.accounts import audit
from denrei.accounts.models import Operator, Organization
from denrei.broadcasts import rendering
from denrei.broadcasts.content import Content
from denrei.channels import Accepted, Channel, Outgoing, SendError
from denrei.deliveries import gateways
from denrei.deliveries.dispatch.routes import is_trouble
from denrei.deliveries.models import Gateway, Lane
from denrei.domain.failures import CONSEQUENCES
from denrei.domain.states import Medium

#: An operator waits for the answer.
SECONDS = 25.0
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
    seconds: float = SECONDS,
) -> Trial:
    """Send a content to its operator; the transaction must act for the organization.

    `correlation` is new for each press ([0-9a-z.-]{1,64}). Recorded in the audit trail.
    """
    address = operator.email if medium is Medium.MAIL else ""
    if not address:
        return _refused(medium, _no_address()[medium])
    lane = Lane.objects.serving(medium).first()
    ways = list(lane.gateways.in_turn()) if lane else []
    if not ways:
        words = _("%(medium)sの送信経路がありません。設定で送信経路を登録してください。")
        return _refused(medium, words % {"medium": _(medium.label)})
    found = _by_the_first_that_works(
        medium, ways, _outgoing(content, address, correlation), seconds
    )
    audit.record(
        organization.pk,
        "broadcast.tested",
        operator,
        operator,
        after={"medium": medium.name, "accepted": found.accepted, "reply": found.reply},
    )
    return found


def _no_address() -> Mapping[Medium, str]:
    return {
        Medium.MAIL: _(
            "あなたのメールアドレスが登録されていません。操作者の設定で登録してください。"
        ),
        Medium.SMS: _("SMSのテスト送信先となる、あなたの電話番号の登録がありません。"),
        Medium.PHONE: _("テスト送信先となる、あなたの電話番号の登録がありません。"),
        Medium.APP: _("テスト送信先となる、あなたのアプリの登録がありません。"),
    }


def _outgoing(content: Content, address: str, correlation: str) -> Outgoing:
    return Outgoing(
        delivery=0,
        correlation=correlation,
        return_token=_NOBODY,
        address=address,
        content=rendering.trial(content, "ja", key=correlation),
        url=f"{settings.PUBLIC_URL}/r/{_NOBODY}",
        alive=lambda: True,
    )


def _by_the_first_that_works(
    medium: Medium, ways: list[Gateway], outgoing: Outgoing, seconds: float
) -> Trial:
    """Try the gateways in turn: one that can't be used leaves the message to the next."""
    safe = gateways.vault([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
    for way in ways:
        try:
            channel = gateways.to_channel(way.kind, way.settings, safe)
            accepted = asyncio.run(_hand_over(channel, outgoing, seconds))
        except gateways.GatewayError as error:
            found = _refused(medium, str(error))
        except TimeoutError:
            words = _("送信経路「%(name)s」が%(seconds)d秒以内に応答しませんでした。")
            found = _refused(medium, words % {"name": way.name, "seconds": seconds})
        except SendError as error:
            found = _refused(medium, CONSEQUENCES[error.reason].words, error.detail)
            if not is_trouble(error):
                return found
        else:
            words = _("送信経路「%(name)s」が %(address)s 宛てとして受け付けました。")
            words %= {"name": way.name, "address": outgoing.address}
            return Trial(medium=medium, accepted=True, words=words, reply=accepted.reply)
    return found


async def _hand_over(channel: Channel, outgoing: Outgoing, seconds: float) -> Accepted:
    async with asyncio.timeout(seconds), channel.open() as sender:
        return await sender.send(outgoing)


def _refused(medium: Medium, words: str, reply: str = "") -> Trial:
    return Trial(medium=medium, accepted=False, words=words, reply=reply)
