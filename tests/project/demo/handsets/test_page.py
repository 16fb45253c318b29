"""The page 仮想端末 shows what the mail servers say, and beside it what the console says."""

from __future__ import annotations

import html
import re
from http import HTTPStatus

import pytest
from django.test import Client

from denrei.accounts import tenancy, units
from denrei.accounts.models import Role
from denrei.directory.models import Contact
from denrei.domain.states import State
from denrei.project.demo.worldlog import WorldLog
from tests.project.demo.handsets.conftest import ADDRESS, PAGE, Stage
from tests.responses.sent import send
from tests.web.console.conftest import browser, hire


def shown(client: Client, path: str = PAGE) -> str:
    """Return the text of a page on one line."""
    response = client.get(path)
    assert HTTPStatus.OK == response.status_code
    bare = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())


def of(stage: Stage) -> str:
    return f"{PAGE}?person={stage.sent.people[0]}"


@pytest.mark.spec("ALL-8")
def test_a_phone_shows_the_mail_as_it_came(stage: Stage) -> None:
    stage.take()

    page = shown(stage.hire())

    for words in (
        "訓練環境 ここで送信しても、実際の宛先には届きません。",
        "山田 花子",
        "連絡済(正常終了)",
        "地震発生の件名",
        "伝令市 <bousai@denrei.example>",
        "電気が止まっています",
        f"宛先 {ADDRESS}",
        "回答ページを開く",
        "無事です",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("code", "phase", "words"),
    [
        pytest.param(550, "rcpt", "受信拒否：この宛先はない", id="unknown"),
        pytest.param(550, "data", "受信拒否：本文を受け取った後で", id="filtered"),
        pytest.param(451, "rcpt", "いったん断りました", id="delayed"),
    ],
)
def test_a_refused_mail_is_not_there_and_the_servers_reply_is(
    stage: Stage, code: int, phase: str, words: str
) -> None:
    stage.refuse(code, "5.1.1 <{address}>: no", phase)

    page = shown(stage.hire(), of(stage))

    assert "この端末には届いていません" in page
    assert words in page
    assert f"{code} 5.1.1 <{ADDRESS}>: no" in page
    # the ledger of this test says otherwise: the phone does not believe it
    assert "連絡済(正常終了)" in page
    assert "無事です" not in page


def test_a_mail_that_was_put_off_and_came_tells_both(stage: Stage) -> None:
    stage.refuse(451, "4.7.1 later")
    stage.take()

    page = shown(stage.hire())

    assert "に一度断られ、後から届きました。 451 4.7.1 later" in page
    assert "電気が止まっています" in page


def test_a_mail_that_is_filed_away_is_shown_to_nobody(stage: Stage) -> None:
    stage.take(hidden=True)

    page = shown(stage.hire(), of(stage))

    assert "迷惑メールとして扱い" in page
    assert "電気が止まっています" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        pytest.param(State.WAITING, "まだメールサーバーに来ていません。", id="it may come"),
        pytest.param(State.SUPPRESSED, "、メールサーバーに来ていません。", id="it was not sent"),
    ],
)
def test_a_mail_that_never_came_to_a_server_is_not_there(
    stage: Stage, state: State, words: str
) -> None:
    stage.sent.ask("UPDATE delivery SET state = %s", state)

    page = shown(stage.hire(), of(stage))

    assert (state is State.WAITING) is ("まだ届いていません" in page)
    assert words in page


def test_before_anything_came_the_bench_is_empty(stage: Stage) -> None:
    assert "まだ、どの端末にも届いていません" in shown(stage.hire())


def test_what_happened_is_listed_the_newest_first(stage: Stage) -> None:
    stage.refuse(451, "4.7.1 later")
    stage.take()

    page = shown(stage.hire(), f"{PAGE}events/")

    assert page.index("メールが届いた： 地震発生の件名") < page.index(
        "いったん断った 451 4.7.1 later"
    )


def test_a_phone_is_found_by_a_part_of_the_name(stage: Stage) -> None:
    client = stage.hire()

    assert "表示する ：山田 花子" in shown(client, f"{PAGE}?q=山田")
    assert "見つかりません" in shown(client, f"{PAGE}?q=鈴木")
    assert "山田 花子 表示中" in shown(client, f"{of(stage)}&q=山田")


def test_the_bench_is_sent_again_only_when_it_changed(stage: Stage) -> None:
    client = stage.hire()
    address = re.search(r'hx-get="([^"]*/phones/[^"]*)"', client.get(of(stage)).content.decode())
    assert address is not None

    before = client.get(html.unescape(address[1]))
    stage.take()
    after = client.get(html.unescape(address[1]))

    assert (HTTPStatus.NO_CONTENT, HTTPStatus.OK) == (before.status_code, after.status_code)
    assert "電気が止まっています" in after.content.decode()


@pytest.mark.spec("ALL-5")
def test_who_has_a_unit_sees_no_phones_of_others(stage: Stage) -> None:
    stage.take()
    with WorldLog(stage.files.answers) as log:
        log.note(
            "answered", at=1.0, url="x", person=str(stage.sent.people[0]), choice="1", purpose=""
        )
    school = units.add(stage.sent.organization, "S1", "第一小学校")

    client = stage.hire(Role.ADMIN, school)

    for path in (PAGE, of(stage), f"{PAGE}?q=山田", f"{PAGE}events/"):
        assert "花子" not in shown(client, path)


def test_a_person_without_an_address_has_no_phone(stage: Stage) -> None:
    with tenancy.acting_for(stage.sent.organization.pk):
        Contact.objects.all().delete()

    assert "選んだ人には、メールアドレスがありません" in shown(stage.hire(), of(stage))


def test_nonsense_in_the_address_shows_the_page(stage: Stage) -> None:
    assert "仮想端末" in shown(stage.hire(), f"{PAGE}?person=x&person=99999999999999999999&q=%00")


def test_elsewhere_there_is_no_such_page_and_nothing_says_training(db: None) -> None:
    organization = send().organization
    client = browser(organization, hire(organization, "admin"))
    home = client.get("/console/").content.decode()

    assert HTTPStatus.NOT_FOUND == client.get(PAGE).status_code
    assert "仮想端末" not in home
    assert "訓練環境" not in home


@pytest.mark.parametrize("path", ["", "sign-in/"])
def test_every_page_of_a_demo_says_that_nobody_is_reached(stage: Stage, path: str) -> None:
    client = Client() if path else stage.hire()

    assert "訓練環境" in shown(client, f"/console/{path}")
