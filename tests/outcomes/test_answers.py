"""Replies by mail are answers where they can't be misread, and a human's where they can (MSG-7, MSG-8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import Operator
from denrei.deliveries import links
from denrei.directory.models import Contact, Household
from denrei.domain.states import Medium
from denrei.outcomes import answers
from denrei.outcomes.models import FoundBy, ReceivedMail
from denrei.responses import answering, pages
from denrei.responses.answering import AnswerError, Reply
from denrei.responses.models import Response
from tests.deliveries.world import World
from tests.outcomes.room import arrive, mail, original, path, received, sent

pytestmark = pytest.mark.usefixtures("committed")
OURS = "bousai@city.example"


def reply(
    text: str,
    *,
    to: str = "",
    author: str = "p0@example.jp",
    subject: str = "Re: 地震発生",
    more: str = "",
) -> bytes:
    """Return what a person's program sends back; `to` is the Message-ID that it names."""
    quoted = f"In-Reply-To: {to}\r\n" if to else ""
    head = (
        f"From: {author}\r\nTo: {OURS}\r\nSubject: {subject}\r\n{quoted}{more}MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return (head + text.replace("\n", "\r\n") + "\r\n").encode()


def told(
    world: World, raw: bytes, to: str = OURS, *, envelope_from: str = "x@y.example"
) -> ReceivedMail:
    """Let a mail arrive; return it as it was read."""
    arrive(mail(raw, to, world.organization.id, envelope_from=envelope_from))
    return received(world)[-1]


def at(minutes: int) -> str:
    """Return the head's line of a mail that was written so many minutes ago."""
    return f"Date: {format_datetime(datetime.now(UTC) - timedelta(minutes=minutes))}\r\n"


def given(world: World) -> list[tuple[str, str, int | None]]:
    """Return choice, comment and delivery of every answer."""
    with tenancy.acting_for(world.organization.id):
        found = Response.objects.order_by("id")
        return [(one.choice, one.comment, one.delivery_id) for one in found]


@pytest.mark.parametrize("text", ["1", "１", "無事です。", "1：無事です\n\n> 3：支援が必要です"])
@pytest.mark.spec("MSG-7", "MSG-8")
def test_a_reply_that_names_a_choice_is_the_answer(world: World, text: str) -> None:
    (delivery,) = sent(world)

    one = told(world, reply(text, to=original(world, delivery)))

    assert given(world) == [("1", "", delivery)]
    assert (one.choice, one.waits, one.found_by) == ("1", False, FoundBy.MESSAGE)
    assert one.response_id is not None


@pytest.mark.spec("MSG-8")
def test_another_address_of_the_person_s_will_do(world: World) -> None:
    (delivery,) = sent(world)
    with tenancy.acting_for(world.organization.id):
        Contact.objects.create(
            organization=world.organization,
            recipient_id=Contact.objects.get().recipient_id,
            medium=Medium.MAIL,
            slot=2,
            address="Private@Else.example",
            address_key="private@else.example",
        )

    told(world, reply("3", to=original(world, delivery), author="private@else.example"))

    assert given(world) == [("3", "", delivery)]


@pytest.mark.spec("MSG-8")
def test_somebody_else_s_answer_is_not_the_person_s(world: World) -> None:
    first, _ = sent(world, 2)
    named = original(world, first)
    theirs = f"<reply@p0.example>\r\nReferences: {named} <reply@p0.example>"

    stranger = told(world, reply("1", to=named, author="secretary@else.example"))
    to_all = told(world, reply("3", to=theirs, author="p1@example.jp"))

    assert given(world) == []
    assert (stranger.choice, stranger.waits, to_all.choice, to_all.waits) == ("1", True, "3", True)


@pytest.mark.spec("MSG-8")
def test_the_address_of_the_page_in_the_quotation_proves_it_too(world: World) -> None:
    (delivery,) = sent(world)
    page = links.answer_url(world.organization.id, delivery)

    one = told(world, reply(f"1\n\n> 次のページを開き\n> {page}\n"))

    assert (given(world), one.found_by) == ([("1", "", delivery)], FoundBy.PAGE)


@pytest.mark.spec("MSG-8")
def test_a_mail_to_the_return_path_proves_it_too(world: World) -> None:
    (delivery,) = sent(world)

    told(world, reply("1"), path(world, delivery))

    assert given(world) == [("1", "", delivery)]


@pytest.mark.parametrize(
    "named", ["{broadcast}.{delivery}", "{broadcast}.{delivery}.0forged00000000"]
)
@pytest.mark.spec("MSG-8")
def test_a_guessed_message_id_and_an_address_answer_for_nobody(world: World, named: str) -> None:
    (delivery,) = sent(world)
    ((broadcast,),) = world.ask("SELECT broadcast_id FROM delivery")
    guessed = named.format(broadcast=broadcast, delivery=delivery)

    one = told(world, reply("1", to=f"<{guessed}@city.example>"))

    assert given(world) == []
    assert (one.choice, one.waits, one.delivery_id) == ("1", True, delivery)


@pytest.mark.spec("MSG-7")
def test_an_address_alone_finds_the_person_and_asks_a_human(world: World) -> None:
    (delivery,) = sent(world)

    one = told(world, reply("1"))

    assert (given(world), one.found_by, one.delivery_id) == ([], FoundBy.ADDRESS, delivery)
    assert (one.choice, one.waits) == ("1", True)


@pytest.mark.spec("MSG-7")
def test_what_is_no_choice_is_shown_to_a_human(world: World) -> None:
    (delivery,) = sent(world)

    one = told(world, reply("無事ではありません", to=original(world, delivery)))

    assert (given(world), one.choice, one.waits) == ([], "", True)


@pytest.mark.spec("MSG-7", "MSG-8")
def test_what_is_said_besides_is_kept_and_shown_to_a_human(world: World) -> None:
    (delivery,) = sent(world)

    one = told(world, reply("1\n母がけがをしています", to=original(world, delivery)))

    assert given(world) == [("1", "母がけがをしています", delivery)]
    assert one.waits


@pytest.mark.spec("MSG-8")
def test_who_shares_an_address_is_asked_for_by_a_human(world: World) -> None:
    with tenancy.acting_for(world.organization.id):
        household = Household.objects.create(organization=world.organization, code="h1")
    world.people(2, household=household, address="family@example.jp")
    (delivery,) = sent(world, 0)

    one = told(world, reply("1", to=original(world, delivery), author="family@example.jp"))

    assert (given(world), one.choice, one.waits) == ([], "1", True)


@pytest.mark.spec("MSG-8")
def test_an_automatic_answer_is_recorded_only(world: World) -> None:
    (delivery,) = sent(world)
    raw = reply("1", to=original(world, delivery), more="Auto-Submitted: auto-replied\r\n")

    one = told(world, raw)

    assert (given(world), one.waits) == ([], False)


@pytest.mark.parametrize(
    "more",
    [
        "Return-Path: <>\r\n",
        "Precedence: bulk\r\n",
        "List-Id: <staff.city.example>\r\n",
        "X-Autoresponse: yes\r\n",
    ],
)
@pytest.mark.spec("MSG-8")
def test_a_program_answers_for_nobody(world: World, more: str) -> None:
    (delivery,) = sent(world)

    one = told(world, reply("1", to=original(world, delivery), more=more))

    assert (given(world), one.choice, one.waits) == ([], "1", True)


@pytest.mark.spec("MSG-8")
def test_a_mail_without_a_sender_on_its_envelope_answers_for_nobody(world: World) -> None:
    (delivery,) = sent(world)

    one = told(world, reply("1", to=original(world, delivery)), envelope_from="")

    assert (given(world), one.waits) == ([], True)


@pytest.mark.spec("MSG-8")
def test_the_same_reply_answers_once_and_the_latest_counts(world: World) -> None:
    (delivery,) = sent(world)
    first = reply("1", to=original(world, delivery))

    arrive(
        mail(first, OURS, world.organization.id, envelope_from="a@b.example"),
        mail(first, "x@y.example", world.organization.id, envelope_from="a@b.example"),
    )
    told(world, reply("3", to=original(world, delivery)))

    assert [choice for choice, _, _ in given(world)] == ["1", "3"]


@pytest.mark.spec("MSG-8")
def test_several_answers_of_one_person_in_one_batch_count_as_they_were_written(
    world: World,
) -> None:
    (delivery,) = sent(world)
    named = original(world, delivery)

    told_of = [(3, "1"), (1, "１"), (2, "3")]
    raws = [reply(text, to=named, more=at(minutes)) for minutes, text in told_of]

    arrive(*(mail(raw, OURS, world.organization.id, envelope_from="a@b.example") for raw in raws))

    assert [choice for choice, _, _ in given(world)] == ["1", "3", "1"]


@pytest.mark.spec("MSG-8")
def test_a_later_mail_counts_however_long_both_were_on_their_way(world: World) -> None:
    (delivery,) = sent(world)
    named = original(world, delivery)

    told(world, reply("1", to=named, more=at(30)))
    told(world, reply("3", to=named, more=at(5)))
    late = told(world, reply("1", to=named, more=at(6)))

    assert [choice for choice, _, _ in given(world)] == ["1", "3"]
    assert late.waits


@pytest.mark.spec("MSG-8")
def test_a_clock_that_is_ahead_does_not_outlast_what_is_written_later(world: World) -> None:
    (delivery,) = sent(world)
    named = original(world, delivery)

    told(world, reply("1", to=named, more=at(-500_000)))
    told(world, reply("3", to=named, more=at(0)))

    assert [choice for choice, _, _ in given(world)] == ["1", "3"]


@pytest.mark.spec("MSG-8")
def test_who_writes_without_end_is_left_to_a_human(world: World) -> None:
    (delivery,) = sent(world)
    named = original(world, delivery)
    raws = [reply(str(1 + n % 2 * 2), to=named, more=f"X-N: {n}\r\n") for n in range(12)]

    arrive(*(mail(raw, OURS, world.organization.id, envelope_from="a@b.example") for raw in raws))

    assert len(given(world)) == 5
    assert sum(one.waits for one in received(world)) == 7


@pytest.mark.spec("MSG-8")
def test_a_mail_that_was_long_on_its_way_does_not_replace_a_newer_answer(world: World) -> None:
    (delivery,) = sent(world)
    with pages.opened(links.answer_token(world.organization.id, delivery)) as page:
        assert page is not None
        answering.answer(page, Reply(recipient_id=page.people[0].recipient_id, choice="3"))

    one = told(world, reply("1", to=original(world, delivery), more=at(20)))

    assert [choice for choice, _, _ in given(world)] == ["3"]
    assert (one.choice, one.waits) == ("1", True)


@pytest.mark.spec("ALL-5")
def test_a_reply_answers_for_nobody_of_another_organization(world: World) -> None:
    other = World.create()
    (theirs,) = sent(other)

    told(world, reply("1", to=original(other, theirs)))

    assert (given(world), given(other)) == ([], [])


def clerk(world: World) -> Operator:
    with tenancy.acting_for(world.organization.id):
        return Operator.objects.create(
            organization=world.organization, login="clerk", name="事務 一郎"
        )


@pytest.mark.spec("MSG-7")
def test_a_human_keeps_what_he_read_as_the_answer(world: World) -> None:
    (delivery,) = sent(world)
    one = told(world, reply("母と一緒に避難しています。無事です"))
    operator = clerk(world)

    with tenancy.acting_for(world.organization.id):
        when = answers.accept(operator, one.pk, one.recipient_id or 0, "1")
        again = answers.accept(operator, one.pk, one.recipient_id or 0, "1")

    assert (when is not None, again) == (True, None)
    assert given(world) == [("1", "", delivery)]
    (after,) = received(world)
    assert (after.waits, after.handled_by_id) == (False, operator.pk)
    with tenancy.acting_for(world.organization.id):
        assert Response.objects.get(pk=after.response_id).actor_id == operator.pk


def test_a_human_can_t_keep_what_was_not_offered(world: World) -> None:
    sent(world)
    one = told(world, reply("9"))

    with tenancy.acting_for(world.organization.id), pytest.raises(AnswerError):
        answers.accept(clerk(world), one.pk, one.recipient_id or 0, "9")

    assert given(world) == []
    assert received(world)[0].waits
