"""What an operator does to his own keys: password and sessions (SMS-13).

What an administrator does to those of others is in `keys`; second factors are in `second_factor`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from denrei.accounts import audit, sessions
from denrei.accounts.models import Operator, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A browser in which the operator is signed in."""

    #: Names it in a page; tells nothing about its key, which would be the session itself.
    name: str
    #: An IP address, "" where nobody knows it.
    address: str
    #: What the browser calls itself.
    device: str
    since: datetime
    #: Within `sessions.SEEN_EVERY` seconds.
    seen: datetime
    #: It is the one who asks.
    here: bool


def open_sessions(operator: Operator, key: str, at: datetime) -> list[OpenSession]:
    """Tell where an operator is signed in: the session of `key` first, then the latest seen."""
    found = [_described(row, key) for row in _rows(operator, at)]
    return sorted(found, key=lambda session: (not session.here, -session.seen.timestamp()))


def end_session(operator: Operator, name: str, key: str, at: datetime) -> OpenSession | None:
    """End another session of the operator; return what it was, None where it had ended already."""
    for row in _rows(operator, at):
        if _name(row) == name and row.pk != key:
            sessions.end(row)
            gone = _described(row, key)
            _record("operator.session_ended", operator, address=gone.address, device=gone.device)
            return gone
    return None


def end_other_sessions(operator: Operator, key: str) -> int:
    """End all sessions of the operator but that of `key`; return how many there were."""
    ended = sessions.end_all_of(operator.pk, except_key=key)
    if ended:
        _record("operator.other_sessions_ended", operator, sessions=ended)
    return ended


def change_password(operator: Operator, password: str) -> None:
    """Give oneself another password; the caller ends the other sessions."""
    operator.set_password(password)
    operator.password_is_initial = False
    operator.save(update_fields=["password", "password_is_initial"])
    _record("operator.password_changed", operator)


def _rows(operator: Operator, at: datetime) -> Iterator[Session]:
    yield from Session.objects.filter(operator_id=operator.pk, expire_date__gt=at)


def _described(row: Session, key: str) -> OpenSession:
    seen = sessions.SessionStore().decode(row.session_data).get(sessions.SEEN)
    return OpenSession(
        name=_name(row),
        address=row.address,
        device=row.device,
        since=row.created_at,
        seen=datetime.fromtimestamp(seen, UTC) if seen else row.created_at,
        here=row.pk == key,
    )


def _name(row: Session) -> str:
    return sha256(row.session_key.encode()).hexdigest()[:16]


def _record(action: str, operator: Operator, **facts: object) -> None:
    audit.record(operator.organization_id, action, operator, operator, after=facts or None)
