"""Mails that came in, and the mailboxes that are asked for them (MSG-7, EMC-6)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Operator, Organization, Unit
from denrei.directory.models import Recipient
from denrei.domain.bounces import Kind
from denrei.domain.failures import Reason


class Protocol(models.TextChoices):
    """How a mailbox is asked."""

    IMAP = "imap", "IMAP"
    POP3 = "pop3", "POP3"


class Security(models.TextChoices):
    """How the way to a mailbox is kept secret, as a gateway of mail calls it."""

    TLS = "tls", "TLS"
    STARTTLS = "starttls", "STARTTLS"
    NONE = "none", _("暗号化なし")


class After(models.TextChoices):
    """What becomes of a mail in its mailbox once it is stored here."""

    #: Left there; only those that are new are fetched.
    KEEP = "keep", _("残す")
    #: Left there and marked as read (IMAP).
    MARK = "mark", _("既読にする")
    #: Into another folder (IMAP).
    MOVE = "move", _("別のフォルダーへ移す")
    DELETE = "delete", _("削除する")


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    """Questions about mailboxes."""

    def due(self) -> Self:
        """Tell those that it is time to ask, and that nobody is asking."""
        free = Q(lease_until=None) | Q(lease_until__lte=Now())
        return self.filter(free, enabled=True, next_at__lte=Now()).order_by("next_at", "id")


class Mailbox(models.Model):
    """A mailbox of an organization at a provider."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="mailboxes"
    )
    name = models.TextField()
    protocol = models.TextField(choices=Protocol.choices)
    host = models.TextField()
    port = models.PositiveIntegerField()
    security = models.TextField(choices=Security.choices)
    #: File of certificates to trust instead of the system's; "" means the system's.
    ca_file = models.TextField(default="", db_default="")
    username = models.TextField()
    #: `denrei.accounts.sealing`
    password = models.TextField()
    folder = models.TextField(default="INBOX", db_default="INBOX")
    after = models.TextField(choices=After.choices, default=After.DELETE, db_default=After.DELETE)
    #: Where AFTER is MOVE.
    move_to = models.TextField(default="", db_default="")
    every_seconds = models.PositiveIntegerField(default=60, db_default=60)
    enabled = models.BooleanField(default=True, db_default=True)
    #: IMAP: "UIDVALIDITY.UID" up to which all is stored (RFC 3501, 2.3.1.1).
    seen_to = models.TextField(default="", db_default="")
    next_at = models.DateTimeField(db_default=Now())
    #: Somebody is asking it until then, unless he tells earlier that he is done.
    lease_until = models.DateTimeField(null=True)
    #: Of the last time that all went well.
    fetched_at = models.DateTimeField(null=True)
    #: Mails of the last time that brought any, and when that was.
    brought = models.PositiveIntegerField(default=0, db_default=0)
    brought_at = models.DateTimeField(null=True)
    #: Why the last time failed, "" where it did not.
    trouble = models.TextField(default="", db_default="")
    trouble_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = MailboxQuerySet.as_manager()

    class Meta:
        db_table = "mailbox"
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="mailbox_name"),
            models.CheckConstraint(
                name="mailbox_every", condition=Q(every_seconds__gte=10, every_seconds__lte=86_400)
            ),
        ]

    def __str__(self) -> str:
        return f"mailbox {self.pk}"


