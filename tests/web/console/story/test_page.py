"""The page of one person in one broadcast: what it shows, to whom, and how it moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.directory.models import ContactGroup, Recipient
from denrei.domain.failures import Reason
from denrei.domain.states import Phase, State
from tests.web.console import town
from tests.web.console.conftest import hire
from tests.web.console.story.conftest import Sent

SignIn = Callable[[Operator], Client]


@pytest.mark.spec("ALL-3")
def test_an_attempt_is_shown_with_its_status_its_evidence_and_the_raw_reply(
    sent: Sent, desk_of: Client
) -> None:
    sent.attempt(sent.deliver(State.ACCEPTED), Phase.ANSWERED)

    page = desk_of.get(sent.path).content.decode()

    for words in (
        f"{sent.person.name}さんの経過",
        "メール1",
        "連絡済(正常終了)",
        "引渡し",
        "250 2.0.0 OK queued as 4F2k9B",
        "1回目の送信です。",
        "0.42秒",
    ):
        assert words in page
    assert 'href="/console/statuses/done/"' in page


@pytest.mark.spec("ALL-2")
@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        pytest.param(
            {"kind": 1, "state": State.WAITING},
            ("送信の途中で処理が止まり", "2通届くことがあります"),
            id="silence, sent again",
        ),
        pytest.param(
            {"kind": 0, "state": State.UNKNOWN},
            ("届いたかどうか確認できません", "もう一度は送りません"),
            id="cut off, left",
        ),
    ],
)
def test_doubt_is_marked_and_explained(
    sent: Sent, desk_of: Client, attempt: dict[str, Any], words: tuple[str, ...]
) -> None:
    delivery = sent.deliver(attempt["state"], Reason.IN_DOUBT)
    sent.attempt(delivery, Phase.IN_DOUBT, reason=Reason.IN_DOUBT, **attempt)

    page = desk_of.get(sent.path).content.decode()

    for expected in ("二重送信の可能性", *words):
        assert expected in page


@pytest.mark.spec("NEW-3")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("open", "アクセスあり(未確認)"),
        ("head", "自動アクセス（数えません）"),
        ("canary", "人には見えないリンク"),
    ],
)
def test_looks_of_programs_are_told_from_those_of_perhaps_a_human(
    sent: Sent, desk_of: Client, kind: str, words: str
) -> None:
    sent.write(
        "INSERT INTO page_view (organization_id, broadcast_id, delivery_id, kind, user_agent, address)"
        " VALUES (%(organization)s, %(broadcast)s, %(delivery)s, %(kind)s, 'Scan/1', '192.0.2.4')",
        delivery=sent.deliver(State.ACCEPTED),
        kind=kind,
    )

    page = desk_of.get(sent.path).content.decode()

    assert words in page
    assert "User-Agent: Scan/1\nIP: 192.0.2.4" in page


def test_how_people_were_chosen_is_told_as_it_was_chosen(
    send: Callable[..., Sent], staffed: Organization, signed_in: SignIn
) -> None:
    with tenancy.acting_for(staffed.pk):
        group = ContactGroup.objects.create(organization=staffed, code="g9", name="水防班", order=9)
        person = Recipient.objects.order_by("pk")[0]
    sent = send(everybody=False, groups=(str(group.pk),), people=(str(person.pk),))

    page = signed_in(sent.operator).get(sent.path).content.decode()

    assert "宛先の選び方：個別に指定、連絡グループ「水防班」" in page


def test_of_a_person_who_is_erased_the_record_stays(sent: Sent, desk_of: Client) -> None:
    sent.write("DELETE FROM contact WHERE recipient_id = %(person)s")
    sent.write("DELETE FROM recipient WHERE id = %(person)s")

    page = desk_of.get(sent.path).content.decode()

    assert f"{sent.person.name}さんの経過" in page
    assert "今の名簿にはいないか" in page


@pytest.mark.spec("ALL-4")
def test_the_part_that_moves_is_sent_only_when_something_happened(
    sent: Sent, desk_of: Client
) -> None:
    version = desk_of.get(sent.path).context["story"].version
    same = desk_of.get(f"{sent.path}moving/", {"seen": version})
    sent.attempt(sent.deliver(State.ACCEPTED), Phase.ANSWERED)

    moved = desk_of.get(f"{sent.path}moving/", {"seen": version})

    part = moved.content.decode()
    assert (204, b"", 200) == (same.status_code, same.content, moved.status_code)
    assert "<html" not in part
    assert 'hx-trigger="every 3s"' in part
    assert 4 == part.count('hx-swap-oob="true"')


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_sees_the_people_of_his_unit_and_below(
    send: Callable[..., Sent],
    staffed: Organization,
    signed_in: SignIn,
    first_school: Unit,
    second_school: Unit,
) -> None:
    town.people(staffed, 2, first_school)
    sent = send(hire(staffed, "first", Role.SENDER, first_school))
    teacher = signed_in(sent.operator)
    beside = signed_in(hire(staffed, "second", Role.SENDER, second_school))
    other = sent.path.replace(f"/{sent.person.pk}/", f"/{sent.person.pk + 1}/")
    sent.write(
        "UPDATE audience SET unit_id = %(unit)s WHERE recipient_id = %(person)s + 1",
        unit=second_school.pk,
    )

    assert 200 == teacher.get(sent.path).status_code
    assert [404] * 3 == [
        client.get(path).status_code
        for client, path in ((teacher, other), (beside, sent.path), (beside, other))
    ]


def test_who_was_not_meant_has_no_story(sent: Sent, desk_of: Client) -> None:
    stranger = town.person(sent.city, "よその人", "x@example.jp")

    for person in (stranger.pk, 999999999):
        path = f"/console/broadcasts/{sent.broadcast.pk}/people/{person}/"
        assert [404] * 2 == [desk_of.get(f"{path}{part}").status_code for part in ("", "moving/")]
        assert 404 == desk_of.post(f"{path}answer/", {}).status_code
        assert 404 == desk_of.post(f"{path}help/take/").status_code


def test_the_page_asks_as_much_for_a_long_story_as_for_a_short_one(
    sent: Sent, desk_of: Client
) -> None:
    desk_of.get(sent.path)
    with CaptureQueriesContext(connection) as short:
        desk_of.get(sent.path)
    delivery = sent.deliver(State.ACCEPTED)
    for generation in range(30):
        sent.attempt(delivery, Phase.ANSWERED, generation=generation)

    with CaptureQueriesContext(connection) as long:
        desk_of.get(sent.path)

    assert len(short) == len(long)
