"""Writing what was judged: staged batch by batch, then written by one statement for each table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import resources

from django.db import connection

from denrei.accounts import units
from denrei.accounts.models import Organization, Unit
from denrei.directory import search
from denrei.directory.importing.judging import Final
from denrei.directory.importing.masters import Kind, Masters, NewMaster
from denrei.directory.models import ContactGroup, Household, Position

_OTHERS = "hashtextextended('people.import', %s)"
#: In this order: who exists before what belongs to them, what goes before what comes.
_WRITES = (
    "insert_people",
    "update_people",
    "update_contacts",
    "insert_contacts",
    "leave_groups",
    "join_groups",
    "leave_positions",
    "join_positions",
    "update_children",
    "insert_children",
    "clear",
)
_SQL = resources.files("denrei.directory.importing") / "sql"


def wait_for_others(organization_id: int) -> None:
    """Let no two imports of an organization write at once: the second waits for the end of the first."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_OTHERS})", [organization_id])


def goes_first(organization_id: int) -> bool:
    """Do as `wait_for_others` without waiting; False: an import of the organization writes at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({_OTHERS})", [organization_id])
        return bool(cursor.fetchone()[0])


def begin(organization_id: int) -> None:
    """Make the staging tables, as soon as no other import of the organization writes."""
    wait_for_others(organization_id)
    _run("stage")


def stage(finals: list[Final]) -> None:
    """Put what a batch wants into the staging tables."""
    _copy("import_person", (_person(final) for final in finals))
    _copy(
        "import_contact",
        (
            (final.line, c.id, c.medium, c.address, c.key, c.slot, c.receives, c.state)
            for final in finals
            for c in final.contacts
        ),
    )
    _copy("import_member", ((final.line, g) for final in finals for g in final.groups or ()))
    _copy("import_holder", ((final.line, p) for final in finals for p in final.positions or ()))
    _copy(
        "import_child",
        (
            (final.line, child.id, child.name, child.kana, child.class_name)
            for final in finals
            for child in final.children
        ),
    )


def write(
    organization: Organization, masters: Masters, within: Unit | None, keep: Callable[[], None]
) -> None:
    """Create what was missing (new units below `within`), then write all that is staged.

    Between the two `keep` is called: the staged people have their ids, and are as they were.
    """
    for kind, register in masters.registers.items():
        if register.new:
            created = _create(kind, register.new, organization, within)
            placeholders = (new.placeholder for new in register.new)
            _copy("import_master", zip(placeholders, created, strict=True))
    _run("resolve")
    keep()
    for name in _WRITES:
        _run(name)


def leave() -> None:
    """Forget what is staged."""
    _run("clear")


def _create(
    kind: Kind, new: list[NewMaster], organization: Organization, within: Unit | None
) -> list[int]:
    """Create masters of one kind; return their ids in the same order."""
    made: Iterable[Unit | ContactGroup | Position | Household]
    match kind:
        case Kind.UNIT:
            made = [units.add(organization, one.code, one.name, within) for one in new]
        case Kind.GROUP:
            made = ContactGroup.objects.bulk_create(
                ContactGroup(organization=organization, code=one.code, name=one.name) for one in new
            )
        case Kind.POSITION:
            made = Position.objects.bulk_create(
                Position(organization=organization, code=one.code, name=one.name) for one in new
            )
        case Kind.HOUSEHOLD:
            made = Household.objects.bulk_create(
                Household(organization=organization, code=one.code) for one in new
            )
    return [one.pk for one in made]


def _person(final: Final) -> tuple[object, ...]:
    return (
        final.line,
        final.id,
        final.id is None,
        final.code,
        final.name,
        final.kana,
        search.text_for(final.name, final.kana, final.code, final.addresses),
        final.unit_id,
        final.household_id,
        final.language,
        final.state,
        final.groups is not None,
        final.positions is not None,
    )


def _copy(table: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _run(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute((_SQL / f"{name}.sql").read_text(encoding="utf-8"))
