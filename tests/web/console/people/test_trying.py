"""テスト連絡 on a person's page: the button, whom it is for, and the status as it changes (EMC-8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import Organization, Role, Unit
from denrei.channels.simulator import Simulator
from denrei.deliveries.contact_tests import sending
from denrei.deliveries.models import ContactTest, Gateway, Lane
from denrei.directory.models import Contact, Recipient
from denrei.domain.states import Medium
from tests.web.console.conftest import browser, hire
from tests.web.console.people.conftest import Register, mail

pytestmark = pytest.mark.spec("EMC-8")


@pytest.fixture
def person(city: Organization, register: Register) -> Recipient:
    """Somebody with two mail addresses, in a city that can send mail."""
    with tenancy.acting_for(city.pk):
        lane = Lane.objects.create(organization=city, medium=Medium.MAIL, name="mail")
        Gateway.objects.create(
            organization=city, lane=lane, kind=Simulator.kind, name="市のサーバー", settings={}
        )
    return register("山田 花子", contacts=(mail("a@example.jp"), mail("b@example.jp", 2)))


def place(person: Recipient, slot: int = 1) -> str:
    with tenancy.acting_for(person.organization_id):
        contact = Contact.objects.get(recipient=person, slot=slot)
    return f"/console/people/{person.pk}/contacts/{contact.pk}/test/"


def pressed(city: Organization) -> list[ContactTest]:
    with tenancy.acting_for(city.pk):
        return list(ContactTest.objects.order_by("pk"))


def shown(client: Client, person: Recipient) -> str:
    return client.get(f"/console/people/{person.pk}/").content.decode()


def test_the_press_of_a_button_shows_the_status_until_it_ends(
    sender: Client, city: Organization, person: Recipient
) -> None:
    assert "メール2へテスト連絡" in shown(sender, person)

    answer = sender.post(place(person, 2))
    (test,) = pressed(city)
    before = shown(sender, person)
    sending.send(city.pk, test.pk)
    after = sender.get(f"{place(person, 2)}status/").content.decode()

    assert answer.status_code == 302
    assert f"#contact-{test.contact_id}" in answer["Location"]
    assert "b@example.jp" == test.address
    assert "送信待ち" in before
    assert 'hx-trigger="every 2s"' in before
    assert "連絡済(正常終了)" in after
    assert "本人に届いているか確認してください" in after


def test_a_page_that_knows_it_all_is_told_nothing(
    sender: Client, city: Organization, person: Recipient
) -> None:
    sender.post(place(person))
    address = f"{place(person)}status/"
    seen = sender.get(address).context["trial"].seen

    assert 204 == sender.get(address, {"seen": seen}).status_code
    (test,) = pressed(city)
    with tenancy.acting_for(city.pk):
        ContactTest.objects.update(pressed_at=timezone.now() - timedelta(minutes=6))
    lost = sender.get(address, {"seen": seen})
    assert "もう一度テストしてください" in lost.content.decode()
    assert "hx-get" not in lost.content.decode()
    assert test.pk


def test_without_a_gateway_there_is_no_button_and_the_press_says_why(
    sender: Client, city: Organization, register: Register
) -> None:
    person = register("山田 花子", contacts=(mail("a@example.jp"),))

    page = sender.post(place(person), follow=True).content.decode()

    assert "へテスト連絡" not in page
    assert "メールの送信経路がありません" in page
    assert [] == pressed(city)


def test_without_a_worker_the_operator_learns_that_it_waits(
    sender: Client, person: Recipient
) -> None:
    page = sender.post(place(person), follow=True).content.decode()

    assert "denrei worker" in page


@pytest.mark.spec("ALL-5", "OPS-4")
def test_who_may_not_change_people_or_see_them_sends_nothing(
    viewer: Client, city: Organization, first_school: Unit, person: Recipient
) -> None:
    teacher = browser(city, hire(city, "teacher", Role.SENDER, first_school))

    assert [403, 404] == [one.post(place(person)).status_code for one in (viewer, teacher)]
    assert "へテスト連絡" not in shown(viewer, person)
    assert 404 == teacher.get(f"{place(person)}status/").status_code
    assert [] == pressed(city)


def test_a_contact_that_is_not_the_person_s_is_not_found(
    sender: Client, register: Register, person: Recipient
) -> None:
    other = register("別 人", contacts=(mail("c@example.jp"),))
    wrong = place(other).replace(f"/{other.pk}/", f"/{person.pk}/", 1)

    assert 404 == sender.post(wrong).status_code


def test_get_sends_nothing(sender: Client, city: Organization, person: Recipient) -> None:
    assert 405 == sender.get(place(person)).status_code
    assert [] == pressed(city)
