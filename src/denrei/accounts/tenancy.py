"""The wall between organizations: row-level security, as migration operations and a context.

Three roles. The owner migrates and owns the tables. `denrei_app` is what pages and commands act
as: it sees the rows of the organization that its transaction named. `denrei_worker`, a member of
`denrei_app`, is what senders and the janitor act as: on the few tables made with
`worker_sees_all` it sees the rows of all. FORCE binds the owner too, so a forgotten role shows no
row instead of every row (SPEC ALL-5).

The organization of a transaction is the setting `denrei.organization`, local to it: nothing stays
on a connection that goes back to a pool.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.apps.registry import Apps
from django.db import connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Roles belong to the cluster, and several databases of it may migrate at once: a loser of the race
# waits for the winner's commit and then finds the role or the grant there.
_CREATE_ROLES = """
DO $$
DECLARE
  role text;
  edge text[];
BEGIN
  FOREACH role IN ARRAY ARRAY['denrei_app', 'denrei_worker'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;
  FOREACH edge SLICE 1 IN ARRAY ARRAY[['denrei_app', 'denrei_worker'],
      ['denrei_app', current_user::text], ['denrei_worker', current_user::text]] LOOP
    IF NOT pg_has_role(edge[2], edge[1], 'USAGE') THEN
      BEGIN
        EXECUTE format('GRANT %I TO %I', edge[1], edge[2]);
      EXCEPTION WHEN unique_violation OR internal_error THEN NULL;  -- tuple concurrently updated
      END;
    END IF;
  END LOOP;
  EXECUTE 'GRANT USAGE ON SCHEMA public TO denrei_app';
END $$
"""

_CURRENT_ORGANIZATION = """
CREATE OR REPLACE FUNCTION current_organization() RETURNS bigint STABLE PARALLEL SAFE LANGUAGE sql
AS $$ SELECT nullif(current_setting('denrei.organization', true), '')::bigint $$
"""


_ORGANIZATION = "denrei.organization"


class AnotherOrganizationError(RuntimeError):
    """A transaction that acts for one organization was asked to act for another."""


class _DatabaseOnly(Operation):
    """An operation that Django's models know nothing of: statements there, statements back."""

    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState | Apps,
        to_state: ProjectState | Apps,
    ) -> None:
        """Run the statements of the way there."""
        del app_label, from_state, to_state  # Django's signature; plain SQL needs no models
        for statement in self._forwards():
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState | Apps,
        to_state: ProjectState | Apps,
    ) -> None:
        """Run the statements of the way back."""
        del app_label, from_state, to_state
        for statement in self._backwards():
            schema_editor.execute(statement, params=None)

    def _forwards(self) -> Iterable[str]:
        raise NotImplementedError

    def _backwards(self) -> Iterable[str]:
        raise NotImplementedError


class CreateRoles(_DatabaseOnly):
    """Create the two roles and `current_organization()`; the owner becomes a member of both.

    The owner needs CREATEROLE once, or an administrator creates the roles and grants them to the
    owner beforehand. The way back keeps the roles: other databases of the cluster use them.
    """

    def describe(self) -> str:
        """Say it in the list of migrations."""
        return "Create the roles of the application and the worker"

    def _forwards(self) -> Iterable[str]:
        return (_CREATE_ROLES, _CURRENT_ORGANIZATION)

    def _backwards(self) -> Iterable[str]:
        return ("DROP FUNCTION current_organization()",)


