"""Put a backup into an empty home: key, data, this version's schema, numbers; then recount.

A restore that is cut off leaves an empty database, or one that `denrei migrate` completes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.deliveries.recount import recount
from denrei.directory.models import Recipient
from denrei.project import migrating
from denrei.project.backup import BackupError, programs
from denrei.project.backup.reading import Backup
from denrei.project.embedded import Cluster
from denrei.reports.board import board
from denrei.retention import arming, rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back."""

    organizations: int
    people: int
    broadcasts: int
    #: Broadcasts whose counters and ledger differ: none.
    broken: Sequence[int]
    #: Broadcasts that will go on, with how many deliveries wait.
    unfinished: Sequence[tuple[int, int]]


def restore(cluster: Cluster, backup: Backup) -> None:
    """Read the data in; the process must act as the owner. BackupError."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        if cursor.fetchone() != (0,):
            raise BackupError(
                "DENREI_HOME のデータベースは空ではありません。新しい場所を DENREI_HOME で指定してください。"
                "復元が途中で終わったときの続きなら、denrei migrate を実行してください。"
            )
    tenancy.create_roles()
    with backup.dump() as dump:
        programs.restore(cluster, dump)
    migrating.migrate()
    arming.disarm(rounds.tonight())  # holds of after the backup are lost
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a dump brings no statistics


def look() -> Restored:
    """Count what is there, and recount the ledger of every broadcast."""
    people, broadcasts, broken = 0, 0, list[int]()
    unfinished: list[tuple[int, int]] = []
    organizations = list(Organization.objects.values_list("pk", flat=True))
    for organization in organizations:
        with tenancy.acting_for(organization):
            tenancy.as_application()
            people += Recipient.objects.count()
            for broadcast in _broadcasts():
                broadcasts += 1
                if recount(organization, broadcast):
                    broken.append(broadcast)
                standing = board(organization, broadcast)
                if not standing.finished:
                    unfinished.append((broadcast, standing.deliveries.waiting))
    return Restored(
        organizations=len(organizations),
        people=people,
        broadcasts=broadcasts,
        broken=broken,
        unfinished=unfinished,
    )


def _broadcasts() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT broadcast_id FROM run ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]
