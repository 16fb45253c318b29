"""From a draft to an order: looked up in the lists of now, bounded to what its operator may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.broadcasts import drafts, presets
from denrei.broadcasts.content import Phrase, Sender
from denrei.broadcasts.models import AnswerChoice, IncidentType, Priority, SentBy, Situation
from denrei.broadcasts.typed import Moment, Typed, Way
from denrei.deliveries import ordering
from denrei.deliveries.launch import Order, Step
from denrei.deliveries.models import Lane
from denrei.directory.models import Recipient
from denrei.domain.states import Medium

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 0, 5, tzinfo=UTC)


@pytest.fixture
def city() -> Iterator[Organization]:
    """Act for a furnished organization with lanes for mail and phone, and two people."""
    created = organizations.create("city", "伝令市", sender_name="伝令市", sender_address="c@x.jp")
    presets.furnish(created)
    with tenancy.acting_for(created.pk):
        for medium in (Medium.MAIL, Medium.PHONE):
            Lane.objects.create(organization=created, medium=medium, name="lane")
        school = units.add(created, "S1", "第一小学校")
        Recipient.objects.create(organization=created, name="市民")
        Recipient.objects.create(organization=created, name="保護者", unit=school)
        yield created


def operator(city: Organization, unit: Unit | None = None) -> Operator:
    """Return a sender of a unit."""
    return Operator.objects.create(
        organization=city, login=f"op{unit}", name="発信者", role=Role.SENDER, unit=unit
    )


def form(**changes: object) -> Typed:
    """Return a form without a fault, to everybody."""
    incident = IncidentType.objects.get(name="地震発生")
    situation = Situation.objects.filter(incident_type=incident)[0]
    typed = Typed(
        incident=str(incident.pk),
        occurred=Moment(day="2026-09-01", hour="9", minute="00"),
        situation=str(situation.pk),
        choices=tuple(str(choice.pk) for choice in AnswerChoice.objects.all()[:2]),
        sender="防災課",
        everybody=True,
    )
    return replace(typed, **changes)


def ordered(city: Organization, typed: Typed, by: Operator | None = None) -> ordering.Ordered:
    """Read a form as an operator would launch it at NOW."""
    return ordering.read(typed, city, by or operator(city), NOW)


@pytest.mark.spec("MSG-2", "OPS-6", "OPS-7")
def test_a_draft_becomes_an_order(city: Organization) -> None:
    sender = operator(city)
    draft = drafts.create(city, sender, form())

    found = ordering.order(draft, sender, NOW)

    assert () == found.complaints
    order = found.order
    assert isinstance(order, Order)
    assert (draft.key, Priority.EMERGENCY, NOW + timedelta(days=1)) == (
        order.key,
        order.priority,
        order.give_up_at,
    )
    content = order.content
    assert Phrase(ja="地震発生", en="Earthquake") == content.incident
    assert "震度5弱以上を観測" == content.situation.ja
    assert datetime(2026, 9, 1, 0, 0, tzinfo=UTC) == content.occurred_at
    assert ["1", "2"] == [choice.code for choice in content.choices]
    assert Sender(name="伝令市", address="c@x.jp") == content.sender


@pytest.mark.spec("OPS-6")
def test_the_sender_is_that_of_the_operator_s_unit(city: Organization) -> None:
    school = Unit.objects.get()
    school.sender_name = "第一小学校"
    school.save()

    found = ordered(city, form(), operator(city, school))

    assert Sender(name="第一小学校", address="c@x.jp") == found.order.content.sender


@pytest.mark.spec("ALL-5")
def test_an_operator_with_a_unit_reaches_nobody_outside_it(city: Organization) -> None:
    school = Unit.objects.get()
    citizen = Recipient.objects.get(name="市民")
    teacher = operator(city, school)

    everybody = ordered(city, form(), teacher)
    named = ordered(city, form(everybody=False, people=(str(citizen.pk),)), teacher)

    assert ["保護者"] == [person.name for person in everybody.order.selection.people()]
    assert [] == list(named.order.selection.people())
    assert ["audience"] == [complaint.field for complaint in named.complaints]
    assert everybody.order.digest() != ordered(city, form()).order.digest()


@pytest.mark.spec("ALL-5")
def test_where_the_unit_is_gone_nobody_is_reached(city: Organization) -> None:
    found = replace(ordered(city, form()).order.selection, within=10**9)

    assert [] == list(found.people())


@pytest.mark.spec("ALL-8")
def test_a_drill_never_goes_before_an_emergency(city: Organization) -> None:
    assert Priority.ROUTINE == ordered(city, form(drill=True)).order.priority


@pytest.mark.spec("EMC-3")
def test_each_medium_waits_for_the_one_before(city: Organization) -> None:
    ways = (Way(medium="phone", wait="99"), Way(medium="mail", wait="１０"))

    found = ordered(city, form(ways=ways))

    assert () == found.complaints
    assert (Step(medium=Medium.PHONE), Step(medium=Medium.MAIL, after_seconds=600)) == (
        found.order.steps
    )


@pytest.mark.spec("EMC-3")
@pytest.mark.parametrize(
    ("ways", "told"),
    [
        ((), "連絡手段を1つ以上選んでください。"),
        (
            (Way(medium="sms"),),
            "SMSは、送信経路が設定されていないため使えません。外すか、システムの担当者に設定を依頼してください。",
        ),
        (
            (Way(medium="mail"), Way(medium="phone", wait="")),
            "電話までの間隔を、0～10080分の数字で入力してください。",
        ),
        (
            (Way(medium="mail"), Way(medium="phone", wait="0" * 6000)),
            "電話までの間隔を、0～10080分の数字で入力してください。",
        ),
    ],
)
def test_media_that_can_t_be_used_are_complained_of(
    city: Organization, ways: tuple[Way, ...], told: str
) -> None:
    found = ordered(city, form(ways=ways))

    assert [("ways", told)] == [(one.field, one.words) for one in found.complaints]


def test_of_another_incident_type_nothing_is_said(city: Organization) -> None:
    other = Situation.objects.exclude(incident_type__name="地震発生")[0]

    found = ordered(city, form(situation=str(other.pk)))

    assert Phrase() == found.order.content.situation
    assert ["situation"] == [complaint.field for complaint in found.complaints]


def moment(hours: int) -> Moment:
    """Return a time so many hours from NOW."""
    at = NOW + timedelta(hours=hours)
    return Moment(day=at.date().isoformat(), hour=str(at.hour + 9), minute="05")


@pytest.mark.parametrize(
    ("start", "deadline", "fields"),
    [
        (1, 2, []),
        (1, None, []),
        (1, 1, []),
        (0, None, ["start"]),
        (2, 1, ["deadline"]),
        (None, None, ["start"]),
    ],
)
def test_a_schedule_lies_ahead_and_its_deadline_after_it(
    city: Organization, start: int | None, deadline: int | None, fields: list[str]
) -> None:
    typed = form(
        scheduled=True,
        start=moment(start) if start is not None else Moment(),
        deadline=moment(deadline) if deadline is not None else Moment(),
    )

    found = ordered(city, typed)

    assert fields == [complaint.field for complaint in found.complaints]
    assert (NOW + timedelta(hours=start) if start is not None else None) == found.start_at


def test_a_reservation_at_the_end_of_the_calendar_is_no_time(city: Organization) -> None:
    end = Moment(day="9999-12-31", hour="23", minute="59")

    found = ordered(city, form(scheduled=True, start=end))

    assert ["start"] == [complaint.field for complaint in found.complaints]


def test_without_a_schedule_its_fields_mean_nothing(city: Organization) -> None:
    found = ordered(city, form(start=moment(1), deadline=Moment(day="x")))

    assert ((), None, None) == (found.complaints, found.start_at, found.deadline)


@pytest.mark.spec("OPS-4")
@pytest.mark.parametrize(
    ("sent_by", "of_unit", "role", "works_at", "may"),
    [
        pytest.param(SentBy.SENDERS, "", Role.SENDER, "S1", True, id="senders of any unit"),
        pytest.param(SentBy.ADMINS, "", Role.SENDER, "", False, id="no sender where admins"),
        pytest.param(SentBy.ADMINS, "", Role.ADMIN, "S1", True, id="admins of any unit"),
        pytest.param(SentBy.WHOLE, "", Role.SENDER, "", True, id="senders of the whole"),
        pytest.param(SentBy.WHOLE, "", Role.ADMIN, "S1", False, id="no admin of a unit"),
        pytest.param(SentBy.SENDERS, "S1", Role.SENDER, "S1", True, id="the unit itself"),
        pytest.param(SentBy.SENDERS, "S1", Role.SENDER, "S11", True, id="a unit below"),
        pytest.param(SentBy.SENDERS, "S1", Role.SENDER, "S2", False, id="no unit beside"),
        pytest.param(SentBy.SENDERS, "S11", Role.SENDER, "S1", False, id="no unit above"),
        pytest.param(SentBy.SENDERS, "S1", Role.SENDER, "", True, id="the whole, always"),
    ],
)
def test_who_may_send_an_incident_type(
    city: Organization, sent_by: SentBy, of_unit: str, role: Role, works_at: str, may: bool
) -> None:
    first = Unit.objects.get(code="S1")
    units.add(city, "S11", "第一小学校 分校", first)
    units.add(city, "S2", "第二小学校")
    by_code = {"": None} | {unit.code: unit for unit in Unit.objects.all()}
    IncidentType.objects.filter(name="地震発生").update(sent_by=sent_by, unit=by_code[of_unit])
    asker = Operator.objects.create(
        organization=city, login="asker", name="発信者", role=role, unit=by_code[works_at]
    )

    found = ordering.read(form(), city, asker, NOW)

    assert may == ("incident" not in {complaint.field for complaint in found.complaints})
    assert may == IncidentType.objects.sent_by(asker).filter(name="地震発生").exists()


@pytest.mark.spec("OPS-1")
@pytest.mark.parametrize(
    ("changes", "minutes", "fields"),
    [
        pytest.param({"remind": False, "remind_every": "x"}, (), [], id="none asked for"),
        pytest.param({}, (30, 60), [], id="as offered"),
        pytest.param(
            {"remind_every": "5", "remind_times": "3"}, (5, 10, 15), [], id="the shortest"
        ),
        pytest.param({"remind_every": "4"}, (), ["remind"], id="too short"),
        pytest.param({"remind_every": "1441"}, (), ["remind"], id="too long"),
        pytest.param({"remind_times": "11"}, (), ["remind"], id="too often"),
        pytest.param({"remind_times": ""}, (), ["remind"], id="no number"),
        pytest.param({"ask": False, "confirm": False}, (), ["remind"], id="nothing is asked"),
    ],
)
def test_who_does_not_answer_is_asked_again_at_set_times(
    city: Organization, changes: dict[str, Any], minutes: tuple[int, ...], fields: list[str]
) -> None:
    found = ordered(city, form(**({"remind": True} | changes)))

    assert (minutes, fields) == (
        found.order.reminders,
        [complaint.field for complaint in found.complaints],
    )
