"""People who left long ago: erased from the address book as an operator would, in the trail as well."""

from __future__ import annotations

from denrei.directory import people
from denrei.retention.steps import Removed, Scope

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
