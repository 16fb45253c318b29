"""Locks of sign-ins after repeated wrong passwords, counted by django-axes (SMS-13).

A login is counted under a name of its own, and each device on which its operator once signed in
wholly under another (`denrei.accounts.devices`): what strangers do to a login locks it for
strangers. How many failures lock and for how long is in the settings AXES_FAILURE_LIMIT and
AXES_COOLOFF_TIME. All functions act within the organization's transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, Sum
from django.utils import timezone

from denrei.accounts import audit
from denrei.accounts.models import Operator, Organization

_DEVICE = "#"


def name_of(slug: str, login: str, device: str = "") -> str:
    """Return what failures are counted under: by organization, login and known device.

    The login is hashed: somebody may have typed the password in its place. The organization is in
    it because axes holds its names unique over all of them.
    """
    digest = hashlib.sha256(login.encode()).hexdigest()[:32]
    return f"{slug}/{digest}{_DEVICE if device else ''}{device}"


def locked_until(operator: Operator, at: datetime | None = None) -> datetime | None:
    """Tell when the lock of an operator ends, on whichever device; None where there is none."""
    return locked_among([operator], at).get(operator.pk)


def locked_among(operators: Iterable[Operator], at: datetime | None = None) -> dict[int, datetime]:
    """Tell who of some operators of one organization is locked until when, in two queries."""
    asked = list(operators)
    if not asked:
        return {}
    slug = Organization.objects.values_list("slug", flat=True).get(pk=asked[0].organization_id)
    ends: dict[str, datetime] = {}
    for name, end in _locks(at or timezone.now()):
        login = name.partition(_DEVICE)[0]
        ends[login] = max(end, ends.get(login, end))
    names = {operator.pk: name_of(slug, operator.login) for operator in asked}
    return {key: ends[name] for key, name in names.items() if name in ends}


def end_of(name: str, at: datetime | None = None) -> datetime | None:
    """Tell when the lock of one name ends; None where it is not locked."""
    return dict(_locks(at or timezone.now(), Q(username=name))).get(name)


def _locks(at: datetime, which: Q | None = None) -> list[tuple[str, datetime]]:
    """Return (name, end) of the locks at a time."""
    counted = (
        AccessAttempt.objects.filter(which or Q(), attempt_time__gt=at - _duration())
        .order_by()
        .values("username")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    return [(row["username"], row["last"] + _duration()) for row in counted]


def _duration() -> timedelta:
    duration: timedelta = settings.AXES_COOLOFF_TIME
    return duration


def begin(name: str, operator: Operator | None, at: datetime) -> None:
    """Let a lock begin: all its failures count from now, so that they end together; record it."""
    AccessAttempt.objects.filter(username=name).update(attempt_time=at)
    if operator is not None:
        end = at + _duration()
        audit.record(
            operator.organization_id,
            "operator.locked",
            operator,
            after={"until": end.isoformat(), "known_device": _DEVICE in name},
        )


def forget(name: str) -> None:
    """Forget the failures of one name: its sign-in was completed."""
    AccessAttempt.objects.filter(username=name).delete()


def unlock(operator: Operator, actor: Operator | None, at: datetime | None = None) -> bool:
    """End the locks of an operator on all devices and record it; tell whether there was one.

    `actor` is the administrator; None is who works at the command line.
    """
    until = locked_until(operator, at)
    slug = Organization.objects.values_list("slug", flat=True).get(pk=operator.organization_id)
    name = name_of(slug, operator.login)
    AccessAttempt.objects.filter(
        Q(username=name) | Q(username__startswith=f"{name}{_DEVICE}")
    ).delete()
    if until is None:
        return False
    audit.record(
        operator.organization_id,
        "operator.unlocked",
        operator,
        actor,
        before={"until": until.isoformat()},
    )
    return True
