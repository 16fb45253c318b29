"""What answers do to deliveries once the janitor has folded them."""

from __future__ import annotations

import asyncio
import os

import pytest

from denrei.deliveries import fold
from denrei.deliveries.connection import LedgerConnection
from denrei.domain.states import Evidence, Grade, State
from denrei.responses import answering, pages
from denrei.responses.answering import Reply
from tests.responses.sent import Sent, send

pytestmark = pytest.mark.usefixtures("committed")


def answer(sent: Sent, place: int) -> None:
    """Answer for one person, and let the janitor fold it."""

    async def folded() -> None:
        async with LedgerConnection(os.environ["DATABASE_URL"]) as ledger:
            await fold.fold(ledger, sent.organization.pk)

    with pages.opened(sent.token()) as page:
        assert page is not None
        answering.answer(page, Reply(recipient_id=sent.people[place], choice="1"))
    asyncio.run(folded())


def stands(sent: Sent) -> list[tuple[State, Evidence]]:
    """Return where each delivery stands."""
    rows = sent.ask("SELECT state, evidence FROM delivery ORDER BY id")
    return [(State(state), Evidence(evidence)) for state, evidence in rows]


@pytest.mark.spec("NEW-2")
def test_an_answer_raises_the_evidence_of_its_delivery_and_not_its_state() -> None:
    sent = send("山田 花子", "鈴木 一郎")

    answer(sent, 0)

    assert stands(sent) == [
        (State.ACCEPTED, Evidence.ANSWERED),
        (State.ACCEPTED, Evidence.HANDED_OVER),
    ]


@pytest.mark.spec("NEW-5")
def test_an_answer_at_a_shared_address_is_not_the_answer_of_the_others() -> None:
    sent = send("山田 花子", "山田 太郎", shared=True)

    answer(sent, 1)
    alone = sent.grades()
    answer(sent, 0)

    assert alone == [Grade.READ, Grade.ANSWERED]
    assert sent.grades() == [Grade.ANSWERED, Grade.ANSWERED]
    assert stands(sent) == [(State.ACCEPTED, Evidence.ANSWERED)]


@pytest.mark.spec("NEW-1")
def test_people_are_still_accounted_for() -> None:
    sent = send("山田 花子", "山田 太郎", "山田 次郎", shared=True)

    answer(sent, 2)
    answer(sent, 2)

    counted = sent.ask("SELECT grade, sum(n)::int FROM people_tally GROUP BY 1 ORDER BY 1")
    assert [(grade, n) for grade, n in counted if n] == [(Grade.READ, 2), (Grade.ANSWERED, 1)]
