"""Answers and looks of one person at the same time, committed by connections of their own."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from denrei.accounts import tenancy
from denrei.audience.models import AudienceMember
from denrei.deliveries.recount import recount
from denrei.responses import looking, noting, pages
from denrei.responses.answering import Reply
from denrei.responses.looking import Visit
from denrei.responses.models import HelpCall, Kind, Response, Source
from tests.responses.sent import Sent, send

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("NEW-1", "NEW-4")]

ROUNDS = 12


def at_once(*acts: Callable[[int], object]) -> None:
    """Run acts at the same time, each with its rounds and each on a connection of its own."""
    start = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[int], object]) -> None:
        with connection.cursor() as cursor:  # as processes count in shards, some in the same
            cursor.execute("SELECT set_config('denrei.shard', %s, false)", [str(place % 2)])
        start.wait()
        for turn in range(ROUNDS):
            act(turn)
        connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, itertools.count(), acts))


def look(sent: Sent, kind: Kind) -> None:
    with pages.opened(sent.token()) as page:
        assert page is not None
        looking.note(page, Visit(kind=kind, user_agent="x", address="203.0.113.7"))


def note(sent: Sent, choice: str, place: int) -> None:
    reply = Reply(recipient_id=sent.people[place], choice=choice, source=Source.VISIT)
    noting.note(sent.organization, sent.broadcast_id, reply, sent.operator())


def test_of_answers_at_the_same_time_the_one_with_the_highest_number_counts() -> None:
    sent = send("山田 花子", "山田 太郎", shared=True)
    sent.operator()
    choices = ("1", "3", "2")

    at_once(
        lambda turn: sent.reply(choices[turn % 3], 0),
        lambda turn: sent.reply(choices[(turn + 1) % 3], 0),
        lambda turn: sent.reply(choices[(turn + 2) % 3], 1),
        lambda turn: note(sent, choices[turn % 3], 1),
        lambda turn: look(sent, (Kind.HEAD, Kind.OPEN)[turn % 2]),
        lambda _: look(sent, Kind.CANARY),
    )

    with tenancy.acting_for(sent.organization.pk):
        latest = list(Response.objects.latest_of(sent.broadcast_id))
        people = AudienceMember.objects.of(sent.broadcast_id).order_by("recipient_id")
        counting = [(person.choice, person.needs_help) for person in people]
        calls = HelpCall.objects.of(sent.broadcast_id).open()
        helped = {call.recipient_id: call.response_id for call in calls}
    assert [(kept.choice, kept.needs_help) for kept in latest] == counting
    assert {kept.recipient_id: kept.pk for kept in latest if kept.needs_help} == helped
    sent.ask("UPDATE run SET planned = 1")  # written by hand, and not by a slice
    assert recount(sent.organization.pk, sent.broadcast_id) == []


def test_each_answer_worsens_what_was_the_answer_before_it_and_nothing_else() -> None:
    sent = send()

    at_once(lambda _: sent.reply("1"), lambda _: sent.reply("3"), lambda _: sent.reply("3"))

    kept = sent.answers()
    pairs = itertools.pairwise([False, *[one.needs_help for one in kept]])
    expected = [after and not before for before, after in pairs]
    expected[0] = False
    assert [one.worsened for one in kept] == expected
    assert Counter(one.needs_help for one in kept) == {False: ROUNDS, True: 2 * ROUNDS}
