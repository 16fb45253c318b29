"""Sessions of operators: kept in the database, behind the wall, with what their list shows (SMS-13).

A session is read before anybody knows whose it is. Its row is visible to who names its key
(`denrei.session`, local to a transaction) and to its organization; policies in migration 0002.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection, transaction

from denrei.accounts.models import Session

#: Where a session says whose it is. The organization is there from the password on, the operator
#: when the sign-in is complete.
ORGANIZATION, OPERATOR = "organization", "_auth_user_id"
#: Where a session says from where it was opened.
ADDRESS, DEVICE = "address", "device"
#: Where a session says when somebody last worked with it (seconds since 1970), within SEEN_EVERY.
SEEN = "seen"
#: Seconds after which that is written anew: a page in between costs no write.
SEEN_EVERY = 300


@contextmanager
def _opening(key: str | None) -> Iterator[None]:
    """Open a transaction (or a savepoint) that sees the session of one key."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('denrei.session', %s, true)", [key or ""])
        yield


class SessionStore(DatabaseStore):
    """Django's store of sessions in the database, on our own table."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return our table."""
        return Session

    def load(self) -> dict[str, Any]:
        """Return the data of the session; {} where there is none any more."""
        with _opening(self.session_key):
            return dict(super().load())

    def exists(self, session_key: str) -> bool:
        """Tell whether a key is taken."""
        with _opening(session_key):
            return bool(super().exists(session_key))

    def save(self, must_create: bool = False) -> None:
        """Write the session. UpdateError where it was ended meanwhile."""
        if self.session_key is None:
            return self.create()
        with _opening(self.session_key):
            return super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        with _opening(session_key or self.session_key):
            super().delete(session_key)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row of a session, with whose it is beside the data."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.organization_id = data.get(ORGANIZATION)
        operator = data.get(OPERATOR)
        row.operator_id = int(operator) if operator else None
        row.address = str(data.get(ADDRESS, ""))
        row.device = str(data.get(DEVICE, ""))
        return row

    @classmethod
    def clear_expired(cls) -> None:
        """Leave it to the function `clear_expired_sessions`, which sees all."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT clear_expired_sessions()")


def note_use(session: SessionBase, now: float) -> None:
    """Let the time until the sign-out begin anew, because somebody works with the session."""
    if OPERATOR in session and now - session.get(SEEN, 0) >= SEEN_EVERY:
        session[SEEN] = int(now)


def lives(key: str) -> bool:
    """Tell whether a session has neither ended nor expired."""
    return bool(SessionStore(key).load())


def end(session: Session) -> None:
    """End one session of the organization that the transaction acts for."""
    Session.objects.filter(pk=session.pk).delete()


def end_all_of(operator_id: int, except_key: str = "") -> int:
    """End the sessions of an operator, but one; return how many there were."""
    return Session.objects.filter(operator_id=operator_id).exclude(pk=except_key).delete()[0]
