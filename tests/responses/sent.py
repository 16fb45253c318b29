"""A broadcast that has been sent, written without workers: people, deliveries, addresses of pages."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.audience.models import AudienceMember
from denrei.audience.selection import Selection
from denrei.broadcasts.content import Choice, Content, Phrase
from denrei.deliveries import links
from denrei.deliveries.launch import Order, launch
from denrei.deliveries.models import Lane
from denrei.directory.models import Household, Recipient
from denrei.domain import tokens
from denrei.domain.states import Evidence, Grade, Look, Medium, State
from denrei.responses import answering, pages
from denrei.responses.answering import Reply
from denrei.responses.keeping import Answered
from denrei.responses.models import Response

_numbers = itertools.count(1)
SAFE = Choice(code="1", words=Phrase(ja="無事です", en="I am safe"))
AWAY = Choice(code="2", words=Phrase(ja="外出しています", en="I am away"))
HELP = Choice(code="3", words=Phrase(ja="支援が必要です", en="I need help"), needs_help=True)


def content(**changes: Any) -> Content:
    """Return what an ordinary broadcast says."""
    given: dict[str, Any] = {
        "organization": "伝令市",
        "incident": Phrase(ja="地震発生", en="Earthquake"),
        "occurred_at": datetime(2026, 11, 21, 7, 13, tzinfo=UTC),
        "time_zone": "Asia/Tokyo",
        "place": "伝令市全域",
        "situation": Phrase(ja="震度5弱以上を観測", en="Intensity 5-lower or more was observed"),
        "situation_note": "市内で停電が発生しています。津波の心配はありません。",
        "instruction": Phrase(ja="安否を回答してください", en="Please report whether you are safe"),
        "instruction_note": "参集できる方は、所属へ向かってください。",
        "signed": "防災危機管理課",
        "choices": (SAFE, AWAY, HELP),
    }
    return Content(**(given | changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One broadcast; people and deliveries in the same order."""

    organization: Organization
    broadcast_id: int
    people: tuple[int, ...]
    #: One for each person, or a single one where they share an address.
    deliveries: tuple[int, ...]

    def token(self, place: int = 0) -> str:
        """Return the token of a delivery's page."""
        return tokens.seal(
            links.keyring(),
            tokens.Purpose.ANSWER,
            self.organization.pk,
            self.deliveries[place],
        )

    def path(self, place: int = 0) -> str:
        """Return the path of a delivery's page."""
        return f"/r/{self.token(place)}"

    def ask(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask the database as this organization."""
        with tenancy.acting_for(self.organization.pk), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def operator(self, login: str = "clerk") -> Operator:
        """Return an operator of this organization, hired where there is none of the name."""
        with tenancy.acting_for(self.organization.pk):
            return Operator.objects.get_or_create(
                organization=self.organization, login=login, defaults={"name": "事務 一郎"}
            )[0]

    def reply(
        self, choice: str | None = "1", place: int = 0, *, page: int = 0, **changes: Any
    ) -> Answered:
        """Answer for one person on the page of a delivery."""
        with pages.opened(self.token(page)) as opened:
            assert opened is not None
            given = Reply(recipient_id=self.people[place], choice=choice, **changes)
            return answering.answer(opened, given)

    def answers(self, place: int = 0) -> list[Response]:
        """Return all answers of one person, the first first."""
        with tenancy.acting_for(self.organization.pk):
            return list(Response.objects.of(self.broadcast_id, self.people[place]))

    def halted(self) -> list[int]:
        """Return the people to whom nothing more is sent."""
        return [row[0] for row in self.ask("SELECT recipient_id FROM halt ORDER BY 1")]

    def tally(self) -> dict[tuple[int, int, str, bool], int]:
        """Return (grade, look, choice, needs help) → people, from the counters."""
        rows = self.ask(
            "SELECT grade, looked, choice, needs_help, sum(n)::int FROM people_tally"
            " WHERE broadcast_id = %s GROUP BY 1, 2, 3, 4",
            self.broadcast_id,
        )
        return {tuple(key): n for *key, n in rows if n}  # type: ignore[misc]  # four columns

    def looks(self) -> list[int]:
        """Return who looked at each person's page."""
        with tenancy.acting_for(self.organization.pk):
            found = AudienceMember.objects.of(self.broadcast_id).order_by("recipient_id")
            return [Look(member.looked) for member in found]

    def grades(self) -> list[int]:
        """Return where each person stands."""
        with tenancy.acting_for(self.organization.pk):
            found = AudienceMember.objects.of(self.broadcast_id).order_by("recipient_id")
            return [Grade(member.grade) for member in found]


def send(
    *names: str,
    shared: bool = False,
    language: str = "ja",
    give_up_at: datetime | None = None,
    **changes: Any,
) -> Sent:
    """Send a broadcast to people of a new organization; `changes` are the content's."""
    number = next(_numbers)
    organization = organizations.create(f"sent-{number}", "伝令市")
    with tenancy.acting_for(organization.pk):
        people = _people(organization, names or ("山田 花子",), language, shared=shared)
        lane = Lane.objects.create(organization=organization, medium=Medium.MAIL, name="mail")
        order = Order(
            key=f"draft-{number}",
            content=content(**changes),
            selection=Selection(everybody=True),
            give_up_at=give_up_at or datetime.now(UTC) + timedelta(days=1),
        )
        broadcast_id = launch(organization, order).broadcast_id
        reached = people[:1] if shared else people
        deliveries = [_deliver(broadcast_id, person, lane, shared=shared) for person in reached]
        for person in people[1:] if shared else ():
            _cover(broadcast_id, deliveries[0], person)
    return Sent(
        organization=organization,
        broadcast_id=broadcast_id,
        people=tuple(person.pk for person in people),
        deliveries=tuple(deliveries),
    )


def _people(
    organization: Organization, names: Sequence[str], language: str, *, shared: bool
) -> list[Recipient]:
    household = None
    if shared:
        household = Household.objects.create(organization=organization, code="1")
    return [
        Recipient.objects.create(
            organization=organization, name=name, language=language, household=household
        )
        for name in names
    ]


def _deliver(broadcast_id: int, person: Recipient, lane: Lane, *, shared: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery (organization_id, broadcast_id, recipient_id, contact_id, lane, wave,"
            " medium, turn, state, evidence, fold_rank, shared, language, address)"
            " VALUES (%s, %s, %s, 0, %s, 1, %s, 1, %s, %s, 10, %s, %s, %s) RETURNING id",
            [
                person.organization_id,
                broadcast_id,
                person.pk,
                lane.pk,
                Medium.MAIL,
                State.ACCEPTED,
                Evidence.HANDED_OVER,
                shared,
                person.language,
                "hanako@example.jp",
            ],
        )
        return int(cursor.fetchone()[0])


def _cover(broadcast_id: int, delivery_id: int, person: Recipient) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cover (organization_id, broadcast_id, delivery_id, recipient_id, contact_id)"
            " VALUES (%s, %s, %s, %s, 0)",
            [person.organization_id, broadcast_id, delivery_id, person.pk],
        )
