"""People who left long ago: erased from the address book as an operator would, in the trail as well."""

from __future__ import annotations

from denrei.directory import households, people
from denrei.retention.steps import NOTHING, Removed, Scope

#: People of a transaction: each takes contacts, groups and an entry of the trail along.
_FEW = 500


class EraseLeft:
    """Erase the people in 退会."""

    def batch(self, scope: Scope, most: int) -> Removed:
        """Erase at most so many."""
        return Removed(*people.erase_left(scope.until, min(most, _FEW)))

    def count(self, scope: Scope) -> int:
        """Return how many people it would erase."""
        return people.left_before(scope.until).count()


class ForgetEmpty:
    """Delete the households that nobody is left of, with their children: rows that belong to who left."""

    def batch(self, scope: Scope, most: int) -> Removed:
        """Delete at most so many."""
        empty = households.without_members().values_list("pk", flat=True)[: min(most, _FEW)]
        if scope.organization is None:
            return NOTHING
        return Removed(0, households.forget_empty(scope.organization, list(empty)))

    def count(self, scope: Scope) -> int:
        """Return 0: they are no people."""
        del scope
        return 0
