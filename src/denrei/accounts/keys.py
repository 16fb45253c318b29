"""What an administrator does to the keys of another operator: password, sessions, second factor.

One's own are changed on the page of one's own account, where the present password is asked for.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from allauth.mfa.models import Authenticator

from denrei.accounts import audit, locking, mandate, sessions
from denrei.accounts.mandate import Mandate
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right

#: Without the letters and digits that look alike on paper: 0 o, 1 l i, 5 s, 2 z, v u.
_LETTERS = "abcdefghjkmnpqrtuwxy346789"
#: Sixteen of them are 75 bits, in groups that a person can read out.
_GROUPS = _LENGTH = 4


def initial_password(choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """Return a password to hand over on paper: four groups of four letters."""
    return "-".join("".join(choose(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))


def reset_password(operator: Operator, password: str, actor: Operator | None) -> None:
    """Give an operator a password that he changes when he signs in next; end his sessions.

    RefusedError YOURSELF, GONE, NO_LONGER, as of all verbs here.
    """
    with mandate.held(operator.organization_id, actor, Right.OPERATORS) as holder:
        found = holder.another(operator)
        found.set_password(password)
        found.password_is_initial = True
        found.save(update_fields=["password", "password_is_initial"])
        sessions.end_all_of(found.pk)
        _record("operator.password_reset", found, holder)


def end_sessions(operator: Operator, actor: Operator | None) -> int:
    """Sign an operator out everywhere; return how many sessions there were."""
    with mandate.held(operator.organization_id, actor, Right.OPERATORS) as holder:
        found = holder.another(operator)
        ended = sessions.end_all_of(found.pk)
        _record("operator.sessions_ended", found, holder, sessions=ended)
    return ended


def remove_second_factor(operator: Operator, actor: Operator | None) -> bool:
    """Take away the second factor of an operator who lost it; tell whether he had one."""
    with mandate.held(operator.organization_id, actor, Right.OPERATORS) as holder:
        found = holder.another(operator)
        removed = bool(Authenticator.objects.filter(user=found).delete()[0])
        if removed:
            sessions.end_all_of(found.pk)
            _record("operator.second_factor_removed", found, holder)
    return removed


def unlock(operator: Operator, actor: Operator | None) -> bool:
    """End the lock after wrong passwords; tell whether there was one. RefusedError."""
    with mandate.held(operator.organization_id, actor, Right.OPERATORS) as holder:
        return locking.unlock(holder.operator(operator), holder.actor)


def _record(action: str, operator: Operator, holder: Mandate, **facts: object) -> None:
    about = {"login": operator.login, "name": operator.name, **facts}
    audit.record(operator.organization_id, action, operator, holder.actor, after=about)
