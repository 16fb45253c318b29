"""The page of one broadcast: what moves, and the list of its people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denrei.accounts import tenancy, units
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.directory.models import ContactGroup, GroupMember, Recipient
from denrei.domain.states import Grade, Look
from denrei.domain.status import Status
from denrei.responses.models import HelpCall
from denrei.web.console.board import listing
from denrei.web.console.broadcasts import picture
from tests.web.console import town
from tests.web.console.board.conftest import Town, sent
from tests.web.console.conftest import hire

SignIn = Callable[[Operator], Client]


def names(client: Client, address: str) -> list[str]:
    return [row.person.name for row in client.get(address).context["people"].rows]


@pytest.mark.spec("NEW-1", "ALL-4")
def test_the_page_of_one_shows_both_equations_and_keeps_itself_up_to_date(
    staffed: Organization, operator: Operator, viewer: Client
) -> None:
    broadcast = sent(staffed, operator)

    page = viewer.get(f"/console/broadcasts/{broadcast.pk}/").content.decode()
    part = viewer.get(f"/console/broadcasts/{broadcast.pk}/standing/").content.decode()

    for words in ("対象（人）", "全配信（件）", "未到達", "期限切れ・不明"):
        assert words in page
        assert words in part
    assert 'hx-trigger="every 5s"' in part
    assert "<html" not in part
    assert "停止する" not in page  # a viewer


def test_each_part_that_moves_has_its_place_on_the_page(asked: Town, sender: Client) -> None:
    def parts(address: str) -> list[str]:
        content = sender.get(address).content.decode()
        return sorted(
            piece.split('id="')[1].split('"')[0]
            for piece in content.split("<")
            if " data-part" in piece
        )

    assert parts(f"{asked.address}standing/") == parts(asked.address)
    assert parts(f"{asked.address}wall/standing/") == parts(f"{asked.address}wall/")


@pytest.mark.spec("ALL-4", "NEW-2")
def test_people_are_listed_unreached_first_with_counts_from_the_counters(
    asked: Town, viewer: Client
) -> None:
    silent, handed, looked, answered, hurt = asked.people()
    asked.reached(handed, Grade.HANDED_OVER)
    asked.reached(looked, Grade.HANDED_OVER, Look.MAYBE)
    asked.answers(answered, asked.well)
    asked.answers(hurt, asked.help)

    people = viewer.get(asked.address).context["people"]

    assert [silent.pk, handed.pk, looked.pk, answered.pk, hurt.pk] == [
        row.person.id for row in people.rows
    ]
    assert {
        "": 5, "unknown": 1, "handed": 2, "device": 0, "answered": 2, "help": 1, "looked": 1,
        "no-contact": 0,
    } == {tab.state: tab.count for tab in people.tabs}  # fmt: skip
    for state, expected in {
        "unknown": [silent],
        "handed": [handed, looked],
        "answered": [answered, hurt],
        "help": [hurt],
        "looked": [looked],
        "device": [],
        "no-contact": [],
        "nonsense": [silent, handed, looked, answered, hurt],
    }.items():
        found = viewer.get(asked.address, {"state": state}).context["people"].rows
        assert [person.pk for person in expected] == [row.person.id for row in found], state


@pytest.mark.spec("NEW-4")
def test_an_answer_stands_with_its_time_its_source_and_what_changed(
    asked: Town, sender: Client
) -> None:
    person = asked.people()[0]
    asked.answers(person, asked.well)
    asked.answers(person, asked.help, "visit")

    response = sender.get(asked.address, {"state": "help"})
    row = response.context["people"].rows[0]

    assert ("訪問", True) == (row.answer.source, row.answer.needs_help)
    assert {"無事から変更", "担当なし"} == {str(remark.words) for remark in row.remarks}
    assert "is-bad" == row.look
    assert "支援が必要で、担当のいない方が1人います" in response.content.decode()


@pytest.mark.spec("NEW-4")
def test_an_operator_takes_care_by_one_press_and_others_see_who(
    asked: Town, operator: Operator, signed_in: SignIn
) -> None:
    asked.answers(asked.people()[0], asked.help)
    client = signed_in(operator)
    with tenancy.acting_for(asked.city.pk):
        call = HelpCall.objects.get()
    take, back = f"{asked.address}people/{call.recipient_id}/help/take/", {"back": "board"}

    taken = client.post(take, back, follow=True).content.decode()
    again = client.post(take, back, follow=True).content.decode()

    assert "担当になりました" in taken
    assert "担当のいない方" not in taken
    assert f"担当 {operator.name}" in taken
    assert "ほかの操作者が先に変更しました" in again


@pytest.mark.spec("ALL-4")
def test_the_list_goes_on_page_by_page_with_the_same_questions(
    staffed: Organization, operator: Operator, viewer: Client
) -> None:
    town.people(staffed, listing.PAGE)  # and the two of the city
    broadcast = sent(staffed, operator)
    address = f"/console/broadcasts/{broadcast.pk}/"

    first = viewer.get(address).context["people"]
    with CaptureQueriesContext(connection) as few:
        second = viewer.get(f"{address}?{first.next}").context["people"]
    with CaptureQueriesContext(connection) as many:
        viewer.get(address)

    assert (listing.PAGE, 2, "") == (len(first.rows), len(second.rows), second.next)
    assert (listing.PAGE + 1, listing.PAGE + 2) == (second.first, second.last)
    assert len(few) == len(many)


def test_nonsense_in_the_address_shows_the_list(asked: Town, viewer: Client) -> None:
    for query in (
        "after=9.1", "after=x", "after=0.x", "after=0.99999999999999999999", "unit=x", "unit=0",
        "group=-1", "answer=none", "skip=x", "q=%00", "q=" + "x" * 300,
    ):  # fmt: skip
        assert 200 == viewer.get(f"{asked.address}?{query}").status_code, query


@pytest.mark.spec("ALL-4")
def test_the_list_is_narrowed_by_unit_group_answer_and_name(
    asked: Town, viewer: Client, first_school: Unit
) -> None:
    below = units.add(asked.city, "S1-1", "1年", first_school)
    teacher = town.person(
        asked.city, "山田 花子", "t@example.jp", unit=below, search="山田花子 yamada"
    )
    with tenancy.acting_for(asked.city.pk):
        group = ContactGroup.objects.create(organization=asked.city, code="g", name="班")
        GroupMember.objects.create(organization=asked.city, group=group, recipient=teacher)
    later = Town(asked.city, asked.operator)
    later.answers(teacher, later.well)

    assert ["山田 花子"] == names(viewer, f"{later.address}?unit={first_school.pk}")
    assert ["山田 花子"] == names(viewer, f"{later.address}?group={group.pk}")
    assert ["山田 花子"] == names(viewer, f"{later.address}?q=yamada")
    assert ["山田 花子"] == names(viewer, f"{later.address}?answer={later.well}")
    assert [] == names(viewer, f"{later.address}?answer={later.well}&state=unknown")
    narrowed = viewer.get(f"{later.address}?q=yamada").context["people"]
    assert (None, 6) == (narrowed.count, narrowed.tabs[0].count)


def test_a_name_that_is_markup_is_shown_as_text(asked: Town, viewer: Client) -> None:
    town.person(asked.city, "<b>太字</b>", "x@example.jp")
    later = Town(asked.city, asked.operator)

    assert "&lt;b&gt;太字" in viewer.get(later.address).content.decode()


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_sees_what_it_and_those_below_sent(
    staffed: Organization,
    operator: Operator,
    signed_in: SignIn,
    first_school: Unit,
    second_school: Unit,
) -> None:
    town.people(staffed, 1, first_school)
    teacher = hire(staffed, "first", Role.SENDER, first_school)
    of_the_city, of_the_school = sent(staffed, operator), sent(staffed, teacher)
    beside = signed_in(hire(staffed, "second", Role.SENDER, second_school))
    of_it = signed_in(teacher)

    assert 200 == of_it.get(f"/console/broadcasts/{of_the_school.pk}/").status_code
    assert ["伝令 0"] == names(of_it, f"/console/broadcasts/{of_the_school.pk}/")
    parts = ("", "standing/", "events/", "wall/", "wall/standing/", "people.csv", "stop/")
    for hidden in (of_the_city, of_the_school):
        for part in parts:
            assert 404 == beside.get(f"/console/broadcasts/{hidden.pk}/{part}").status_code
        for part in ("stop/", "help/1/"):
            assert 404 == beside.post(f"/console/broadcasts/{hidden.pk}/{part}").status_code


def test_one_that_is_not_there_is_not_found(viewer: Client) -> None:
    assert 404 == viewer.get("/console/broadcasts/999999999/").status_code


@pytest.mark.spec("ALL-5")
def test_what_the_city_sent_does_not_move_to_a_school_with_its_operator(
    staffed: Organization, operator: Operator, first_school: Unit, signed_in: SignIn
) -> None:
    broadcast = sent(staffed, operator)
    with tenancy.acting_for(staffed.pk):
        operator.unit = first_school
        operator.save()
    school = signed_in(operator)

    assert 404 == school.get(f"/console/broadcasts/{broadcast.pk}/").status_code
    assert 404 == school.post(f"/console/broadcasts/{broadcast.pk}/stop/").status_code


@pytest.mark.spec("ALL-5")
def test_whom_somebody_else_s_unit_has_now_is_not_found_by_a_text(
    staffed: Organization, signed_in: SignIn, first_school: Unit, second_school: Unit
) -> None:
    pupil = town.person(staffed, "転校 する子", "p@example.jp", unit=first_school, search="転校 p@")
    teacher = hire(staffed, "first", Role.SENDER, first_school)
    broadcast = sent(staffed, teacher)
    with tenancy.acting_for(staffed.pk):
        Recipient.objects.filter(pk=pupil.pk).update(unit=second_school)
    client, address = signed_in(teacher), f"/console/broadcasts/{broadcast.pk}/"

    assert ["転校 する子"] == names(client, address)
    assert [] == names(client, f"{address}?q=p@")


@pytest.mark.spec("SCH-5")
def test_where_nothing_is_asked_a_confirmation_counts(
    staffed: Organization, operator: Operator, viewer: Client
) -> None:
    broadcast = sent(staffed, operator)

    scene = viewer.get(f"/console/broadcasts/{broadcast.pk}/").context["scene"]

    assert [("受信確認", 0), ("未確認", 2)] == [(str(bar.words), bar.people) for bar in scene.bars]


def test_every_status_has_a_look() -> None:
    assert set(Status) == set(picture.LOOKS)
