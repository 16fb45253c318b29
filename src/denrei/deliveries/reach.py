"""Before 送信: who can be reached, by how many independent media, and who can't and why (NEW-6, MSG-3).

A contact counts where a launch would send to it at this moment: it receives, its slot serves
broadcasts, its medium is used, and its address is not known to be bad. One address of a household
counts once, as it gets one message (NEW-5). Everything here reads in the caller's transaction,
which must act for the organization.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from denrei.accounts.models import Organization
from denrei.audience.selection import Selection
from denrei.deliveries.lanes import slots
from denrei.domain.states import Medium


class Fate(IntEnum):
    """What a launch would make of a contact; a person's is the best of his contacts'."""

    #: There is no contact at all.
    NO_CONTACT = 0
    #: Of a medium that this broadcast does not use.
    OTHER_MEDIUM = 1
    #: A mail address in a slot that serves other things (SCH-3).
    OTHER_SLOT = 2
    #: 連絡メールを受信する is off (SCH-4).
    SWITCHED_OFF = 3
    #: エラーアドレス: known to be bad (EMC-6).
    KNOWN_BAD = 4
    #: It would be sent to.
    SENT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One medium of a broadcast."""

    #: Contacts that would be sent to.
    contacts: int
    #: People who have such a contact.
    holders: int
    #: Of these, people whom no earlier medium reaches.
    first: int
    #: Contacts left out because their addresses are known to be bad.
    known_bad: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """A person whom no medium reaches."""

    id: int
    code: str
    name: str
    kana: str
    #: Of the person's unit, or "".
    unit: str
    why: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a selection comes to."""

    people: int
    #: Reached by one medium only.
    by_one: int
    #: Reached by two or more.
    by_more: int
    #: Why nobody reaches them → people, most frequent first; no 0.
    reasons: Mapping[Fate, int] = field(default_factory=dict)
    #: In the order of the broadcast.
    ways: Mapping[Medium, Way] = field(default_factory=dict)
    #: The first whom no medium reaches, as the address book sorts them.
    names: Sequence[Unreachable] = ()

    @property
    def unreachable(self) -> int:
        """How many no medium reaches."""
        return sum(self.reasons.values())

    @property
    def contacts(self) -> int:
        """How many messages go out."""
        return sum(way.contacts for way in self.ways.values())


#: Before everybody in the address book.
_FIRST = ("", 0)
# The joins go by whole tables: that is what a selection of a hundred thousand people wants.
_FATES = """
WITH person AS MATERIALIZED ({people}),
 step AS (SELECT * FROM unnest(%s::smallint[], %s::smallint[]) WITH ORDINALITY s(medium, slots, turn)),
 way AS MATERIALIZED (
  SELECT p.id, p.household_id, c.medium, c.address_key, s.turn,
         CASE WHEN c.id IS NULL THEN 0 WHEN s.medium IS NULL THEN 1 WHEN c.slot > s.slots THEN 2
              WHEN NOT c.receives THEN 3 WHEN b.until > now() THEN 4 ELSE 5 END AS fate
    FROM person p
    LEFT JOIN contact c ON c.recipient_id = p.id AND c.state < 2
    LEFT JOIN step s ON s.medium = c.medium
    LEFT JOIN suppression b ON b.address_key = c.address_key AND b.medium = c.medium),
 best AS MATERIALIZED (
  SELECT id, max(fate) AS fate, coalesce(bit_or(1 << medium) FILTER (WHERE fate = 5), 0) AS media,
         min(turn) FILTER (WHERE fate = 5) AS turn
    FROM way GROUP BY id)
"""
# No count(DISTINCT): it sorts, and a hundred thousand people wait twice as long.
_REACH = """,
 met AS (SELECT media, turn, count(*) AS n FROM best GROUP BY 1, 2),
 message AS (
  SELECT turn, count(*) AS n FROM way WHERE fate = 5 AND household_id IS NULL GROUP BY 1
  UNION ALL SELECT turn, count(*) FROM (SELECT turn, household_id, address_key FROM way
             WHERE fate = 5 AND household_id IS NOT NULL GROUP BY 1, 2, 3) shared GROUP BY 1)