class SecureTenant(_DatabaseOnly):
    """Put a table behind the wall: forced row-level security, policies, grants.

    `append_only` grants no UPDATE and no DELETE. `worker_sees_all` adds the policy `every` for
    `denrei_worker`. `column` is the one that names the organization.
    """

    def __init__(
        self,
        table: str,
        append_only: bool = False,
        worker_sees_all: bool = False,
        column: str = "organization_id",
    ) -> None:
        self.table = table
        self.append_only = append_only
        self.worker_sees_all = worker_sees_all
        self.column = column

    def describe(self) -> str:
        """Say it in the list of migrations."""
        return f"Show rows of {self.table} to their organization only"

    def _forwards(self) -> Iterator[str]:
        table = self.table
        # The sub-select is evaluated once for each statement instead of once for each row.
        own = f"({self.column} = (SELECT current_organization()))"
        rights = "SELECT, INSERT" if self.append_only else "SELECT, INSERT, UPDATE, DELETE"
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY own ON {table} USING {own} WITH CHECK {own}"
        if self.worker_sees_all:
            yield f"CREATE POLICY every ON {table} TO denrei_worker USING (true) WITH CHECK (true)"
        yield f"GRANT {rights} ON {table} TO denrei_app"
        yield _GRANT_SEQUENCES.format(table=table)

    def _backwards(self) -> Iterable[str]:
        table = self.table
        return (  # the roles' rights first, so that no moment shows every row to them
            f"REVOKE ALL ON {table} FROM denrei_app",
            f"DROP POLICY IF EXISTS every ON {table}",
            f"DROP POLICY own ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY",
        )


class AdoptTable(SecureTenant):
    """Put a table of somebody else's application behind the wall: it gets a column of ours.

    The column fills itself with the organization of the transaction, so their code need not know.
    """

    def describe(self) -> str:
        """Say it in the list of migrations."""
        return f"Give {self.table} an organization and show its rows to that only"

    def _forwards(self) -> Iterator[str]:
        yield (
            f"ALTER TABLE {self.table} ADD COLUMN organization_id bigint NOT NULL"
            " DEFAULT current_organization() REFERENCES organization ON DELETE CASCADE"
        )
        yield f"CREATE INDEX {self.table}_organization ON {self.table} (organization_id)"
        yield from super()._forwards()

    def _backwards(self) -> Iterable[str]:
        return (
            *super()._backwards(),
            f"ALTER TABLE {self.table} DROP COLUMN organization_id",
        )


# A table whose key is computed has no sequence. EXECUTE, because GRANT takes no expression.
_GRANT_SEQUENCES = """
DO $$
DECLARE
  owned regclass;
BEGIN
  FOR owned IN
    SELECT objid::regclass FROM pg_depend JOIN pg_class ON pg_class.oid = objid
    WHERE refobjid = '{table}'::regclass AND deptype IN ('a', 'i') AND relkind = 'S'
  LOOP
    EXECUTE 'GRANT USAGE ON SEQUENCE ' || owned || ' TO denrei_app';
  END LOOP;
END $$
"""


def create_roles() -> None:
    """Create the two roles where the cluster lacks them: a dump names them and does not bring them."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE_ROLES)


@contextmanager
def acting_for(organization_id: int, settings: Mapping[str, object] = {}) -> Iterator[None]:
    """Open a transaction (or a savepoint) that sees the rows of one organization.

    Inside another `acting_for` it must name the same organization; else
    `AnotherOrganizationError`. Afterwards the surrounding transaction sees what it saw before.
    `settings`: others of PostgreSQL's that hold until the outermost transaction ends.
    """
    nested = connection.in_atomic_block
    former = _organization_of_transaction() if nested else ""
    if former not in ("", str(organization_id)):
        raise AnotherOrganizationError(f"acts for {former}, asked for {organization_id}")
    with transaction.atomic():
        _set({_ORGANIZATION: organization_id, **settings})
        yield
    # An exception skips this line: the rollback to the savepoint restored the setting.
    if nested and not former:
        _set({_ORGANIZATION: ""})


def as_application() -> None:
    """Act as pages do until the transaction ends: a worker's role sees more (`worker_sees_all`).

    For verbs of pages that a worker carries out, which trust the wall to name the organization.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE denrei_app")


def as_worker() -> None:
    """Act as senders do until the transaction ends: for what comes before an organization is known."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE denrei_worker")


def _organization_of_transaction() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('denrei.organization', true), '')")
        return str(cursor.fetchone()[0])


def _set(settings: Mapping[str, object]) -> None:
    each = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}", [str(one) for pair in settings.items() for one in pair])