class MailboxSeen(models.Model):
    """A mail that is stored here and still lies in a mailbox of POP3, by its UIDL (RFC 1939, 7)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.CASCADE, related_name="seen", db_index=False
    )
    uidl = models.TextField()

    class Meta:
        db_table = "mailbox_seen"
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uidl"], name="mailbox_seen_once")
        ]

    def __str__(self) -> str:
        return f"seen in mailbox {self.mailbox_id}"


class Way(models.TextChoices):
    """How a mail came in."""

    LMTP = "lmtp", "LMTP"
    SMTP = "smtp", "SMTP"
    MAILBOX = "mailbox", _("メールボックス")


class FoundBy(models.TextChoices):
    """By what the delivery was found that a mail is about; the surest first."""

    #: Our signature in the return path.
    TOKEN = "token", _("戻り先アドレスの署名")
    #: The Message-ID or ENVID of our mail, and the same address.
    MESSAGE = "message", _("元のメールのMessage-ID")
    #: The answer page that a reply quotes.
    PAGE = "page", _("引用された回答ページのアドレス")
    #: The address alone, among what was handed over in the last days.
    ADDRESS = "address", _("宛先のアドレス")
    NOTHING = "", _("特定できません")


class ReceivedMailQuerySet(models.QuerySet["ReceivedMail"]):
    """Questions about mails that came in."""

    def unread(self) -> Self:
        """Tell those that nobody has looked into, the first first."""
        return self.filter(read_at=None).order_by("id")

    def unclaimed(self) -> Self:
        """Tell those that belong to no organization, as far as anybody knows."""
        return self.filter(organization=None, read_at__isnull=False).order_by("-id")

    def visible_to(self, operator: Operator) -> Self:
        """Tell those about people whom the operator sees; about nobody known: for all of it (ALL-5)."""
        if operator.unit is None:
            return self
        units = Unit.objects.below(operator.unit).values_list("pk", flat=True)
        known = Recipient.objects.filter(pk=OuterRef("recipient_id"), unit__in=list(units))
        return self.filter(Exists(known))

    def answers(self) -> Self:
        """Tell those that were kept as an answer (MSG-8)."""
        return self.exclude(response_id=None)

    def waiting(self) -> Self:
        """Tell those that a human must judge."""
        return self.filter(waits=True)


class ReceivedMail(models.Model):
    """One mail for one address, kept as it came: first without an organization, then with what it says."""

    #: None: not read yet, or about nothing that we know. Seen by the worker alone.
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: Same for the same bytes to the same address: stored once.
    key = models.BinaryField(unique=True)
    arrived_at = models.DateTimeField(db_default=Now())
    way = models.TextField(choices=Way.choices)
    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    #: Whose mailbox or reply address it came to; None: the return path says it, or nobody.
    came_to_id = models.BigIntegerField(null=True)
    #: MAIL FROM and RCPT TO; "" in a mailbox, and for the empty return path.
    envelope_from = models.TextField(default="", db_default="")
    envelope_to = models.TextField(default="", db_default="")
    #: The beginning of the mail (`keeping.KEPT`); empty when its time has passed.
    raw = models.BinaryField()
    #: Octets of the whole mail.
    size = models.PositiveIntegerField()
    #: Reading it failed: our mistake, for the installation's operator.
    is_broken = models.BooleanField(default=False, db_default=False)

    # what reading found
    read_at = models.DateTimeField(null=True)
    #: Same for the same thing told twice, whatever way it came.
    told = models.BinaryField(null=True)
    #: `denrei.domain.bounces.Kind`; "" before it is read.
    kind = models.TextField(default="", db_default="")
    reason = models.SmallIntegerField(default=0, db_default=0)
    found_by = models.TextField(choices=FoundBy.choices, default="", db_default="")
    broadcast_id = models.BigIntegerField(null=True)
    delivery_id = models.BigIntegerField(null=True)
    recipient_id = models.BigIntegerField(null=True)
    #: From and Subject as a human reads them.
    author = models.TextField(default="", db_default="")
    subject = models.TextField(default="", db_default="")
    #: The address that a report names, and the words that decided.
    reported = models.TextField(default="", db_default="")
    evidence = models.TextField(default="", db_default="")
    #: Of a reply: the code of the answer that it names or mentions, and the answer that it was kept as.
    choice = models.TextField(default="", db_default="")
    response_id = models.BigIntegerField(null=True)

    # what a human does about it
    waits = models.BooleanField(default=False, db_default=False)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    note = models.TextField(default="", db_default="")

    objects = ReceivedMailQuerySet.as_manager()

    class Meta:
        db_table = "received_mail"
        constraints = [
            models.UniqueConstraint(fields=["told", "organization"], name="received_mail_told")
        ]
        indexes = [
            # READ: the work list
            models.Index(fields=["id"], condition=Q(read_at=None), name="received_mail_unread"),
            # the list of an organization, newest first
            models.Index(
                fields=["organization", "-id"],
                condition=Q(organization__isnull=False),
                name="received_mail_newest",
            ),
            # what waits for a human, and how many
            models.Index(
                fields=["organization", "-id"], condition=Q(waits=True), name="received_mail_waits"
            ),
            # the answers among them
            models.Index(
                fields=["organization", "-id"],
                condition=Q(response_id__isnull=False),
                name="received_mail_answers",
            ),
            # the mails about one person
            models.Index(
                fields=["recipient_id", "-id"],
                condition=Q(recipient_id__isnull=False),
                name="received_mail_person",
            ),
            # those of nobody, for the installation's operator and for FORGET
            models.Index(
                fields=["arrived_at"],
                condition=Q(organization=None, read_at__isnull=False),
                name="received_mail_unclaimed",
            ),
            # may this operator be deleted
            models.Index(
                fields=["handled_by"],
                condition=Q(handled_by__isnull=False),
                name="received_mail_handled",
            ),
        ]

    def __str__(self) -> str:
        return f"received mail {self.pk}"

    @property
    def told_kind(self) -> Kind:
        """Return what sort of word it is."""
        return Kind(self.kind)

    @property
    def told_reason(self) -> Reason:
        """Return why something failed or is delayed."""
        return Reason(self.reason)
