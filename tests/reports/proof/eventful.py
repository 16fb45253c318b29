"""A broadcast in which everything happened that a ledger can hold, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from denrei.accounts import tenancy
from denrei.deliveries import cancel, seal
from denrei.directory.models import Household, Recipient
from denrei.domain.proof.verifying import Report, verify
from denrei.domain.states import Medium
from denrei.reports.proof import exporting
from denrei.responses import answering, pages
from denrei.responses.answering import Reply
from denrei.responses.models import Kind, PageView
from tests.deliveries.world import World, wait_for, workers

HOME = "home@example.jp"
RULES = {
    "p1@": ["UNKNOWN_USER"],
    "p2@": ["TEMPORARY", "accept"],
    "p3@": ["IN_DOUBT", "IN_DOUBT", "IN_DOUBT", "IN_DOUBT"],
    "p4@": ["MAILBOX_FULL"],
    "p5@": ["POLICY"],
}


_UNSEALED = """
SELECT count(*) FROM (SELECT xid FROM attempt UNION ALL SELECT xid FROM event) leaf
 WHERE xid >= coalesce((SELECT xid FROM seal_horizon), 0)
"""


def seal_all(world: World) -> None:
    """Seal until nothing is left: an open transaction of any database beside holds it back."""

    def sealed() -> bool:
        seal.seal(world.organization.pk)
        return world.ask(_UNSEALED) == [(0,)]

    wait_for(sealed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eventful:
    """The world, its broadcast and who takes part in it."""

    world: World
    broadcast: int
    people: Sequence[Recipient]
    #: Who share one address.
    family: Sequence[Recipient]

    def file(self, person: int | None = None, *, patient: bool = True) -> list[bytes]:
        """Return the lines of a file, sealed right before; `patient`: all that has committed."""
        organization = self.world.organization.pk
        if patient:
            seal_all(self.world)
        else:
            seal.seal(organization)
        pieces = exporting.export(organization, self.broadcast, "山田 太郎", person)
        return b"".join(pieces).splitlines(keepends=True)

    def deliveries(self, person: int) -> list[int]:
        """Return the deliveries that reach a person."""
        rows = self.world.ask(
            "SELECT id FROM delivery WHERE broadcast_id = %s AND (recipient_id = %s OR id IN"
            " (SELECT delivery_id FROM cover WHERE recipient_id = %s)) ORDER BY id",
            self.broadcast,
            person,
            person,
        )
        return [row[0] for row in rows]

    def answer(self, person: int, choice: str = "1", comment: str = "") -> None:
        """Let a person look at the page and answer."""
        organization = self.world.organization.pk
        with tenancy.acting_for(organization):
            page = pages.load(organization, self.deliveries(person)[0])
            assert page is not None
            PageView.objects.create(
                organization_id=organization,
                broadcast_id=self.broadcast,
                delivery_id=page.delivery_id,
                kind=Kind.OPEN,
                user_agent="Mozilla/5.0",
            )
            answering.answer(page, Reply(recipient_id=person, choice=choice, comment=comment))

    def settle(self) -> None:
        """Wait until everything told is folded and nothing is on the wire."""
        wait_for(lambda: not self.world.ask("SELECT FROM event_open"))
        wait_for(lambda: not self.world.ask("SELECT FROM chunk WHERE state < 2"))


def eventful(world: World) -> Eventful:
    """Send, retry, refuse, doubt, bounce, answer, stop."""
    world.lane(rules=RULES)
    people = world.people(9)
    with tenancy.acting_for(world.organization.pk):
        home = Household.objects.create(organization=world.organization, code="1")
        Recipient.objects.create(organization=world.organization, name="連絡先なし")
    family = world.people(3, address=HOME, household=home)
    calls(world)
    world.suppress("p6@example.jp")
    broadcast = world.launch().broadcast_id
    told = Eventful(world=world, broadcast=broadcast, people=people, family=family)
    with workers():
        _happen(told)
    return told


def simple(world: World, count: int, *, send: bool = True) -> Eventful:
    """Launch to some people with a mail each; `send`: until the end."""
    world.lane()
    people = world.people(count)
    broadcast = world.launch().broadcast_id
    told = Eventful(world=world, broadcast=broadcast, people=people, family=())
    if send:
        with workers():
            world.finished(broadcast)
            told.settle()
    return told


def calls(world: World) -> None:
    """Somebody with two numbers, called in turn; the first is engaged and stays so."""
    world.lane(
        Medium.PHONE, sequential=True, rounds=1, turn_gap_seconds=0, rules={"09012340001": ["BUSY"]}
    )
    world.people(1, Medium.PHONE, "0901234000{1}", slots=2)


def _happen(told: Eventful) -> None:
    world, broadcast = told.world, told.broadcast
    wait_for(lambda: world.look(broadcast).deliveries.handed_over >= 4)
    told.settle()
    seal_all(world)
    world.hurry(broadcast)
    told.settle()
    told.answer(told.people[0].pk, "1", "無事です。\n自宅にいます | 避難所ではない")
    told.answer(told.people[0].pk, "3")
    told.answer(told.people[4].pk)  # while a retry waits
    told.answer(told.family[1].pk)
    world.bounces(broadcast, "p7@example.jp")
    told.settle()
    cancel.stop(world.organization.pk, broadcast)
    world.finished(broadcast)
    told.settle()


def proven(lines: Sequence[bytes], **given: str) -> Report:
    """Return what a file proves."""
    return verify(iter(lines), **given)
