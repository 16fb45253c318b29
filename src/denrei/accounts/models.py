"""Tables of organizations, their units, their operators, and the trail of what operators did."""

from __future__ import annotations

from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Preset(models.TextChoices):
    """The kind of organization: decides default words and settings, never code paths (SCH-8)."""

    #: A company that confirms the safety of its staff.
    COMPANY = "company", _("企業")
    #: A school with its guardians.
    SCHOOL = "school", _("学校")
    #: A municipality with many schools and offices.
    CITY = "city", _("市町村")


class Organization(models.Model):
    """The boundary of what anybody sees (ALL-5). Created by `organizations.create`."""

    slug = models.TextField()
    name = models.TextField()
    time_zone = models.TextField(default="Asia/Tokyo", db_default="Asia/Tokyo")
    preset = models.TextField(choices=Preset.choices, default=Preset.COMPANY)
    #: Mail slots 1..n of a recipient receive broadcasts; the rest serve other services (SCH-3).
    receiving_slots = models.SmallIntegerField(default=2, db_default=2)
    sender_name = models.TextField(default="", db_default="")
    sender_address = models.TextField(default="", db_default="")
    reply_to = models.TextField(default="", db_default="")
    settings = models.JSONField(default=dict, db_default={})
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "organization"
        constraints = [
            # finds an organization by slug, too: the function organization_by_slug
            models.UniqueConstraint(fields=["slug"], name="organization_slug"),
            models.CheckConstraint(
                name="organization_slug_form", condition=Q(slug__regex=r"^[a-z0-9][a-z0-9-]{0,62}$")
            ),
            models.CheckConstraint(
                name="organization_slots", condition=Q(receiving_slots__range=(1, 9))
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class OrganizationRow(models.Model):
    """What every table behind the wall has: its organization, which no query needs to name.

    Row-level security names it (`tenancy.SecureTenant`), hence no way back from the organization
    and no index of its own.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Name the row and never a person: this text may reach a log."""
        return f"{self._meta.model_name} {self.pk}"


class Master(OrganizationRow):
    """A list that the organization keeps itself (MSG-1): code, name and the order shown."""

    code = models.TextField()
    name = models.TextField()
    order = models.IntegerField(default=0, db_default=0)

    class Meta:
        abstract = True
        ordering = ["order", "code"]


class UnitQuerySet(models.QuerySet["Unit"]):
    """Questions about units."""

    def below(self, unit: Unit) -> Self:
        """Tell the unit itself and all under it."""
        return self.filter(path__startswith=unit.path)

    def visible_to(self, operator: Operator) -> Self:
        """Tell the operator's unit and those below; without a unit, all (ALL-5)."""
        return self.below(operator.unit) if operator.unit else self.all()

    def in_order(self) -> Self:
        """Sort by code, as lists and choices show them."""
        return self.order_by("code")


class Unit(OrganizationRow):
    """A school, a department: a node of the organization's tree. Written by `units`."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", db_index=False
    )
    code = models.TextField()
    name = models.TextField()
    #: Ids from the root to this unit, `/3/17/`: a prefix is a subtree.
    path = models.TextField(default="", db_default="")
    sender_name = models.TextField(default="", db_default="")
    sender_address = models.TextField(default="", db_default="")
    reply_to = models.TextField(default="", db_default="")

    objects = UnitQuerySet.as_manager()

    class Meta:
        db_table = "unit"
        constraints = [
            # also: units of an organization in order of code
            models.UniqueConstraint(fields=["organization", "code"], name="unit_code"),
        ]
        indexes = [
            # may this unit be deleted; its children on the page of units
            models.Index(fields=["parent"], name="unit_parent"),
        ]


class Role(models.TextChoices):
    """What an operator may do."""

    #: Changes masters, operators and settings, and all that a sender may.
    ADMIN = "admin", _("管理者")
    #: Composes and sends broadcasts, edits people.
    SENDER = "sender", _("発信者")
    #: Reads.
    VIEWER = "viewer", _("閲覧者")


class OperatorQuerySet(models.QuerySet["Operator"]):
    """Questions about operators."""

    def active(self) -> Self:
        """Tell those who may sign in."""
        return self.filter(is_active=True)

    def visible_to(self, operator: Operator) -> Self:
        """Tell those of the operator's unit and below; without a unit, all (ALL-5)."""
        if operator.unit is None:
            return self.all()
        return self.filter(unit__path__startswith=operator.unit.path)

    def administrators(self) -> Self:
        """Tell those who may change what the whole organization shares."""
        return self.active().filter(role=Role.ADMIN, unit=None)


class Operator(OrganizationRow, AbstractBaseUser):
    """A person who works with the console. `login` is unique within the organization."""

    login = models.TextField()
    name = models.TextField()
    email = models.TextField(default="", db_default="")
    role = models.TextField(choices=Role.choices, default=Role.VIEWER)
    #: None: the whole organization.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="operators", db_index=False
    )
    is_active = models.BooleanField(default=True, db_default=True)
    #: Somebody else gave the password: its owner chooses another one before all else.
    password_is_initial = models.BooleanField(default=False, db_default=False)
    #: What a new operator has tried already; see `first_steps.FirstSteps`.
    first_steps = models.JSONField(default=dict, db_default={})
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = OperatorQuerySet.as_manager()

    class Meta:
        db_table = "operator"
        constraints = [
            # also: sign-in by login; the list of operators
            models.UniqueConstraint(fields=["organization", "login"], name="operator_login"),
        ]
        indexes = [
            # may this unit be deleted; who looks after this unit
            models.Index(fields=["unit"], name="operator_unit"),
        ]


class Session(AbstractBaseSession):
    """A browser that signed in or is about to. Written by `sessions.SessionStore`."""

    #: None: nobody gave a password yet.
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    #: None: the sign-in is not complete.
    operator = models.ForeignKey(
        Operator, on_delete=models.CASCADE, null=True, related_name="sessions", db_index=False
    )
    #: Where the browser is: an IP address.
    address = models.TextField(default="", db_default="")
    #: What the browser calls itself.
    device = models.TextField(default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "session"
        indexes = [
            # the list of an operator's sessions; ending them all
            models.Index(fields=["operator"], name="session_operator"),
        ]


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Questions about the audit trail."""

    def newest_first(self) -> Self:
        """Sort as the page of the trail shows it."""
        return self.order_by("-at", "-id")

    def about(self, kind: str, subject_id: str) -> Self:
        """Tell the history of one thing."""
        return self.filter(subject_kind=kind, subject_id=subject_id)

    def visible_to(self, operator: Operator) -> Self:
        """Tell what operators of his unit and below did; without a unit, all (ALL-5)."""
        if operator.unit is None:
            return self.all()
        return self.filter(actor__unit__path__startswith=operator.unit.path)


class AuditEntry(OrganizationRow):
    """One act of an operator or of denrei itself; never changed (ALL-3). Written by `audit`."""

    at = models.DateTimeField(db_default=Now())
    #: None: denrei itself, or a command of the system's administrator.
    actor = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="audit_entries", db_index=False
    )
    #: As it was then.
    actor_name = models.TextField(default="", db_default="")
    #: Dotted: `people.imported`.
    action = models.TextField()
    subject_kind = models.TextField(default="", db_default="")
    subject_id = models.TextField(default="", db_default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        db_table = "audit_entry"
        indexes = [
            # the page of the trail, newest first
            models.Index(fields=["organization", "-at", "-id"], name="audit_entry_newest"),
            # the history of one thing
            models.Index(fields=["subject_id", "subject_kind"], name="audit_entry_subject"),
            # what this operator did, newest first; may this operator be deleted
            models.Index(fields=["actor", "-at", "-id"], name="audit_entry_of_actor"),
            # where one kind of act was done, newest first
            models.Index(
                fields=["organization", "action", "-at", "-id"], name="audit_entry_action"
            ),
        ]
