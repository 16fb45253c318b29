"""Steps of migrations that run while processes of the release before go on (ADR 0023).

Migrations add; what they add, the release before does not miss. Where one takes something away, it says by
`Contract` which release was the first that did not need it, and older ones refuse to start from then on.
"""

from __future__ import annotations

import re

from django.db import migrations

#: A change of a table waits so long for those who use it: whoever comes after waits behind it.
LOCK_WAIT = "3s"
#: Read by every release, so it never changes: the release is told on the table of migrations itself.
FLOOR = "SELECT substring(obj_description(to_regclass('django_migrations'), 'pg_class') from 'denrei ([0-9.]+)')"
_RAISE = """
DO $$ BEGIN
  IF coalesce(string_to_array(({floor}), '.')::int[], '{{}}') < string_to_array('{least}', '.')::int[] THEN
    COMMENT ON TABLE django_migrations IS 'denrei {least} or later';
  END IF;
END $$
"""


def release(text: str) -> tuple[int, ...]:
    """Return a version as numbers that compare: "0.10.1rc1" is (0, 10, 1)."""
    found = re.match(r"\d+(\.\d+)*", text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


class Contract(migrations.RunSQL):
    """Raise the floor to a release, such as "0.3"; the way back leaves it."""

    def __init__(self, least: str) -> None:
        self.least = least
        super().__init__(_RAISE.format(floor=FLOOR, least=least), migrations.RunSQL.noop)

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        """Return how it is written in a migration."""
        return type(self).__name__, [self.least], {}


class IndexConcurrently(migrations.RunSQL):
    """Make an index while the table is written to; its migration says `atomic = False`.

    It waits for whoever reads, however long; nobody waits for it. One that was cut short left a stump, which
    goes first (PostgreSQL, Building Indexes Concurrently). `on` is what follows ON; `unique` as it says.
    """

    def __init__(self, name: str, on: str, unique: bool = False) -> None:
        self.given = [name, on, unique]
        kind = "UNIQUE INDEX" if unique else "INDEX"
        super().__init__(
            [
                "SET lock_timeout = 0",
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                f"CREATE {kind} CONCURRENTLY {name} ON {on}",
                f"SET lock_timeout = '{LOCK_WAIT}'",
            ],
            f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Return how it is written in a migration."""
        return type(self).__name__, [*self.given], {}
