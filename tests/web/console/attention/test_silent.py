"""The list of 無音ドロップ疑い: whom it shows, to whom, page by page, as a file (NEW-2)."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Organization, Role, Unit
from denrei.deliveries.models import Silence
from denrei.directory.models import Contact
from denrei.web.console.attention.choosing import PAGE
from tests.web.console import town
from tests.web.console.conftest import browser, hire

pytestmark = pytest.mark.spec("NEW-2")

PLACE = "/console/attention/silent/"
Fall = Callable[..., Silence]


@pytest.fixture
def fall(city: Organization) -> Fall:
    """Let a contact fall silent: `fall("甲", "other@example.jp", times=3, days=90)`."""

    def fall(
        name: str, *others: str, times: int = 3, days: float = 90, unit: Unit | None = None
    ) -> Silence:
        address = f"{name.strip('=+')}@example.jp"
        person = town.person(city, name, address, *others, unit=unit)
        now = timezone.now()
        with tenancy.acting_for(city.pk):
            contact = Contact.objects.get(recipient=person, address=address)
            return Silence.objects.create(
                organization=city,
                contact=contact,
                recipient=person,
                medium=contact.medium,
                address_key=contact.address_key,
                handed_over=times,
                first_at=now - timedelta(days=days),
                last_at=now - timedelta(days=6),
                last_broadcast_id=0,
            )

    return fall


def page(client: Client, query: str = "") -> str:
    """Return the list's page."""
    response = client.get(f"{PLACE}{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def names(shown: str) -> list[str]:
    """Return the names on a page, in order."""
    return re.findall(r'<h3><a href="/console/people/\d+/">([^<]+)</a>', shown)


def file(client: Client) -> list[dict[str, str]]:
    """Return the rows of the file."""
    response = client.get(f"{PLACE}export.csv")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_without_a_suspect_the_page_says_when_there_would_be_one(viewer: Client) -> None:
    assert "3回続けて引き渡し" in page(viewer)
    assert "無音ドロップ疑い 0件" in viewer.get("/console/attention/").content.decode()


def test_the_longest_silent_come_first_with_what_to_do(
    viewer: Client, city: Organization, fall: Fall
) -> None:
    with tenancy.acting_for(city.pk):
        Organization.objects.filter(pk=city.pk).update(sender_address="bousai@city.example.jp")
    fall("乙", days=30)
    fall("甲", "other@example.jp", times=5, days=90)
    fall("丙", times=2)

    shown = page(viewer)

    assert names(shown) == ["甲", "乙"]
    for words in (
        "5回続けて引渡し、人の反応なし",
        "other@example.jp",
        "bousai@city.example.jp",
        "ほかに使える連絡先がありません",
    ):
        assert words in shown
    assert "無音ドロップ疑い 2件" in viewer.get("/console/attention/").content.decode()


def test_the_pages_show_everybody_once(viewer: Client, fall: Fall) -> None:
    for n in range(PAGE + 2):
        fall(f"甲{n:02}", days=90 - n // 2)

    first = page(viewer)
    (after,) = re.findall(r'rel="next" href="\?(after=\d+)"', first)
    second = page(viewer, f"?{after}")

    assert names(first) + names(second) == [f"甲{n:02}" for n in range(PAGE + 2)]
    assert 'rel="next"' not in second


@pytest.mark.spec("ALL-5")
def test_who_has_a_unit_sees_its_people_only(
    city: Organization, fall: Fall, first_school: Unit
) -> None:
    fall("生徒", unit=first_school)
    other = fall("本庁の人", days=200)
    teacher = browser(city, hire(city, "teacher", Role.SENDER, first_school))

    assert names(page(teacher)) == ["生徒"]
    assert names(page(teacher, f"?after={other.pk}")) == ["生徒"]
    assert [row["氏名"] for row in file(teacher)] == ["生徒"]


@pytest.mark.spec("ALL-3")
def test_the_file_is_told_in_the_trail_and_no_cell_is_a_formula(
    sender: Client, city: Organization, fall: Fall
) -> None:
    fall("=1+1", "other@example.jp", times=4)

    (row,) = file(sender)

    told = ("氏名", "連絡先の種類", "連絡先", "続けて引渡し", "ほかに使える連絡先")
    assert [row[name] for name in told] == [
        "'=1+1",
        "メール1",
        "1+1@example.jp",
        "4",
        "other@example.jp",
    ]
    with tenancy.acting_for(city.pk):
        assert AuditEntry.objects.get(action="attention.silent_exported").after == {"rows": "1"}


def test_who_may_only_look_gets_no_file(viewer: Client, fall: Fall) -> None:
    fall("甲")

    assert "export.csv" not in page(viewer)
    assert "/change/" not in page(viewer)
    assert viewer.get(f"{PLACE}export.csv").status_code == 403
