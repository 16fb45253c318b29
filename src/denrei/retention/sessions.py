"""Sessions that expired: the function of the database that sees them all."""

from __future__ import annotations

from django.db import connection

from denrei.accounts.models import Session
from denrei.retention.steps import NOTHING, Removed, Scope


class ClearSessions:
    """Delete the sessions that have expired; each sign-in does so as well."""

    def batch(self, scope: Scope, most: int) -> Removed:
        """Delete all of them: they are few."""
        del most
        if not self.count(scope):
            return NOTHING
        with connection.cursor() as cursor:
            cursor.execute("SELECT clear_expired_sessions()")
            (n,) = cursor.fetchone()
        return Removed(n, n)

    def count(self, scope: Scope) -> int:
        """Return how many expired before the moment of the scope."""
        return Session.objects.filter(expire_date__lt=scope.until).count()
