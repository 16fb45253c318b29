"""The second factors of the own account, in one list: `/console/account/second-factor/`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.models import Operator
from denrei.accounts.preferences import Preferences
from denrei.accounts.rights import Right
from denrei.web.console import asking
from denrei.web.console.account import passkeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One factor as its owner sees it."""

    id: int
    #: Of passkeys.
    name: str
    since: datetime
    #: None: not used yet.
    used: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """All factors of an operator."""

    app: Factor | None
    passkeys: tuple[Factor, ...]
    #: None: there are no recovery codes.
    codes_left: int | None

    @property
    def are_set(self) -> bool:
        """Tell whether the door asks for a second step."""
        return self.app is not None or bool(self.passkeys)


def of(operator: Operator) -> Factors:
    """Read the factors of an operator; one query."""
    rows = list(Authenticator.objects.filter(user_id=operator.pk).order_by("created_at", "pk"))
    return Factors(
        app=next(iter(_of_kind(rows, Authenticator.Type.TOTP)), None),
        passkeys=tuple(_of_kind(rows, Authenticator.Type.WEBAUTHN)),
        codes_left=next(
            (
                len(row.wrap().get_unused_codes())
                for row in rows
                if row.type == Authenticator.Type.RECOVERY_CODES
            ),
            None,
        ),
    )


def _of_kind(rows: Iterable[Authenticator], kind: str) -> list[Factor]:
    return [
        Factor(
            id=row.pk,
            name=row.data.get("name", ""),
            since=row.created_at,
            used=row.last_used_at,
        )
        for row in rows
        if row.type == kind
    ]


@rights.needs(Right.OWN)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/account/second-factor/`."""
    required = Preferences.of(asking.organization_of(request)).second_factor_required
    context = {
        "factors": of(asking.operator_of(request)),
        "required": required,
        "place": passkeys.place_of(request),
    }
    return render(request, "console/account/factors.html", context)
