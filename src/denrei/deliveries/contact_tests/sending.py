"""Sending a テスト連絡, and what follows from its end (EMC-8, EMC-6).

Written down before the first byte, like every message. A worker that finds one which another had
begun sends nothing: whoever waits presses again.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

from denrei.accounts import audit, tenancy
from denrei.channels import Outgoing
from denrei.deliveries import direct, links, release
from denrei.deliveries.contact_tests import letter
from denrei.deliveries.contact_tests.models import ContactTest
from denrei.deliveries.direct import Handed
from denrei.deliveries.models import Gateway
from denrei.deliveries.statements import statement
from denrei.directory.models import Contact
from denrei.domain.failures import CONSEQUENCES, Reason, Suppress
from denrei.domain.states import Medium, State
from denrei.domain.suppression import DEFAULT_DAYS

#: Characters of the other side's words that are kept.
REPLY = 500
#: Shown translated.
NO_WAY = _("送信経路がありません。設定で送信経路を登録してください。")
#: What leaves open whether the message arrived.
_OPEN = frozenset({Reason.NONE, Reason.IN_DOUBT})


def send(organization_id: int, test_id: int) -> None:
    """Send one test and write down what became of it. No transaction may be open."""
    with tenancy.acting_for(organization_id):
        tenancy.as_application()
        begun = _begin(test_id)
    if begun is None:
        return
    test, ways, message = begun
    if ways:
        (handed,) = direct.hand_over(ways, [message])
    else:
        handed = Handed(accepted=False, words=NO_WAY, reply=NO_WAY, reason=Reason.GATEWAY)
    with tenancy.acting_for(organization_id):
        tenancy.as_application()
        _end(test, handed)


def came_back(test_id: int, reason: Reason, words: str) -> None:
    """Note that a message which was taken over came back; the transaction must act for the organization.

    Told twice, or before its end was written, it is the same.
    """
    test = ContactTest.objects.select_for_update().get(pk=test_id)
    if test.state == State.BOUNCED:
        return
    _write(test, State.BOUNCED, reason, words)
    _blame(test, reason)


def _begin(test_id: int) -> tuple[ContactTest, list[Gateway], Outgoing] | None:
    waiting = ContactTest.objects.filter(pk=test_id, state=State.WAITING, began_at=None)
    if not waiting.update(began_at=Now()):
        return None
    about = ("organization", "contact", "recipient__unit")
    test = ContactTest.objects.select_related(*about).get(pk=test_id)
    token = links.test_token(test.organization_id, test.pk)
    correlation = links.test_correlation(test.pk)
    message = direct.message(test.address, letter.of(test), correlation, token)
    return test, direct.ways(Medium(test.medium)), message


def _end(test: ContactTest, handed: Handed) -> None:
    """Write the end down, unless the message came back before that."""
    present = ContactTest.objects.select_for_update().filter(pk=test.pk, state=State.WAITING)
    if not present.exists():
        return
    if handed.accepted:
        _write(test, State.ACCEPTED, Reason.NONE, handed.reply)
        _vouch(test)
    elif handed.reason in _OPEN:
        _write(test, State.UNKNOWN, Reason.IN_DOUBT, handed.reply or handed.words)
    else:
        _write(test, State.FAILED, handed.reason, handed.reply or handed.words)
        _blame(test, handed.reason)


def _write(test: ContactTest, state: State, reason: Reason, words: str) -> None:
    ContactTest.objects.filter(pk=test.pk).update(
        state=state, reason=reason, reply=words[:REPLY], ended_at=Now()
    )


def _vouch(test: ContactTest) -> None:
    """Send to the address again where it was left out: a server has just taken a message for it."""
    place = (test.organization_id, Medium(test.medium), test.address_key)
    if release.release(*place, test.pressed_by, is_tested=True) is not None:
        ContactTest.objects.filter(pk=test.pk).update(has_released=True)


def _blame(test: ContactTest, reason: Reason) -> None:
    """Leave the address out where one such answer is enough, as after a broadcast (EMC-6)."""
    if CONSEQUENCES[reason].suppress is not Suppress.AT_ONCE:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            statement("suppress_tested"),
            {
                "organization": test.organization_id,
                "medium": test.medium,
                "address_key": test.address_key,
                "reason": int(reason),
                "days": DEFAULT_DAYS,
            },
        )
        after = {"why": CONSEQUENCES[reason].words}
        contact = Contact(pk=test.contact_id)
        audit.record(test.organization_id, "address.left_out", contact, after=after)
