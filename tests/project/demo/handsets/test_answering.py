"""Answering as one of the people goes to the real page, and the people's record hears of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Role
from denrei.project.demo import worldlog
from denrei.responses.models import PageView, Response
from tests.project.demo.handsets.conftest import PAGE, Stage
from tests.responses.sent import Sent


def answer(client: Client, sent: Sent, **fields: Any) -> Any:
    """Press one of the buttons of a phone."""
    given = {"as": sent.people[0], "delivery": sent.deliveries[0], "choice": "3", "person": 7}
    return client.post(f"{PAGE}answer/", given | fields)


def answered(sent: Sent) -> list[tuple[int, str]]:
    """Return who answered what."""
    with tenancy.acting_for(sent.organization.pk):
        return list(Response.objects.order_by("id").values_list("recipient_id", "choice"))


@pytest.mark.spec("MSG-8")
def test_an_answer_is_given_at_the_page_by_http(address: str, stage: Stage) -> None:
    stage.take()
    client = stage.hire()

    response = answer(client, stage.sent)
    page = client.get(response.headers["Location"]).content.decode()

    assert f"{PAGE}?person=7" == response.headers["Location"]
    assert [(stage.sent.people[0], "3")] == answered(stage.sent)
    assert "山田 花子さんとして回答しました" in page
    with tenancy.acting_for(stage.sent.organization.pk):
        assert [True, True] == ["iPhone" in one.user_agent for one in PageView.objects.all()]


def test_the_people_hear_of_it_and_leave_the_person_alone(address: str, stage: Stage) -> None:
    stage.take()
    client = stage.hire()

    answer(client, stage.sent)
    (event,) = worldlog.events(stage.files.answers)
    page = client.get(f"{PAGE}events/").content.decode()

    url = f"{address}{stage.sent.path()}"
    assert (url, str(stage.sent.people[0]), "3") == (event["url"], event["person"], event["choice"])
    assert [url] == event["played"]
    assert "支援が必要です" in page
    assert "この画面から" in page


@pytest.mark.parametrize("choice", ["9", ""])
def test_what_the_page_does_not_offer_is_not_answered(
    address: str, stage: Stage, choice: str
) -> None:
    stage.take()
    client = stage.hire()

    page = client.get(answer(client, stage.sent, choice=choice).headers["Location"])

    assert "その選択肢がありません" in page.content.decode()
    assert [] == answered(stage.sent)


def test_a_page_that_can_not_be_reached_is_told(stage: Stage) -> None:
    stage.take(urls=["http://127.0.0.1:8000/r/none"])
    client = stage.hire()

    page = client.get(answer(client, stage.sent).headers["Location"])

    assert "回答ページで回答できませんでした" in page.content.decode()


def test_nobody_answers_a_mail_that_did_not_come(stage: Stage) -> None:
    stage.refuse(550, "5.1.1 no")
    client = stage.hire()

    page = client.get(answer(client, stage.sent).headers["Location"])

    assert "回答ページのアドレスが届いていません" in page.content.decode()


@pytest.mark.parametrize("fields", [{"as": "x"}, {"delivery": 0}, {"as": "", "delivery": ""}])
def test_a_phone_that_is_not_there_is_not_found(stage: Stage, fields: dict[str, object]) -> None:
    stage.take()

    assert HTTPStatus.NOT_FOUND == answer(stage.hire(), stage.sent, **fields).status_code


def test_who_only_reads_does_not_answer(stage: Stage) -> None:
    stage.take()
    client = stage.hire(Role.VIEWER)

    assert HTTPStatus.FORBIDDEN == answer(client, stage.sent).status_code
    assert "この人として回答する" not in client.get(PAGE).content.decode()


def test_in_a_demo_the_board_counts_as_looked_at_after_an_answer(
    address: str, stage: Stage
) -> None:
    stage.take()
    client = stage.hire()
    board = f"/console/broadcasts/{stage.sent.broadcast_id}/"

    client.get(board)
    before = client.get("/console/").content.decode()
    answer(client, stage.sent)
    client.get(board)
    after = client.get("/console/").content.decode()

    assert (0, 2) == (before.count("first--done"), after.count("first--done"))
    assert "はじめての方へ：5つの手順" in before
