"""受信した連絡: what came in, whom it is about, and what a human does about it (MSG-7)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Organization, Role, Unit
from denrei.domain.bounces import Kind
from denrei.domain.failures import Reason
from denrei.outcomes.models import FoundBy, Mailbox
from tests.web.console import town
from tests.web.console.conftest import browser, hire
from tests.web.console.received.conftest import Came, mailbox

pytestmark = pytest.mark.spec("MSG-7")


def page(client: Client, path: str = "") -> str:
    """Return a page below the list's address."""
    response = client.get(f"/console/received/{path}")
    assert response.status_code == 200
    return str(response.content.decode())


def subjects(client: Client, query: str = "") -> list[str]:
    """Return the subjects in the list, in order."""
    return re.findall(r'<a href="/console/received/\d+/">([^<]+)</a>', page(client, query))


def test_the_newest_come_first_and_thirty_are_a_page(viewer: Client, came: Came) -> None:
    mails = [came(subject=f"件名{number}") for number in range(31)]

    assert subjects(viewer) == [f"件名{number}" for number in range(30, 0, -1)]
    assert f"before={mails[1].pk}" in page(viewer)
    assert subjects(viewer, f"?before={mails[1].pk}") == ["件名0"]


def test_the_list_is_narrowed_by_kind_by_person_and_by_what_waits(
    viewer: Client, city: Organization, came: Came
) -> None:
    person = town.person(city, "見本 三郎", "saburo@example.jp")
    came(Kind.FAILED, subject="不達")
    came(subject="返信", recipient_id=person.pk)
    came(subject="済", waits=False, handled_at=timezone.now())

    assert subjects(viewer, "?kind=failed") == ["不達"]
    assert subjects(viewer, f"?person={person.pk}") == ["返信"]
    assert subjects(viewer, "?which=waits") == ["返信"]
    assert subjects(viewer, "?which=handled") == ["済"]
    assert subjects(viewer, "?kind=nonsense&which=x&person=x&before=x") == ["済", "返信", "不達"]


@pytest.mark.spec("ALL-5")
def test_a_unit_sees_the_mails_about_its_people_alone(
    city: Organization, first_school: Unit, second_school: Unit, came: Came
) -> None:
    ours = town.person(city, "自校", "a@example.jp", unit=first_school)
    theirs = town.person(city, "他校", "b@example.jp", unit=second_school)
    mails = [came(subject="自", recipient_id=ours.pk), came(subject="他", recipient_id=theirs.pk)]
    came(subject="不明")
    client = browser(city, hire(city, "school", Role.SENDER, first_school))

    assert subjects(client) == ["自"]
    assert client.get(f"/console/received/{mails[1].pk}/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": Kind.FAILED, "found_by": FoundBy.TOKEN}, "結果に反映しました"),
        ({"kind": Kind.FAILED, "found_by": FoundBy.TOKEN, "reported": "x@y.example"}, "転送"),
        (
            {"kind": Kind.FAILED, "found_by": FoundBy.MESSAGE, "reported": "x@y.example"},
            "署名がなく",
        ),
        ({"kind": Kind.FAILED, "found_by": FoundBy.ADDRESS}, "宛先のアドレスだけから"),
        ({"kind": Kind.FAILED, "delivery_id": None}, "特定できません"),
        ({"kind": Kind.DELAYED, "found_by": FoundBy.TOKEN}, "配送を続けています"),
        ({"kind": Kind.AUTOMATIC, "found_by": FoundBy.TOKEN}, "自動応答です"),
        ({"kind": Kind.FEEDBACK, "found_by": FoundBy.TOKEN}, "迷惑メールとして報告"),
        ({"kind": Kind.OTHER}, "回答として記録してください"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.spec("EMC-6")
def test_a_mail_says_what_was_done_with_it(
    viewer: Client, came: Came, changes: dict[str, object], words: str
) -> None:
    mail = came(**({"delivery_id": 1, "reason": Reason.UNKNOWN_USER} | changes))

    assert words in page(viewer, f"{mail.pk}/")


def test_the_text_of_a_mail_does_nothing(sender: Client, viewer: Client, came: Came) -> None:
    raw = b"Subject: x\r\n\r\n<script>alert(1)</script> \xe2\x80\xaeevil \x1b[2J http://a.example/"
    mail = came(raw=raw, size=999_999)

    shown = page(sender, f"{mail.pk}/?text=1")

    assert "&lt;script&gt;alert(1)" in shown
    assert "▯evil ▯[2J http://a.example/" in shown
    assert 'href="http://a.example' not in shown
    assert "はじめの部分だけ" in shown
    assert "alert(1)" not in page(sender, f"{mail.pk}/")
    assert "alert(1)" not in page(viewer, f"{mail.pk}/?text=1")


@pytest.mark.spec("ALL-3")
def test_an_operator_says_that_a_mail_was_judged_and_takes_it_back(
    sender: Client, viewer: Client, city: Organization, came: Came
) -> None:
    mail = came()
    path = f"/console/received/{mail.pk}/"

    refused = viewer.post(path, {"act": "done"}).status_code
    sender.post(path, {"act": "done", "note": "電話で確認"})
    done = (subjects(sender, "?which=waits"), page(sender, f"{mail.pk}/"))
    sender.post(path, {"act": "reopen"})

    assert refused == 403
    assert done[0] == []
    assert "電話で確認" in done[1]
    assert "senderさんが対応済みにしました" in done[1]
    assert len(subjects(sender, "?which=waits")) == 1
    with tenancy.acting_for(city.pk):
        acts = AuditEntry.objects.filter(action__startswith="mail.").order_by("pk")
        assert [act.action for act in acts] == ["mail.handled", "mail.reopened"]


def test_the_menu_counts_what_a_human_must_judge(viewer: Client, came: Came) -> None:
    came()
    came(Kind.FAILED)

    assert re.search(r'href="/console/received/"[^>]*>[^<]*受信\s*<[^>]*>1<', page(viewer))


def test_the_button_has_mailboxes_asked_at_once(
    sender: Client, viewer: Client, city: Organization
) -> None:
    mailbox(city)
    before = page(sender)

    refused = viewer.post("/console/received/fetch/").status_code
    answer = sender.post("/console/received/fetch/")
    busy = sender.get("/console/received/?part=boxes")
    with tenancy.acting_for(city.pk):
        due = Mailbox.objects.due().count()
        Mailbox.objects.update(next_at=timezone.now() + timedelta(minutes=1))
    done = sender.get("/console/received/?part=boxes")

    assert (refused, answer.status_code, due) == (403, 302, 1)
    assert "最後の受信" in before
    assert "受信しています" in busy.content.decode()
    assert "HX-Refresh" not in busy.headers
    assert done.headers["HX-Refresh"] == "true"


def test_a_mailbox_that_can_not_be_asked_says_why(viewer: Client, city: Organization) -> None:
    mailbox(city, trouble="サインインに失敗しました：NO", trouble_since=timezone.now())

    assert "サインインに失敗しました：NO" in page(viewer)
