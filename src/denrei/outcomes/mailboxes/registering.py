"""Registering mailboxes, changing and removing them, having them asked at once; each told to the trail."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from denrei.accounts import audit, sealing, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.channels.smtp.settings import is_loopback
from denrei.outcomes.models import After, Mailbox, Protocol, Security

#: Where each protocol is, by TLS from the first byte and otherwise (RFC 8314, 3.2 and 3.3).
PORTS = {
    (Protocol.IMAP, True): 993,
    (Protocol.IMAP, False): 143,
    (Protocol.POP3, True): 995,
    (Protocol.POP3, False): 110,
}


_TOLD: tuple[str, ...] = (
    "name",
    "protocol",
    "host",
    "port",
    "security",
    "username",
    "folder",
    "after",
)
_TOLD += ("move_to", "every_seconds", "enabled")
_CHANGED = (*_TOLD, "password", "seen_to", "trouble", "trouble_since", "next_at")


class RefusedError(ValueError):
    """A mailbox can't be registered so; `str()` says what to do."""


def add(mailbox: Mailbox, password: str, actor: Operator | None = None) -> Mailbox:
    """Register a mailbox that was filled in; it is asked from now on. Raises RefusedError."""
    complaint = next(_complaints(mailbox, password), None)
    if complaint is not None:
        raise RefusedError(complaint)
    mailbox.password = sealing.seal(password)
    with tenancy.acting_for(mailbox.organization_id):
        if Mailbox.objects.filter(name=mailbox.name).exists():
            raise RefusedError(_taken(mailbox))
        mailbox.save()
        audit.record(mailbox.organization_id, "mailbox.added", mailbox, actor, after=_told(mailbox))
    return mailbox


def change(mailbox: Mailbox, password: str, actor: Operator | None = None) -> Mailbox:
    """Save a mailbox that was changed; "" keeps its password. Raises RefusedError.

    A stored password goes to no other place: where that changes, it must be given again.
    """
    with tenancy.acting_for(mailbox.organization_id):
        before = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        has_moved = _place(before) != _place(mailbox)
        if has_moved and not password:
            raise RefusedError(_("接続先か利用者名を変えるときは、パスワードも入力してください。"))
        complaint = next(_complaints(mailbox, password or "kept"), None)
        if complaint is not None:
            raise RefusedError(complaint)
        if Mailbox.objects.filter(name=mailbox.name).exclude(pk=mailbox.pk).exists():
            raise RefusedError(_taken(mailbox))
        mailbox.password = sealing.seal(password) if password else before.password
        if has_moved or before.folder != mailbox.folder:
            mailbox.seen_to = ""
            mailbox.seen.all().delete()
        mailbox.trouble, mailbox.trouble_since, mailbox.next_at = "", None, timezone.now()
        mailbox.save(update_fields=_CHANGED)
        audit.record(
            mailbox.organization_id,
            "mailbox.changed",
            mailbox,
            actor,
            before=_told(before),
            after=_told(mailbox),
        )
    return mailbox


def is_elsewhere(one: Mailbox, other: Mailbox) -> bool:
    """Would a password go to another place, or be used for somebody else?"""
    return _place(one) != _place(other)


def remove(organization: Organization, name: str, actor: Operator | None = None) -> bool:
    """Ask a mailbox no longer; what came by it stays. False where there is none of the name."""
    with tenancy.acting_for(organization.pk):
        mailbox = Mailbox.objects.select_for_update().filter(name=name).first()
        if mailbox is None:
            return False
        audit.record(organization.pk, "mailbox.removed", mailbox, actor, before={"name": name})
        mailbox.delete()
    return True


def ask_now(actor: Operator) -> int:
    """Have all mailboxes of the operator's organization asked at once (受信); return how many."""
    with transaction.atomic():
        mailboxes = list(Mailbox.objects.select_for_update().filter(enabled=True))
        Mailbox.objects.filter(pk__in=[one.pk for one in mailboxes]).update(next_at=Now())
        for one in mailboxes:
            audit.record(one.organization_id, "mailbox.asked", one, actor, after={"name": one.name})
    return len(mailboxes)


def _place(mailbox: Mailbox) -> tuple[object, ...]:
    return (
        mailbox.protocol,
        mailbox.host,
        mailbox.port,
        mailbox.security,
        mailbox.username,
        mailbox.ca_file,
    )


def _told(mailbox: Mailbox) -> dict[str, object]:
    """Return what the trail keeps of a mailbox: never its password."""
    return {name: getattr(mailbox, name) for name in _TOLD}


def _taken(mailbox: Mailbox) -> str:
    words = _("名称 %(name)s のメールボックスは、すでにあります。")
    return words % {"name": mailbox.name}


def _complaints(mailbox: Mailbox, password: str) -> Iterator[str]:
    is_pop3 = mailbox.protocol == Protocol.POP3
    if is_pop3 and mailbox.after in (After.MARK, After.MOVE):
        yield _("POP3 では、取得したメールを削除するか（delete）、残すか（keep）を選んでください。")
    if mailbox.after == After.MOVE and not mailbox.move_to:
        yield _("移す先のフォルダーを指定してください。")
    if mailbox.security == Security.NONE and not is_loopback(mailbox.host):
        yield _("暗号化なしではパスワードを送れません。tls か starttls を選んでください。")
    if not (mailbox.host and mailbox.username and password):
        yield _("ホスト、利用者名、パスワードを指定してください。")
    if not 0 < mailbox.port < 65536:
        yield _("ポートには 1 から 65535 までの数を指定してください。")
    if not 10 <= mailbox.every_seconds <= 86_400:
        yield _("取得の間隔には 10 から 86400 までの秒数を指定してください。")
    if any(sign in mailbox.username + password for sign in "\r\n\0"):
        yield _("利用者名とパスワードに、改行や制御文字は使えません。")
