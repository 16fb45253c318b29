"""Messages past the ledger: a test to oneself, a word to administrators. No delivery, no attempt, no counts.

They go the way of a broadcast, by the same gateways: one that can't be used leaves what is left to
the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from denrei.channels import Channel, Content, Outgoing, Sender, SendError
from denrei.deliveries import gateways
from denrei.deliveries.dispatch.routes import is_trouble
from denrei.deliveries.models import Gateway, Lane
from denrei.domain.failures import CONSEQUENCES, Reason
from denrei.domain.states import Medium

#: Somebody waits for the answer.
SECONDS = 25.0
#: What says that this person's address takes no mail; anything else is the way's or the moment's.
OF_THE_ADDRESS = frozenset(
    {
        Reason.UNKNOWN_USER,
        Reason.UNKNOWN_HOST,
        Reason.MOVED,
        Reason.FILTERED,
        Reason.SUSPENDED,
        Reason.MAILBOX_FULL,
        Reason.BAD_ADDRESS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What became of one message."""

    accepted: bool
    #: A sentence.
    words: str
    #: The server's own words, "" where there are none.
    reply: str = ""
    #: Why it was refused; NONE where no server said.
    reason: Reason = Reason.NONE

    @property
    def blames_the_address(self) -> bool:
        """Tell whether the next message to this address would be refused as well."""
        return self.reason in OF_THE_ADDRESS


def message(address: str, content: Content, correlation: str, token: str) -> Outgoing:
    """Return a message that is of no delivery.

    `correlation` is the same for each try of the same message ([0-9a-z.-]{1,100}); `token` stands in
    the address of the answer page and in the return path, where no delivery is named.
    """
    return Outgoing(
        delivery=0,
        correlation=correlation,
        return_token=token,
        address=address,
        content=content,
        url=f"{settings.PUBLIC_URL}/r/{token}",
        alive=lambda: True,
    )


def ways(medium: Medium) -> list[Gateway]:
    """Return the gateways of a medium in turn; the transaction must act for the organization."""
    lane = Lane.objects.serving(medium).first()
    return list(lane.gateways.in_turn()) if lane else []


def hand_over(
    ways: Iterable[Gateway], messages: Sequence[Outgoing], seconds: float = SECONDS
) -> list[Handed]:
    """Hand messages over by the first gateway that works; tell of each, in their order.

    A gateway gets `seconds` for all of them. Without a gateway nothing is told. Holds the thread,
    and must not hold a transaction where somebody else could wait for it.
    """
    safe = gateways.vault([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
    told: dict[int, Handed] = {}
    left = list(range(len(messages)))
    for way in ways:
        if not left:
            break
        try:
            channel = gateways.to_channel(way.kind, way.settings, safe)
        except gateways.GatewayError as error:
            told |= dict.fromkeys(left, Handed(accepted=False, words=str(error)))
            continue
        tries = _Tries(way=way, messages=messages)
        asyncio.run(tries.run(channel, left, seconds))
        told |= tries.told
        left = tries.left
    return [told[n] for n in sorted(told)]


class _Tries:
    """Messages by one gateway: what is known of each, and which are left to the next."""

    def __init__(self, *, way: Gateway, messages: Sequence[Outgoing]) -> None:
        self._way = way
        self._messages = messages
        self.told: dict[int, Handed] = {}
        self.left: list[int] = []

    async def run(self, channel: Channel, numbers: Sequence[int], seconds: float) -> None:
        """Try these messages, all at once."""
        self.left = list(numbers)
        words = _("送信経路「%(name)s」が%(seconds)d秒以内に応答しませんでした。")
        words %= {"name": self._way.name, "seconds": seconds}
        self.told = dict.fromkeys(numbers, Handed(accepted=False, words=words))
        try:
            async with asyncio.timeout(seconds), channel.open() as sender:
                await asyncio.gather(*(self._one(sender, number) for number in numbers))
        except TimeoutError:
            return

    async def _one(self, sender: Sender, number: int) -> None:
        outgoing = self._messages[number]
        try:
            accepted = await sender.send(outgoing)
        except SendError as error:
            self.told[number] = Handed(
                accepted=False,
                words=CONSEQUENCES[error.reason].words,
                reply=error.detail,
                reason=error.reason,
            )
            if not is_trouble(error):
                self.left.remove(number)
        else:
            words = _("送信経路「%(name)s」が %(address)s 宛てとして受け付けました。")
            words %= {"name": self._way.name, "address": outgoing.address}
            self.told[number] = Handed(accepted=True, words=words, reply=accepted.reply)
            self.left.remove(number)
