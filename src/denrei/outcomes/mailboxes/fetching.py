"""Asking mailboxes that are due: one process for one mailbox at a time, whatever dies in between.

Who asks holds a lease on the row. Should it end early all the same, both store the same mails once
(`keeping`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from denrei.accounts import sealing, tenancy
from denrei.outcomes import keeping
from denrei.outcomes.keeping import KEPT, Arrived
from denrei.outcomes.mailboxes import Account, Lying, MailboxError, Opens, Session, imap, pop3
from denrei.outcomes.models import Mailbox, MailboxSeen, Protocol, Way

#: How each protocol is spoken.
OPENS: dict[str, Opens] = {Protocol.IMAP: imap.session, Protocol.POP3: pop3.session}
#: Renewed with each batch; one batch takes less.
_LEASE = timedelta(minutes=10)
#: Mails that are stored, and then settled, at once; and at most in one visit.
_BATCH, _VISIT = 50, 5000
_LONGEST_TROUBLE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one visit brought."""

    mailbox_id: int
    #: Mails that were stored, or found to be stored already.
    mails: int
    #: Why it ended early, "" where it did not.
    trouble: str = ""


def take_due() -> Mailbox | None:
    """Take the lease of a mailbox that is due; None where none is."""
    with transaction.atomic():
        tenancy.as_worker()
        mailbox = Mailbox.objects.due().select_for_update(skip_locked=True).first()
        if mailbox is not None:
            Mailbox.objects.filter(pk=mailbox.pk).update(lease_until=Now() + _LEASE)
        return mailbox


def fetch(mailbox: Mailbox) -> Fetched:
    """Fetch what is new in a mailbox whose lease is ours, and give the lease back.

    django.db.OperationalError: the database is away; nothing was deleted that is not stored.
    """
    stored, trouble = 0, ""
    try:
        account = Account.of(mailbox, sealing.unseal(mailbox.password))
        with OPENS[mailbox.protocol](account) as session:
            for names in _visit(mailbox, session):
                stored += len(names)
    except MailboxError as error:
        trouble = str(error)
    except sealing.SealBrokenError:
        trouble = "パスワードを復号できません。DENREI_SECRET_KEY が保存時と同じか確認してください。"
    _told(mailbox, stored, trouble[:_LONGEST_TROUBLE])
    return Fetched(mailbox_id=mailbox.pk, mails=stored, trouble=trouble)


def try_out(mailbox: Mailbox, password: str) -> int:
    """Sign in and count what lies in a mailbox, saved or not; nothing is changed. MailboxError."""
    with OPENS[mailbox.protocol](Account.of(mailbox, password)) as session:
        return len(session.lying())


def _visit(mailbox: Mailbox, session: Session) -> Iterator[Sequence[str]]:
    """Yield the names of each batch that was stored and settled."""
    lying = session.lying()
    known = _known(mailbox, [mail.name for mail in lying])
    session.settle([mail.name for mail in lying if mail.name in known])
    fresh = [mail for mail in lying if mail.name not in known][:_VISIT]
    for batch in _batches(fresh):
        keeping.keep([_arrived(mailbox, mail, session.fetch(mail, KEPT)) for mail in batch])
        names = [mail.name for mail in batch]
        _remember(mailbox, session, names)
        session.settle(names)
        yield names


def _batches(mails: Sequence[Lying]) -> Iterator[Sequence[Lying]]:
    for start in range(0, len(mails), _BATCH):
        yield mails[start : start + _BATCH]


def _arrived(mailbox: Mailbox, mail: Lying, raw: bytes) -> Arrived:
    return Arrived(
        way=Way.MAILBOX,
        raw=raw,
        size=max(mail.size, len(raw)),
        came_to_id=mailbox.organization_id,
        mailbox_id=mailbox.pk,
    )


def _known(mailbox: Mailbox, names: Sequence[str]) -> set[str]:
    """Return which mails of POP3 are stored; forget those that are not there any more."""
    if mailbox.protocol != Protocol.POP3:
        return set()
    with tenancy.acting_for(mailbox.organization_id):
        seen = MailboxSeen.objects.filter(mailbox=mailbox)
        seen.exclude(uidl__in=names).delete()
        return set(seen.values_list("uidl", flat=True))


def _remember(mailbox: Mailbox, session: Session, names: Sequence[str]) -> None:
    """Write down that mails are stored, and that we are still at it."""
    with tenancy.acting_for(mailbox.organization_id):
        if mailbox.protocol == Protocol.POP3:
            MailboxSeen.objects.bulk_create(
                (
                    MailboxSeen(organization_id=mailbox.organization_id, mailbox=mailbox, uidl=name)
                    for name in names
                ),
                ignore_conflicts=True,
            )
        Mailbox.objects.filter(pk=mailbox.pk).update(
            lease_until=Now() + _LEASE, seen_to=session.seen_to(names)
        )


def _told(mailbox: Mailbox, stored: int, trouble: str) -> None:
    """Write down how the visit went, and when the next one is."""
    with tenancy.acting_for(mailbox.organization_id):
        found = Mailbox.objects.filter(pk=mailbox.pk)
        found.update(
            lease_until=None,
            next_at=Now() + timedelta(seconds=mailbox.every_seconds),
            trouble=trouble,
            trouble_since=Coalesce(F("trouble_since"), Now()) if trouble else None,
        )
        if not trouble:
            found.update(fetched_at=Now())
        if stored:
            found.update(brought=stored, brought_at=Now())
