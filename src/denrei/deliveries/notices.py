"""A word to the administrators of an organization by mail, past the ledger.

By gateways of which no trouble is known, the one that it is about last. Nothing is kept but whether
an administrator's own address takes mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_noop as _

from denrei.accounts import senders, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.channels import Content
from denrei.deliveries import direct
from denrei.deliveries.direct import Handed
from denrei.deliveries.models import Gateway, Lane
from denrei.deliveries.watch import own_mail
from denrei.domain.states import Medium

#: For all administrators together, by each gateway; nobody waits at a screen.
SECONDS = 20.0
#: Stands where a delivery would be named.
_NO_DELIVERY = "notice"
#: Translated where they are shown.
NOBODY = _("メールアドレスが登録された管理者がいません。")
NO_WAY = _("使える送信経路がありません。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What became of a word to the administrators."""

    #: How many of them a server took it for.
    accepted: int
    #: Why nobody was told, "" where somebody was: a sentence.
    refusal: str = ""


def administrators(
    organization: Organization,
    subject: str,
    text: str,
    *,
    key: str,
    about: int | None = None,
    seconds: float = SECONDS,
) -> Notice:
    """Write to those who look after the whole organization. No transaction may be open.

    `key` names the message, the same for each try ([0-9a-z.]{1,40}); `about`: the gateway that it
    is about. Raises RuntimeError within a transaction.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a gateway is waited for: no transaction may be open")
    with tenancy.acting_for(organization.pk):
        tenancy.as_application()
        people = list(Operator.objects.administrators().exclude(email="").order_by("pk"))
        ways = _ways(about)
        sender = senders.identity(organization)
    if not people or not ways:
        return Notice(accepted=0, refusal=NO_WAY if people else NOBODY)
    content = Content(
        key=key,
        subject=subject,
        body=text,
        language="ja",
        sender_name=sender.name,
        sender_address=sender.address,
        reply_to=sender.reply_to,
    )
    messages = [
        direct.message(person.email, content, f"{key}.{person.pk}", _NO_DELIVERY)
        for person in people
    ]
    return _told(organization, people, direct.hand_over(ways, messages, seconds))


def _ways(about: int | None) -> list[Gateway]:
    """Return the gateways for mail without a known trouble, that one last."""
    lanes = list(Lane.objects.serving(Medium.MAIL))
    usable = [way for lane in lanes for way in lane.gateways.in_turn().filter(trouble="")]
    return sorted(usable, key=lambda way: way.pk == about)


def _told(
    organization: Organization, people: Sequence[Operator], handed: Sequence[Handed]
) -> Notice:
    with tenancy.acting_for(organization.pk):
        tenancy.as_application()
        for person, one in zip(people, handed, strict=True):
            own_mail.note(person, one)
    accepted = sum(one.accepted for one in handed)
    return Notice(accepted=accepted, refusal="" if accepted else handed[-1].words)
