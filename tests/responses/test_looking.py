"""Looks at answer pages: programs are told from what may be a human, and none of it counts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from denrei.accounts import tenancy
from denrei.domain.states import Grade, Look
from denrei.responses import answering, looking, pages
from denrei.responses.answering import Reply
from denrei.responses.looking import CROWD_PAGES, CROWD_SECONDS, LOOKS, Visit
from denrei.responses.models import Kind, PageView
from tests.responses.sent import Sent, send

pytestmark = [pytest.mark.django_db, pytest.mark.spec("NEW-3")]

PHONE = Visit(kind=Kind.OPEN, user_agent="Mozilla/5.0 (iPhone)", address="203.0.113.7")
SCANNER = Visit(kind=Kind.OPEN, user_agent="Mozilla/5.0 (Scanner)", address="198.51.100.9")
TRAP = Visit(kind=Kind.CANARY, user_agent=SCANNER.user_agent, address=SCANNER.address)


def look(sent: Sent, visit: Visit = PHONE, place: int = 0) -> Look:
    """Look at the page of a delivery."""
    with pages.opened(sent.token(place)) as page:
        assert page is not None
        return looking.note(page, visit)


def kept(sent: Sent, place: int = 0) -> list[PageView]:
    """Return the looks at the page of a delivery."""
    with tenancy.acting_for(sent.organization.pk):
        return list(PageView.objects.of(sent.broadcast_id, sent.deliveries[place]))


def hand_over(sent: Sent, ago: str) -> None:
    """Let the first delivery have been handed over a while ago."""
    sent.ask(
        "INSERT INTO attempt (organization_id, broadcast_id, delivery_id, generation, kind, state,"
        " reason, phase, at) VALUES (%s, %s, %s, 1, 0, 1, 0, 2, now() - %s::interval)",
        sent.organization.pk,
        sent.broadcast_id,
        sent.deliveries[0],
        ago,
    )


@pytest.mark.parametrize(
    ("handed_over", "kind", "expected"),
    [
        pytest.param("1 hour", Kind.OPEN, Kind.OPEN, id="later"),
        pytest.param("1 second", Kind.OPEN, Kind.EARLY, id="at once"),
        pytest.param("1 second", Kind.PREFETCH, Kind.PREFETCH, id="at once and says so"),
        pytest.param("1 second", Kind.HEAD, Kind.HEAD, id="at once by HEAD"),
        pytest.param("1 hour", Kind.CANARY, Kind.CANARY, id="the unseen link"),
    ],
)
def test_a_look_is_kept_by_its_kind_and_confirms_nothing(
    handed_over: str, kind: Kind, expected: Kind
) -> None:
    sent = send()
    hand_over(sent, handed_over)
    visit = Visit(kind=kind, user_agent="Mozilla/5.0\0" + "x" * 500, address="2001:db8::7")

    taken_for = look(sent, visit)

    (one,) = kept(sent)
    assert (one.kind, one.user_agent, one.address) == (
        expected,
        ("Mozilla/5.0" + "x" * 500)[:200],
        "2001:db8::7",
    )
    assert (taken_for, sent.looks()) == (LOOKS[expected], [LOOKS[expected]])
    assert (sent.halted(), sent.grades()) == ([], [Grade.UNREACHED])


def test_every_kind_is_taken_for_somebody() -> None:
    assert set(Kind) == LOOKS.keys()


@pytest.mark.spec("SCH-5", "ALL-4")
def test_looks_are_counted_apart_and_the_better_one_stays() -> None:
    sent = send("山田 花子", "鈴木 一郎", "佐藤 次郎")

    look(sent, Visit(kind=Kind.HEAD), 0)
    look(sent, PHONE, 1)
    look(sent, Visit(kind=Kind.PREFETCH), 1)

    assert sent.looks() == [Look.PROGRAM, Look.MAYBE, Look.NOBODY]
    assert sent.tally() == {
        (Grade.UNREACHED, Look.PROGRAM, "", False): 1,
        (Grade.UNREACHED, Look.MAYBE, "", False): 1,
        (Grade.UNREACHED, Look.NOBODY, "", False): 1,
    }


@pytest.mark.spec("NEW-5")
def test_a_look_at_a_shared_page_is_a_look_of_all_who_share_it() -> None:
    sent = send("山田 花子", "山田 太郎", shared=True)

    look(sent)

    assert sent.looks() == [Look.MAYBE, Look.MAYBE]


def test_an_answer_keeps_who_looked_and_a_look_keeps_the_answer() -> None:
    sent = send()
    look(sent)
    with pages.opened(sent.token()) as page:
        assert page is not None
        answering.answer(page, Reply(recipient_id=sent.people[0], choice="3"))

    look(sent, TRAP)

    assert sent.tally() == {(Grade.ANSWERED, Look.MAYBE, "3", True): 1}


def crowd(visit: Visit, size: int = CROWD_PAGES, same: bool = False) -> tuple[Sent, Look]:
    """Let one address open many pages; return for whom it is taken at the next."""
    sent = send(*[f"伝令 {n}" for n in range(size + 1)])
    for place in range(size):
        look(sent, visit, 0 if same else place)
    return sent, look(sent, visit, size)


def test_who_opens_many_pages_within_seconds_is_a_program() -> None:
    sent, taken_for = crowd(SCANNER)

    assert taken_for is Look.PROGRAM
    assert [view.kind for view in kept(sent, CROWD_PAGES)] == [Kind.CROWD]


@pytest.mark.parametrize(
    ("visit", "given"),
    [
        pytest.param(SCANNER, {"size": CROWD_PAGES - 1}, id="fewer"),
        pytest.param(SCANNER, {"same": True}, id="one page again and again"),
        pytest.param(Visit(kind=Kind.OPEN, address="192.168.0.9"), {}, id="a network with us"),
        pytest.param(Visit(kind=Kind.OPEN, address="::1"), {}, id="our own proxy"),
        pytest.param(Visit(kind=Kind.OPEN), {}, id="nobody knows from where"),
    ],
)
def test_others_are_no_crowd(visit: Visit, given: dict[str, Any]) -> None:
    assert crowd(visit, **given)[1] is Look.MAYBE


def test_phones_of_many_kinds_behind_one_address_of_a_carrier_are_no_crowd() -> None:
    sent = send(*[f"伝令 {n}" for n in range(CROWD_PAGES * 2)])

    for place in range(CROWD_PAGES * 2):
        agent = f"Mozilla/5.0 (phone {place % 3})"
        look(sent, Visit(kind=Kind.OPEN, user_agent=agent, address="203.0.113.7"), place)

    assert {*sent.looks()} == {Look.MAYBE}


def test_pages_of_others_count_together_as_far_as_they_are_one_organizations() -> None:
    first, second = send(*[f"伝令 {n}" for n in range(CROWD_PAGES)]), send()
    for place in range(CROWD_PAGES):
        look(first, SCANNER, place)

    assert look(second, SCANNER) is Look.MAYBE


@pytest.mark.parametrize("order", [("open", "trap"), ("trap", "open")])
def test_what_follows_the_unseen_link_was_a_program_before_and_after(order: list[str]) -> None:
    sent = send()

    for name in order:
        look(sent, {"open": SCANNER, "trap": TRAP}[name])

    assert sent.looks() == [Look.PROGRAM]
    assert {seen for _, seen in looking.judged(kept(sent))} == {Look.PROGRAM}


@pytest.mark.parametrize(
    "human",
    [
        pytest.param(PHONE, id="of somebody else"),
        pytest.param(
            Visit(kind=Kind.OPEN, user_agent="Firefox", address=SCANNER.address), id="of one office"
        ),
    ],
)
def test_the_look_of_a_human_stays_when_a_program_follows_the_unseen_link(human: Visit) -> None:
    sent = send()

    for visit in (human, SCANNER, TRAP):
        look(sent, visit)

    assert sent.looks() == [Look.MAYBE]
    assert [seen for _, seen in looking.judged(kept(sent))] == [
        Look.MAYBE,
        Look.PROGRAM,
        Look.PROGRAM,
    ]


def test_a_look_of_another_hour_stays_when_the_unseen_link_is_followed() -> None:
    sent = send()
    look(sent, SCANNER)
    sent.ask("SET LOCAL ROLE NONE")
    sent.ask("UPDATE page_view SET at = at - interval '1 hour'")
    sent.ask("SET LOCAL ROLE denrei_app")

    look(sent, TRAP)

    assert sent.looks() == [Look.MAYBE]


@pytest.mark.spec("OPS-8")
@pytest.mark.parametrize(
    ("days", "expected"),
    [pytest.param(31, Look.MAYBE, id="deleted"), pytest.param(29, Look.PROGRAM, id="not yet")],
)
def test_a_look_that_may_have_been_deleted_stays_when_the_unseen_link_is_followed(
    days: int, expected: Look
) -> None:
    sent = send()
    for visit in (PHONE, SCANNER):
        look(sent, visit)
    sent.ask("SET LOCAL ROLE NONE")
    sent.ask("DELETE FROM page_view WHERE user_agent = %s", PHONE.user_agent)
    sent.ask("UPDATE broadcast SET launched_at = now() - make_interval(days => %s)", days)
    sent.ask("SET LOCAL ROLE denrei_app")

    look(sent, TRAP)

    assert sent.looks() == [expected]


def test_a_look_by_another_delivery_stays_when_the_unseen_link_is_followed() -> None:
    sent = send("山田 花子", "山田 太郎")
    sent.ask(
        "INSERT INTO cover (organization_id, broadcast_id, delivery_id, recipient_id, contact_id)"
        " VALUES (%s, %s, %s, %s, 0)",
        sent.organization.pk,
        sent.broadcast_id,
        sent.deliveries[1],
        sent.people[0],
    )
    for place in (0, 1):
        look(sent, SCANNER, place)

    look(sent, TRAP, 0)

    assert sent.looks() == [Look.MAYBE, Look.MAYBE]


def test_seconds_of_a_crowd_pass() -> None:
    sent = send(*[f"伝令 {n}" for n in range(CROWD_PAGES + 1)])
    for place in range(CROWD_PAGES):
        look(sent, SCANNER, place)
    sent.ask("SET LOCAL ROLE NONE")
    sent.ask("UPDATE page_view SET at = at - %s * interval '1 second'", CROWD_SECONDS + 1)
    sent.ask("SET LOCAL ROLE denrei_app")

    assert look(sent, SCANNER, CROWD_PAGES) is Look.MAYBE


def test_a_crowd_that_comes_at_once_is_one_and_who_comes_beside_it_is_not() -> None:
    sent = send(*(f"伝令 {n}" for n in range(CROWD_PAGES + 5)))
    found = pages_of(sent)

    with tenancy.acting_for(sent.organization.pk):
        looks = looking.note_all([*((page, SCANNER) for page in found), (found[0], PHONE)])

    assert Counter(looks) == {Look.MAYBE: CROWD_PAGES + 1, Look.PROGRAM: 5}
    assert Counter(sent.looks()) == {Look.MAYBE: CROWD_PAGES, Look.PROGRAM: 5}


def pages_of(sent: Sent) -> list[pages.Page]:
    """Return the page of each delivery."""
    with tenancy.acting_for(sent.organization.pk):
        found = pages.load_all(sent.organization.pk, sent.deliveries)
    return [found[delivery] for delivery in sent.deliveries]