SELECT (SELECT count(*) FROM best),
       (SELECT coalesce(sum(n), 0)::bigint FROM met WHERE bit_count(media::bit(32)) = 1),
       (SELECT coalesce(sum(n), 0)::bigint FROM met WHERE bit_count(media::bit(32)) > 1),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(fate, n) ORDER BY n DESC, fate), '[]')
          FROM (SELECT fate, count(*) AS n FROM best WHERE fate < 5 GROUP BY 1) r),
       (SELECT jsonb_agg(jsonb_build_array(medium,
                 (SELECT coalesce(sum(n), 0) FROM message WHERE message.turn = s.turn),
                 (SELECT coalesce(sum(n), 0) FROM met WHERE met.media >> s.medium & 1 = 1),
                 (SELECT coalesce(sum(n), 0) FROM met WHERE met.turn = s.turn),
                 (SELECT count(*) FROM way WHERE way.turn = s.turn AND way.fate = 4)) ORDER BY turn)
          FROM step s),
       (SELECT jsonb_agg(jsonb_build_array(id, code, name, kana, unit, fate) ORDER BY kana, id) FROM ({unreachable}) u)
"""
_UNREACHABLE = """
SELECT r.id, r.code, r.name, r.kana, coalesce(u.name, '') AS unit, best.fate
  FROM best JOIN recipient r ON r.id = best.id LEFT JOIN unit u ON u.id = r.unit_id
 WHERE best.fate < 5 AND (r.kana, r.id) > (%s, %s) ORDER BY r.kana, r.id LIMIT %s
"""


def measure(
    organization: Organization, selection: Selection, media: Sequence[Medium], names: int = 0
) -> Reach:
    """Return how far a broadcast to a selection would reach, its media in this order.

    `names`: how many of those whom no medium reaches are told by name, at most.
    """
    question = _REACH.format(unreachable=_UNREACHABLE)
    rows = _ask(question, organization, selection, media, *_FIRST, names)
    if not rows:
        return Reach(people=0, by_one=0, by_more=0)
    people, by_one, by_more, reasons, ways, listed = rows[0]
    return Reach(
        people=people,
        by_one=by_one,
        by_more=by_more,
        reasons={Fate(fate): n for fate, n in _loaded(reasons)},
        ways={
            Medium(medium): Way(contacts=contacts, holders=holders, first=first, known_bad=bad)
            for medium, contacts, holders, first, bad in _loaded(ways)
        },
        names=[_person(row) for row in _loaded(listed)],
    )


def unreachable(
    organization: Organization,
    selection: Selection,
    media: Sequence[Medium],
    *,
    after: tuple[str, int] = _FIRST,
    most: int,
) -> list[Unreachable]:
    """Return people whom no medium reaches, as the address book sorts them.

    `after`: kana and id of the last one that was shown.
    """
    rows = _ask(_UNREACHABLE, organization, selection, media, *after, most)
    return [_person(row) for row in rows]


def _person(row: Sequence[Any]) -> Unreachable:
    identity, code, name, kana, unit, fate = row
    return Unreachable(id=identity, code=code, name=name, kana=kana, unit=unit, why=Fate(fate))


def _ask(
    question: str,
    organization: Organization,
    selection: Selection,
    media: Sequence[Medium],
    *parameters: Any,
) -> list[tuple[Any, ...]]:
    """Ask about the fates of a selection's contacts; [] where it names nobody."""
    chosen = selection.people().order_by().values("id", "household_id")
    try:
        people, named = chosen.query.sql_with_params()
    except EmptyResultSet:  # there is no SQL for nobody
        return []
    steps = [[int(medium) for medium in media], [slots(organization, medium) for medium in media]]
    with connection.cursor() as cursor:
        cursor.execute(_FATES.format(people=people) + question, [*named, *steps, *parameters])
        return list(cursor.fetchall())


def _loaded(value: str | None) -> list[list[Any]]:
    found: list[list[Any]] = json.loads(value or "[]")
    return found
