"""Tables of people and how they are reached, of households, groups and positions."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Master, Operator, OrganizationRow, Unit
from denrei.directory.intake.models import (
    ImportedPerson,
    ImportFate,
    ImportPiece,
    PeopleImport,
)

__all__ = [
    "Contact",
    "ContactGroup",
    "ContactState",
    "GroupMember",
    "Household",
    "ImportFate",
    "ImportPiece",
    "ImportedPerson",
    "Language",
    "PeopleImport",
    "Position",
    "PositionHolder",
    "Recipient",
    "RecipientState",
    "Subject",
]


class Household(OrganizationRow):
    """People who live together: one message for one address, one child counted once (NEW-5)."""

    code = models.TextField()
    name = models.TextField(default="", db_default="")

    class Meta:
        db_table = "household"
        constraints = [
            # also: import finds households by code
            models.UniqueConstraint(fields=["organization", "code"], name="household_code"),
        ]


class Language(models.TextChoices):
    """The language a person is written to in."""

    JAPANESE = "ja", _("日本語")
    ENGLISH = "en", _("英語")


class RecipientState(models.IntegerChoices):
    """Whether a person still belongs to the organization."""

    #: Receives broadcasts.
    ACTIVE = 1, _("在籍")
    #: Left; kept for the stories of past broadcasts until erased.
    LEFT = 2, _("退会")


class RecipientQuerySet(models.QuerySet["Recipient"]):
    """Questions about recipients."""

    def active(self) -> Self:
        """Tell those who may receive broadcasts."""
        return self.filter(state=RecipientState.ACTIVE)

    def within(self, unit: Unit) -> Self:
        """Tell the people of a unit and of all units under it."""
        return self.filter(unit__path__startswith=unit.path)

    def visible_to(self, operator: Operator) -> Self:
        """Tell whom an operator sees: all, or those of his unit and below (ALL-5)."""
        return self.within(operator.unit) if operator.unit else self.all()

    def in_order(self) -> Self:
        """Sort as the address book does: by reading, then by id."""
        return self.order_by("kana", "id")


class Recipient(OrganizationRow):
    """A person who receives broadcasts."""

    #: The organization's own number for the person, or blank.
    code = models.TextField(default="", db_default="")
    name = models.TextField()
    kana = models.TextField(default="", db_default="")
    #: Folded name, kana, code and addresses: what the search field looks through.
    search = models.TextField(default="", db_default="")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="recipients", db_index=False
    )
    household = models.ForeignKey(
        Household, on_delete=models.SET_NULL, null=True, related_name="members", db_index=False
    )
    language = models.TextField(
        choices=Language.choices, default=Language.JAPANESE, db_default=Language.JAPANESE
    )
    state = models.SmallIntegerField(
        choices=RecipientState.choices,
        default=RecipientState.ACTIVE,
        db_default=RecipientState.ACTIVE,
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects = RecipientQuerySet.as_manager()

    class Meta:
        db_table = "recipient"
        constraints = [
            # also: import finds people by code
            models.UniqueConstraint(
                fields=["organization", "code"], condition=~Q(code=""), name="recipient_code"
            ),
        ]
        indexes = [
            # the address book, page by page
            models.Index(fields=["organization", "kana", "id"], name="recipient_list"),
            # the same in order of code, and of the last change
            models.Index(fields=["organization", "code", "id"], name="recipient_by_code"),
            models.Index(fields=["organization", "updated_at", "id"], name="recipient_by_change"),
            # people of a unit: lists, audience
            models.Index(fields=["unit"], name="recipient_unit"),
            # members of a household: one message for one address
            models.Index(fields=["household"], name="recipient_household"),
            # search by any part of name, address or code
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="recipient_search"),
        ]


class ContactState(models.IntegerChoices):
    """How sure it is that a contact is the person's."""

    #: Registered, not yet answered; receives broadcasts and is flagged (SCH-2).
    UNCONFIRMED = 0, _("未確認")
    #: The person answered 登録完了メール or tapped its link.
    CONFIRMED = 1, _("確認済")
    #: No longer used.
    RETIRED = 2, _("停止")


