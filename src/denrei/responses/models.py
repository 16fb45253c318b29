"""Tables of answers and of looks at answer pages; rows are added and never changed (ALL-3)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Now
from django.db.models.lookups import LessThanOrEqual

from denrei.accounts.models import Operator, OrganizationRow
from denrei.broadcasts.models import Broadcast
from denrei.domain.states import Medium

#: Code points that a comment is stored with at most: a letter may carry several marks.
COMMENT_ROOM = 400


class Source(models.TextChoices):
    """Who told the answer (NEW-4)."""

    #: The person.
    SELF = "self", "本人"
    #: Somebody of the family.
    FAMILY = "family", "家族"
    #: Somebody else on the person's behalf.
    PROXY = "proxy", "代理"
    #: An operator or neighbour who went there.
    VISIT = "visit", "訪問"
    #: An operator who was told on the phone.
    PHONE = "phone", "電話口"


class ResponseQuerySet(models.QuerySet["Response"]):
    """Questions about answers."""

    def of(self, broadcast_id: int, recipient_id: int) -> Self:
        """Tell all answers of one person to one broadcast, the first first."""
        return self.filter(broadcast_id=broadcast_id, recipient_id=recipient_id).order_by("id")

    def latest_of(self, broadcast_id: int) -> Self:
        """Tell the answer that counts for each person of a broadcast: the latest (MSG-8)."""
        return (
            self.filter(broadcast_id=broadcast_id)
            .order_by("recipient_id", "-id")
            .distinct("recipient_id")
        )


class Response(OrganizationRow):
    """One answer or 受信確認 of one person to one broadcast. Written by `keeping`."""

    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.PROTECT, related_name="responses", db_index=False
    )
    recipient_id = models.BigIntegerField()
    #: By which delivery the question came; None: an operator noted the answer.
    delivery_id = models.BigIntegerField(null=True)
    #: By which medium it came; None: none of ours, an operator heard it on the spot.
    medium = models.SmallIntegerField(
        choices=[(medium.value, medium.label) for medium in Medium], null=True
    )
    #: `denrei.broadcasts.content.Choice.code`; "": 受信確認 only.
    choice = models.TextField(default="", db_default="")
    #: The choice in Japanese, as it read then.
    choice_words = models.TextField(default="", db_default="")
    needs_help = models.BooleanField(default=False, db_default=False)
    #: It calls for help, and the one before it said that none is needed (NEW-4).
    worsened = models.BooleanField(default=False, db_default=False)
    #: ひとこと; sealed with the ledger's event and shown to operators only.
    comment = models.TextField(default="", db_default="")
    source = models.TextField(choices=Source.choices, default=Source.SELF, db_default=Source.SELF)
    #: Given after the broadcast was stopped or its time to give up had passed.
    late = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField(db_default=Now())
    #: The operator who noted it; None: it came from the person's side.
    actor = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="responses", db_index=False
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        db_table = "response"
        constraints = [
            models.CheckConstraint(
                name="response_comment",
                condition=LessThanOrEqual(Length("comment"), COMMENT_ROOM),
            ),
        ]
        indexes = [
            # the latest answer of a person, of everybody; a person's story
            models.Index(fields=["broadcast", "recipient_id", "-id"], name="response_latest"),
            # may this operator be deleted
            models.Index(fields=["actor"], name="response_actor", condition=Q(actor__isnull=False)),
        ]


class Kind(models.TextChoices):
    """What kind of look at a page it was: none of them confirms anything (NEW-3)."""

    #: GET, perhaps by a person: アクセスあり(未確認).
    OPEN = "open", "アクセス"
    #: HEAD: browsers of people don't.
    HEAD = "head", "HEAD"
    #: A program said that it fetches ahead of a person.
    PREFETCH = "prefetch", "先読み"
    #: GET within 3 s of hand-over: a mail scanner or a link preview.
    EARLY = "early", "直後のアクセス"
    #: GET from an address that opens the pages of many: a gateway of mail that tests links.
    CROWD = "crowd", "同じ接続元からの多数のアクセス"
    #: The link that no human sees was followed.
    CANARY = "canary", "見えないリンクへのアクセス"


class PageViewQuerySet(models.QuerySet["PageView"]):
    """Questions about looks at pages."""

    def of(self, broadcast_id: int, delivery_id: int) -> Self:
        """Tell every look at the page of one delivery, the first first."""
        return self.filter(broadcast_id=broadcast_id, delivery_id=delivery_id).order_by("id")


class PageView(OrganizationRow):
    """One look at the answer page of one delivery, by whomever. Written by `looking`."""

    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.PROTECT, related_name="page_views", db_index=False
    )
    delivery_id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())
    kind = models.TextField(choices=Kind.choices)
    #: As the program named itself, cut.
    user_agent = models.TextField(default="", db_default="")
    #: From which address of the network, "" where nobody knows it; personal data.
    address = models.TextField(default="", db_default="")

    objects = PageViewQuerySet.as_manager()

    class Meta:
        db_table = "page_view"
        indexes = [
            # アクセスあり(未確認) of a broadcast; a person's story
            models.Index(fields=["broadcast", "delivery_id", "id"], name="page_view_delivery"),
            # whose pages else did this address open a moment ago; by time, so that no other order tempts the planner
            models.Index(
                fields=["organization", "address", "at"],
                name="page_view_address",
                condition=~Q(address=""),
            ),
        ]


class HelpCallQuerySet(models.QuerySet["HelpCall"]):
    """Questions about calls for help."""

    def of(self, broadcast_id: int) -> Self:
        """Tell the calls of one broadcast, the oldest first."""
        return self.filter(broadcast_id=broadcast_id).order_by("opened_at", "id")

    def open(self) -> Self:
        """Tell those whom nobody has helped yet, as far as we know."""
        return self.filter(closed_at=None)

    def untaken(self) -> Self:
        """Tell the open ones of which no operator takes care."""
        return self.open().filter(taken_by=None)


class HelpCall(OrganizationRow):
    """One person who called for help in one broadcast. Written by `helping`."""

    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.PROTECT, related_name="help_calls", db_index=False
    )
    recipient_id = models.BigIntegerField()
    #: By the answer that called for help; again after it was closed.
    opened_at = models.DateTimeField(db_default=Now())
    #: The answer before it had said that no help is needed (NEW-4).
    worsened = models.BooleanField(default=False, db_default=False)
    #: The answer that opened it, confirmed it or took it back last.
    response = models.ForeignKey(
        Response, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    #: The operator who takes care of it.
    taken_by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="help_taken", db_index=False
    )
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    #: The operator who closed it; None: a later answer did.
    closed_by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="help_closed", db_index=False
    )

    objects = HelpCallQuerySet.as_manager()

    class Meta:
        db_table = "help_call"
        constraints = [
            # the call of a person; all calls of a broadcast
            models.UniqueConstraint(fields=["broadcast", "recipient_id"], name="help_call_once"),
        ]
        indexes = [
            # who of a broadcast still waits for somebody to take care
            models.Index(
                fields=["broadcast", "opened_at"],
                name="help_call_untaken",
                condition=Q(closed_at=None, taken_by=None),
            ),
            # may this operator be deleted
            models.Index(
                fields=["taken_by"], name="help_call_taken", condition=Q(taken_by__isnull=False)
            ),
            models.Index(
                fields=["closed_by"], name="help_call_closed", condition=Q(closed_by__isnull=False)
            ),
        ]
