"""Each kind loses exactly what is past its date, of the organization that chose it, and nothing else (OPS-8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection

from denrei.accounts import tenancy
from denrei.domain.retention import BOUNDS, Period
from denrei.retention import rounds
from denrei.retention.kinds import BY_CODE, KEPT, KINDS, OUTSIDE
from denrei.retention.rounds import End
from denrei.retention.steps import Removed
from tests.deliveries.world import World
from tests.reports.proof.eventful import simple
from tests.retention.past import count, keep_all, night, owner

pytestmark = pytest.mark.spec("OPS-8")

_PERSON = "(SELECT min(id) FROM recipient WHERE organization_id = %(organization)s)"
_CONTACT = "(SELECT min(id) FROM contact WHERE organization_id = %(organization)s)"
_BROADCAST = "(SELECT min(id) FROM broadcast WHERE organization_id = %(organization)s)"


@dataclass(frozen=True, kw_only=True)
class Case:
    """How a row of a kind comes about, as old as asked."""

    table: str
    #: With `%(organization)s`, `%(at)s`, `%(name)s`.
    insert: str
    #: Conditions that keep a row whatever its age → its change.
    spared: Mapping[str, str] = field(default_factory=dict)


CASES: dict[str, Case] = {
    "looks": Case(
        table="page_view",
        insert="INSERT INTO page_view (organization_id, broadcast_id, delivery_id, at, kind, address, user_agent)"
        f" VALUES (%(organization)s, {_BROADCAST}, 1, %(at)s, 'open', '192.0.2.1', %(name)s)",
        spared={
            "its broadcast is held": "INSERT INTO hold (organization_id, broadcast_id, reason)"
            " SELECT organization_id, id, '訴訟' FROM broadcast"
        },
    ),
    "mails": Case(
        table="received_mail",
        insert="INSERT INTO received_mail (organization_id, key, arrived_at, way, raw, size, read_at, kind, broadcast_id)"
        f" VALUES (%(organization)s, sha256(%(name)s::bytea), %(at)s, 'lmtp', 'x', 1, now(), 'bounce', {_BROADCAST})",
        spared={
            "a human must judge it": "UPDATE received_mail SET waits = true",
            "nobody has looked into it": "UPDATE received_mail SET read_at = NULL",
            "its broadcast is held": "INSERT INTO hold (organization_id, broadcast_id, reason)"
            " SELECT organization_id, id, '訴訟' FROM broadcast",
        },
    ),
    "contact_tests": Case(
        table="contact_test",
        insert="INSERT INTO contact_test (organization_id, recipient_id, contact_id, medium, address, address_key, pressed_at)"
        f" VALUES (%(organization)s, {_PERSON}, {_CONTACT}, 1, %(name)s, %(name)s, %(at)s)",
    ),
    "import_rows": Case(
        table="people_import_fate",
        insert="WITH i AS (INSERT INTO people_import (organization_id, file_name, size, digest, state, created_at)"
        " VALUES (%(organization)s, 'a.csv', 1, '', 'applied', %(at)s) RETURNING id)"
        " INSERT INTO people_import_fate (organization_id, people_import_id, line, verdict, code, name, changed, reasons,"
        " warnings, cells, has_warning, differs)"
        " SELECT %(organization)s, id, 1, 'new', '', %(name)s, '{}', '{}', '{}', '{}', false, false FROM i",
        spared={"it is being decided about": "UPDATE people_import SET state = 'examined'"},
    ),
    "imports": Case(
        table="people_import",
        insert="WITH i AS (INSERT INTO people_import (organization_id, file_name, size, digest, state, created_at)"
        " VALUES (%(organization)s, %(name)s, 1, '', 'applied', %(at)s) RETURNING id)"
        " INSERT INTO people_import_piece (organization_id, people_import_id, number, content)"
        " SELECT %(organization)s, id, 1, '' FROM i",
        spared={"a worker has it": "UPDATE people_import SET state = 'applying'"},
    ),
    "drafts": Case(
        table="draft",
        insert="INSERT INTO draft (organization_id, kind, name, form, changed_at)"
        " VALUES (%(organization)s, 'draft', %(name)s, '{}', %(at)s)",
        spared={
            "it is a 定型連絡": "UPDATE draft SET kind = 'template'",
            "it was sent, and its broadcast is there": "UPDATE draft SET broadcast_id ="
            " (SELECT min(id) FROM broadcast b WHERE b.organization_id = draft.organization_id)",
            "it is reserved": 'INSERT INTO scheduled (organization_id, key, "order", launch_at, not_after, state, by_id, draft_id)'
            " SELECT d.organization_id, d.id, '{}', now(), now(), 'waiting', o.id, d.id FROM draft d JOIN operator o USING (organization_id)",
        },
    ),
    "reservations": Case(
        table="scheduled",
        insert='INSERT INTO scheduled (organization_id, key, "order", launch_at, not_after, state, by_id, settled_at)'
        " SELECT %(organization)s, %(name)s, '{}', %(at)s, %(at)s, 'cancelled', min(id), %(at)s FROM operator"
        " WHERE organization_id = %(organization)s",
        spared={
            "it waits": "UPDATE scheduled SET state = 'waiting'",
            "it was not sent and nobody took note": "UPDATE scheduled SET state = 'missed'",
        },
    ),
    "attention": Case(
        table="attention",
        insert="INSERT INTO attention (organization_id, contact_id, recipient_id, medium, address_key, status, reason, since,"
        " last_at, times, broadcast_id, delivery_id, state, handled_at)"
        " SELECT %(organization)s, id, recipient_id, 1, %(name)s, 1, 21, %(at)s, %(at)s, 1, 0, 0, 1, %(at)s FROM contact c"
        " WHERE organization_id = %(organization)s AND NOT EXISTS (SELECT FROM attention a WHERE a.contact_id = c.id)"
        " ORDER BY id LIMIT 1",
        spared={"it is open": "UPDATE attention SET state = 0"},
    ),
    "suppressions": Case(
        table="suppression",
        insert="INSERT INTO suppression (organization_id, medium, address_key, reason, since, until)"
        " VALUES (%(organization)s, 1, %(name)s, 21, %(at)s, %(at)s)",
        spared={
            "it is in force": "WITH c AS (UPDATE contact SET address_key = k.address_key FROM suppression k"
            " WHERE contact.organization_id = k.organization_id AND contact.id % 2 = (k.address_key LIKE '%old')::int)"
            " UPDATE suppression SET until = now() + interval '1 day'",
            "it was told again lately": "UPDATE suppression s SET delivery_id ="
            " (SELECT min(id) FROM delivery d WHERE d.organization_id = s.organization_id)",
        },
    ),
    "left_people": Case(
        table="recipient",
        insert="WITH r AS (INSERT INTO recipient (organization_id, code, name, kana, search, language, state, created_at, updated_at)"
        " VALUES (%(organization)s, %(name)s, %(name)s, '', '', 'ja', 2, now(), %(at)s) RETURNING id)"
        " INSERT INTO contact (organization_id, recipient_id, medium, address, address_key, slot, receives, state, created_at)"
        " SELECT %(organization)s, id, 1, 'x', 'x', 1, true, 0, now() FROM r",
        spared={"they came back": "UPDATE recipient SET state = 0"},
    ),
    "trail": Case(
        table="audit_entry",
        insert="INSERT INTO audit_entry (organization_id, action, at, actor_name)"
        " VALUES (%(organization)s, 'test', %(at)s, %(name)s)",
    ),
    "alarms": Case(
        table="alarm",
        insert="INSERT INTO alarm (organization_id, kind, since, ended_at) VALUES (%(organization)s, 'stall', %(at)s, %(at)s)",
        spared={"it goes on": "UPDATE alarm SET ended_at = NULL, gateway_id = id"},
    ),
    "sign_in_failures": Case(
        table="axes_accessattempt",
        insert="WITH a AS (INSERT INTO axes_accessattempt (organization_id, user_agent, ip_address, username, http_accept, path_info,"
        " attempt_time, get_data, post_data, failures_since_start)"
        " VALUES (%(organization)s, '', '192.0.2.1', %(name)s, '', '', %(at)s, '', '', 1) RETURNING id)"
        " INSERT INTO axes_accessattemptexpiration (organization_id, access_attempt_id, expires_at)"
        " SELECT %(organization)s, id, %(at)s FROM a",
    ),
    "reports": Case(
        table="retention_run",
        insert="INSERT INTO retention_run (organization_id, night, kind, until, began_at, ended_at)"
        " VALUES (%(organization)s, %(at)s::timestamptz::date, %(name)s, now(), %(at)s, now())",
    ),
}


def furnished() -> World:
    """Return an organization with people, an operator and an ended broadcast, of which nothing is over."""
    world = World.create()
    broadcast = simple(world, 2).broadcast
    owner(
        "INSERT INTO operator (organization_id, password, login, name, role, is_active)"
        " VALUES (%(organization)s, '', 'a', 'a', 'admin', true)",
        organization=world.organization.pk,
    )
    owner(
        "UPDATE broadcast SET launched_at = now() - interval '40 years' WHERE id = %(id)s",
        id=broadcast,
    )
    return world


def fill(case: Case, world: World, period: Period) -> None:
    """Add a row that is older by an hour than a period, and one that is younger by an hour."""
    ((now,),) = owner("SELECT now()")
    until = period.before(now)
    assert until is not None
    for name, at in (("old", until - timedelta(hours=1)), ("young", until + timedelta(hours=1))):
        owner(
            case.insert,
            organization=world.organization.pk,
            at=at,
            name=f"{world.organization.slug} {name}",
        )


def rows(case: Case, world: World) -> int:
    """Return how many rows an organization has."""
    ((found,),) = owner(
        f"SELECT count(*) FROM {case.table} WHERE organization_id = %(organization)s",
        organization=world.organization.pk,
    )
    return int(found)


def _period(kind: str) -> Period:
    bounds = BOUNDS[kind]
    return bounds.default if bounds.is_fixed else bounds.choices[1]


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize("kind", CASES)
def test_what_is_past_its_date_goes_and_nothing_else(kind: str) -> None:
    mine, theirs = furnished(), furnished()
    case, period = CASES[kind], _period(kind)
    is_fixed = BOUNDS[kind].is_fixed
    keep_all(mine.organization, but="" if is_fixed else kind, period=period)
    keep_all(theirs.organization)
    at_first = {world.organization.pk: rows(case, world) for world in (mine, theirs)}
    for world in (mine, theirs):
        fill(case, world, period)
    others = {table: count(table) for table in _tables() - {case.table, *_along(kind)}}

    assert End.DONE is night(most=1)

    assert at_first[mine.organization.pk] + 1 == _without_reports(kind, case, mine)
    longest_is_over = is_fixed or BOUNDS[kind].most is not Period.FOREVER
    if not longest_is_over:
        assert at_first[theirs.organization.pk] + 2 == rows(case, theirs)
    assert others == {table: count(table) for table in others}
    if not is_fixed:
        reported = owner(
            "SELECT removed, trouble FROM retention_run WHERE organization_id = %(o)s AND kind = %(kind)s",
            o=mine.organization.pk,
            kind=kind,
        )
        assert [(1, "")] == reported


def _without_reports(kind: str, case: Case, world: World) -> int:
    """Return the rows; of reports without those of this very night."""
    if kind != "reports":
        return rows(case, world)
    ((found,),) = owner(
        "SELECT count(*) FROM retention_run WHERE organization_id = %(o)s AND kind LIKE 'world%%'",
        o=world.organization.pk,
    )
    return int(found)


def _tables() -> set[str]:
    """Return the tables that a night without anything else to do leaves alone."""
    return {name for name in KEPT if name not in {"seal_horizon", "seal"}} | {
        "delivery",
        "attempt",
        "audience",
    }


def _along(kind: str) -> set[str]:
    return set(BY_CODE[kind].tables)


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize(
    ("kind", "why"), [(kind, why) for kind, case in CASES.items() for why in case.spared]
)
def test_whatever_its_age_it_stays_where(kind: str, why: str) -> None:
    world, case = furnished(), CASES[kind]
    keep_all(world.organization, but=kind, period=_period(kind))
    fill(case, world, _period(kind))
    owner(case.spared[why].replace("%", "%%"))
    before = rows(case, world)

    assert End.DONE is night()

    assert before == rows(case, world)


_HOME = (
    "WITH h AS (INSERT INTO household (organization_id, code) VALUES (%(o)s, %(code)s) RETURNING id),"
    " s AS (INSERT INTO subject (organization_id, household_id, name) SELECT %(o)s, id, '児童' FROM h)"
    " UPDATE recipient SET household_id = h.id FROM h WHERE recipient.organization_id = %(o)s"
    " AND recipient.code LIKE %(code)s"
)


@pytest.mark.usefixtures("as_worker")
def test_the_children_of_a_household_go_with_the_last_who_left() -> None:
    world, case = furnished(), CASES["left_people"]
    keep_all(world.organization, but="left_people", period=Period.DAYS_90)
    fill(case, world, Period.DAYS_90)
    slug = world.organization.slug
    for code in (f"{slug} old", f"{slug} young", "nobody"):
        owner(_HOME, o=world.organization.pk, code=code)

    assert End.DONE is night()

    assert [(f"{slug} young", "児童")] == owner(
        "SELECT h.code, s.name FROM household h JOIN subject s ON s.household_id = h.id"
    )
    assert [(1,)] == owner("SELECT removed FROM retention_run WHERE kind = 'left_people'")


@pytest.mark.usefixtures("as_worker")
def test_the_people_of_an_import_go_in_batches_before_it() -> None:
    world, case = furnished(), CASES["imports"]
    keep_all(world.organization, but="imports", period=Period.DAYS_90)
    fill(case, world, Period.DAYS_90)
    owner(
        "INSERT INTO people_import_person (organization_id, people_import_id, recipient_id, is_new, changed)"
        " SELECT i.organization_id, i.id, r.id, true, '{}' FROM people_import i JOIN recipient r USING (organization_id)"
    )
    step = BY_CODE["imports"].steps[0]
    with tenancy.acting_for(world.organization.pk):
        scope = rounds.scope_of(world.organization.pk, BY_CODE["imports"])
        assert scope is not None
        assert (0, Removed(0, 1)) == (step.count(scope), step.batch(scope, 1))

    assert End.DONE is night(most=1)

    assert (1, 2) == (count("people_import"), count("people_import_person"))
    assert [(1, 3)] == owner("SELECT removed, rows FROM retention_run WHERE kind = 'imports'")


@pytest.mark.usefixtures("as_worker")
def test_the_text_of_a_mail_goes_and_what_was_found_stays() -> None:
    world, case = furnished(), CASES["mails"]
    keep_all(world.organization, but="mail_text", period=Period.DAYS_90)
    fill(case, world, Period.DAYS_90)

    night()

    assert [(b"", 1), (b"x", 1)] == owner(
        "SELECT raw, count(*)::int FROM received_mail GROUP BY 1 ORDER BY 1"
    )


@pytest.mark.usefixtures("as_worker")
def test_mails_of_nobody_and_sessions_that_expired_go() -> None:
    world = furnished()
    keep_all(world.organization)
    for name, days in (("old", 31), ("young", 29)):
        owner(
            "INSERT INTO received_mail (key, arrived_at, way, raw, size, read_at)"
            " VALUES (sha256(%(name)s::bytea), now() - %(days)s * interval '1 day', 'smtp', 'x', 1, now())",
            name=name,
            days=days,
        )
        owner(
            "INSERT INTO session (session_key, session_data, expire_date)"
            " VALUES (%(name)s, '', now() - (%(days)s - 30) * interval '3 days')",
            name=name,
            days=days,
        )

    night()

    assert (1, 1) == (count("received_mail"), count("session"))
    assert {("sessions", 1), ("unclaimed_mails", 1)} == set(
        owner(
            "SELECT kind, removed FROM retention_run WHERE organization_id IS NULL AND kind <> 'armed'"
        )
    )


@pytest.mark.django_db
def test_every_table_of_the_database_is_in_exactly_one_place() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        there = {name for (name,) in cursor.fetchall()}
    in_kinds = [table for kind in KINDS for table in kind.tables if "." not in table]
    named = [*in_kinds, *KEPT, *OUTSIDE]

    assert set() == there - set(named), "say how long it is kept"
    assert sorted(set(named)) == sorted(named), "in two places"
    assert set(named) - there <= {"procrastinate_version"}, "no such table"


def test_every_kind_has_bounds_and_every_bound_a_kind() -> None:
    assert list(BOUNDS) == [kind.code for kind in KINDS]
    for bounds in BOUNDS.values():
        assert bounds.default in bounds.choices


@pytest.mark.parametrize(
    "kind", [kind.code for kind in KINDS if kind.tables and not kind.is_shared]
)
def test_every_kind_of_an_organization_has_a_case(kind: str) -> None:
    assert kind in {*CASES, "broadcasts", "mail_text"}
