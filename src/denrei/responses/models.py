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
    """One answer or 受信確認 of one person to one broadcast. Written by `answering`."""

    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.PROTECT, related_name="responses", db_index=False
    )
    recipient_id = models.BigIntegerField()
    #: By which delivery the question came; None: an operator noted the answer.
    delivery_id = models.BigIntegerField(null=True)
    medium = models.SmallIntegerField(choices=[(medium.value, medium.label) for medium in Medium])
    #: `denrei.broadcasts.content.Choice.code`; "": 受信確認 only.
    choice = models.TextField(default="", db_default="")
    #: The choice in Japanese, as it read then.
    choice_words = models.TextField(default="", db_default="")
    needs_help = models.BooleanField(default=False, db_default=False)
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


class PageViewQuerySet(models.QuerySet["PageView"]):
    """Questions about looks at pages."""

    def of(self, broadcast_id: int, delivery_id: int) -> Self:
        """Tell every look at the page of one delivery, the first first."""
        return self.filter(broadcast_id=broadcast_id, delivery_id=delivery_id).order_by("id")


class PageView(OrganizationRow):
    """One look at the answer page of one delivery, by whomever. Written by `answering`."""

    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.PROTECT, related_name="page_views", db_index=False
    )
    delivery_id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())
    kind = models.TextField(choices=Kind.choices)
    #: As the program named itself, cut.
    user_agent = models.TextField(default="", db_default="")

    objects = PageViewQuerySet.as_manager()

    class Meta:
        db_table = "page_view"
        indexes = [
            # アクセスあり(未確認) of a broadcast; a person's story
            models.Index(fields=["broadcast", "delivery_id", "id"], name="page_view_delivery"),
        ]
