"""The second factor of an operator: whether it is set, whether it is asked for, what happened to it.

allauth keeps the factors (`allauth.mfa`) behind our wall: its table shows only the rows of the
organization that the transaction acts for. Here is what denrei adds (SMS-13, OPS-4).
"""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.conf import settings

from denrei.accounts import audit, sealing
from denrei.accounts.models import Operator, Organization
from denrei.accounts.preferences import Preferences

#: What opens the door beside the password; recovery codes alone are a way back, no factor.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


#: What allauth keeps sealed, of an app and of recovery codes.
_SEALED = frozenset({"secret", "seed"})


class Event(StrEnum):
    """What the audit trail tells of a second factor; the subject is its owner."""

    #: An authenticator app, a passkey or recovery codes were set up.
    ADDED = "second_factor.added"
    #: One was taken away.
    REMOVED = "second_factor.removed"
    #: A passkey got another name.
    RENAMED = "second_factor.renamed"
    #: Recovery codes were replaced: those before are worthless.
    RENEWED = "second_factor.renewed"
    #: The right code or passkey, at the door or when signing in again.
    USED = "second_factor.used"
    #: A wrong code or passkey.
    REFUSED = "second_factor.refused"


def is_set(operator: Operator) -> bool:
    """Tell whether an operator has one."""
    return bool(Authenticator.objects.filter(user_id=operator.pk, type__in=FACTORS).exists())


def is_missing(operator: Operator, organization: Organization) -> bool:
    """Tell whether the organization asks for one and the operator has none."""
    return Preferences.of(organization).second_factor_required and not is_set(operator)


def record(event: Event, owner: Operator, actor: Operator, **facts: object) -> None:
    """Write the audit trail; `facts` are `kind` (`Authenticator.Type`) and, of passkeys, `name`."""
    audit.record(owner.organization_id, event.value, owner, actor, after=facts)


def facts(authenticator: Authenticator) -> dict[str, object]:
    """Return what the audit trail tells of one factor: never its secret."""
    kind = str(authenticator.type)
    if kind == Authenticator.Type.WEBAUTHN:
        return {"kind": kind, "name": authenticator.wrap().name}
    return {"kind": kind}


def reseal(owner: Operator) -> None:
    """Seal the factors of an operator with the key in use, while a retired one still opens them."""
    if not settings.SECRET_KEY_FALLBACKS:
        return
    for authenticator in Authenticator.objects.filter(user_id=owner.pk):
        for name in _SEALED & authenticator.data.keys():
            with suppress(sealing.SealBrokenError):
                authenticator.data[name] = sealing.renew(authenticator.data[name])
        authenticator.save(update_fields=["data"])