class ContactQuerySet(models.QuerySet["Contact"]):
    """Questions about contacts."""

    def in_use(self) -> Self:
        """Tell those that are not retired."""
        return self.exclude(state=ContactState.RETIRED)

    def receiving(self) -> Self:
        """Tell those that broadcasts go to, as far as the contact itself decides (SCH-4).

        How many mail slots receive is the organization's setting (SCH-3).
        """
        return self.in_use().filter(receives=True)

    def in_order(self) -> Self:
        """Sort as one person's contacts are shown."""
        return self.order_by("recipient", "medium", "slot", "id")


class Contact(OrganizationRow):
    """One way to reach a person."""

    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="contacts", db_index=False
    )
    #: `denrei.domain.states.Medium`
    medium = models.SmallIntegerField()
    #: As it is sent.
    address = models.TextField()
    #: Folded for comparison: two that are the same place have the same key.
    address_key = models.TextField()
    #: Order within the medium, 1..9.
    slot = models.SmallIntegerField(default=1, db_default=1)
    #: 連絡メールを受信する (SCH-4).
    receives = models.BooleanField(default=True, db_default=True)
    state = models.SmallIntegerField(
        choices=ContactState.choices,
        default=ContactState.UNCONFIRMED,
        db_default=ContactState.UNCONFIRMED,
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = ContactQuerySet.as_manager()

    class Meta:
        db_table = "contact"
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "medium", "address_key"], name="contact_once"
            ),
            models.CheckConstraint(name="contact_slot", condition=Q(slot__range=(1, 9))),
        ]
        indexes = [
            # one person's contacts: audience, pages
            models.Index(fields=["recipient"], name="contact_recipient"),
            # whose is this address: bounces, replies, import
            models.Index(fields=["address_key", "organization"], name="contact_address"),
        ]


class Subject(OrganizationRow):
    """児童: whom the message is about; counted when a household is reached (NEW-5)."""

    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, related_name="subjects", db_index=False
    )
    name = models.TextField()
    kana = models.TextField(default="", db_default="")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="subjects", db_index=False
    )
    class_name = models.TextField(default="", db_default="")

    class Meta:
        db_table = "subject"
        indexes = [
            # children of a household; import finds a child by household and name
            models.Index(fields=["household", "name"], name="subject_household"),
            # children of a school
            models.Index(fields=["unit"], name="subject_unit"),
        ]


class ContactGroup(Master):
    """連絡グループ: people who are written to together; a school says 学年 or クラス."""

    class Meta(Master.Meta):
        db_table = "contact_group"
        constraints = [
            # also: import finds groups by code
            models.UniqueConstraint(fields=["organization", "code"], name="contact_group_code"),
        ]


class GroupMember(OrganizationRow):
    """A recipient is in a group."""

    group = models.ForeignKey(
        ContactGroup, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )

    class Meta:
        db_table = "group_member"
        constraints = [
            # also: the members of a group, for the audience
            models.UniqueConstraint(fields=["group", "recipient"], name="group_member_once"),
        ]
        indexes = [
            # the groups of one person
            models.Index(fields=["recipient"], name="group_member_recipient"),
        ]


class Position(Master):
    """役職区分: what people are; a school says 役員."""

    class Meta(Master.Meta):
        db_table = "position"
        constraints = [
            # also: import finds positions by code
            models.UniqueConstraint(fields=["organization", "code"], name="position_code"),
        ]


class PositionHolder(OrganizationRow):
    """A recipient holds a position."""

    position = models.ForeignKey(
        Position, on_delete=models.CASCADE, related_name="holders", db_index=False
    )
    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="positions_held", db_index=False
    )

    class Meta:
        db_table = "position_holder"
        constraints = [
            # also: who holds a position, for the audience
            models.UniqueConstraint(fields=["position", "recipient"], name="position_holder_once"),
        ]
        indexes = [
            # the positions of one person
            models.Index(fields=["recipient"], name="position_holder_recipient"),
        ]
