"""Adding and changing operators: within the mandate of who does it, recorded, never deleting.

An operator who goes is deactivated: the audit trail names him (SPEC MSG-1, ALL-3, ALL-5).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from denrei.accounts import audit, mandate
from denrei.accounts.mandate import Mandate
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.accounts.refusal import Refusal, RefusedError
from denrei.accounts.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an operator shall be."""

    login: str
    name: str
    email: str = ""
    role: Role = Role.VIEWER
    #: None: the whole organization.
    unit: Unit | None = None


def add(
    organization: Organization, wanted: Wanted, password: str, actor: Operator | None
) -> Operator:
    """Add an operator, who chooses another password when he signs in first.

    RefusedError LOGIN_TAKEN, BEYOND or NO_LONGER.
    """
    with mandate.held(organization.pk, actor, Right.OPERATORS) as holder:
        operator = Operator(organization=organization, password_is_initial=True)
        _give(operator, wanted, holder)
        operator.set_password(password)
        operator.save()
        audit.record(
            organization.pk, "operator.added", operator, holder.actor, after=facts(operator)
        )
    return operator


def change(operator: Operator, wanted: Wanted, actor: Operator | None) -> Operator:
    """Change what an operator is; return him as he is then.

    RefusedError as `add`, and YOURSELF, LAST_ADMINISTRATOR, GONE.
    """
    with mandate.held(operator.organization_id, actor, Right.OPERATORS) as holder:
        found = holder.operator(operator)
        before, was_administrator = facts(found), is_administrator(found)
        if _moves(found, wanted):
            holder.another(found)
        _give(found, wanted, holder)
        if was_administrator and not is_administrator(found):
            _keep_one_beside(found)
        if facts(found) != before:
            found.save(update_fields=["login", "name", "email", "role", "unit"])
            _record("operator.changed", found, holder, before)
    return found


def deactivate(operator: Operator, actor: Operator | None) -> None:
    """End an operator's access and all his sessions.

    RefusedError YOURSELF, LAST_ADMINISTRATOR, GONE, NO_LONGER.
    """
    with mandate.held(operator.organization_id, actor, Right.OPERATORS) as holder:
        found = holder.another(operator)
        if is_administrator(found):
            _keep_one_beside(found)
        _activate(found, holder, False)
        found.sessions.all().delete()


def reactivate(operator: Operator, actor: Operator | None) -> None:
    """Give an operator his access back, with the password he had. RefusedError as `deactivate`."""
    with mandate.held(operator.organization_id, actor, Right.OPERATORS) as holder:
        _activate(holder.another(operator), holder, True)


def is_administrator(operator: Operator) -> bool:
    """Tell whether an operator is one of `OperatorQuerySet.administrators`."""
    return operator.is_active and operator.role == Role.ADMIN and operator.unit_id is None


def advice(organization: Organization) -> str | None:
    """Return what an organization with a single administrator is advised (SMS-13); else None.

    The transaction must act for the organization.
    """
    if Operator.objects.filter(organization=organization).administrators()[:2].count() != 1:
        return None
    return _(
        "団体全体の管理者が1人だけです。不在やパスワード忘れに備えて、2人目の管理者を登録してください。"
    )


def facts(operator: Operator) -> dict[str, object]:
    """Return what the audit trail tells of an operator."""
    unit = operator.unit
    return {
        "login": operator.login,
        "name": operator.name,
        "email": operator.email,
        "role": str(operator.role),
        "unit": f"{unit.code} {unit.name}" if unit else None,
        "is_active": operator.is_active,
    }


def _give(operator: Operator, wanted: Wanted, holder: Mandate) -> None:
    same_login = Operator.objects.filter(login__iexact=wanted.login)
    if same_login.exclude(pk=operator.pk).exists():
        raise RefusedError(Refusal.LOGIN_TAKEN)
    operator.login, operator.name, operator.email = wanted.login, wanted.name, wanted.email
    operator.role, operator.unit = wanted.role, holder.unit(wanted.unit)


def _moves(operator: Operator, wanted: Wanted) -> bool:
    """Tell whether role or unit would change, upwards or downwards."""
    return (operator.role, operator.unit) != (wanted.role, wanted.unit)


def _keep_one_beside(operator: Operator) -> None:
    if not Operator.objects.administrators().exclude(pk=operator.pk).exists():
        raise RefusedError(Refusal.LAST_ADMINISTRATOR)


def _activate(operator: Operator, holder: Mandate, active: bool) -> None:
    if operator.is_active == active:
        return
    before = facts(operator)
    operator.is_active = active
    operator.save(update_fields=["is_active"])
    action = "operator.reactivated" if active else "operator.deactivated"
    _record(action, operator, holder, before)


def _record(action: str, operator: Operator, holder: Mandate, before: dict[str, object]) -> None:
    audit.record(operator.organization_id, action, operator, holder.actor, before, facts(operator))
