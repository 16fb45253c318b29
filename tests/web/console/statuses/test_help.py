"""Each status has its help, one click away from where it is shown (EMC-2)."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from denrei.accounts.models import Organization
from denrei.domain.status import ACTION_NEEDED, Status
from denrei.web.console.statuses.looks import LOOKS, anchor
from denrei.web.console.statuses.neighbours import NEIGHBOURS
from denrei.web.console.statuses.words import HELP
from tests.web.console import town
from tests.web.console.conftest import browser, hire

HELP_PAGE = "/console/statuses/"


@pytest.mark.spec("EMC-2")
@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_a_status_has_a_look_and_three_answers(status: Status) -> None:
    answers = [HELP[status].cause, HELP[status].operator, HELP[status].recipient]

    assert status in LOOKS
    assert all(str(answer).endswith("。") for answer in answers)


@pytest.mark.spec("EMC-2", "EMC-7")
@pytest.mark.parametrize("status", ACTION_NEEDED, ids=lambda status: status.name)
def test_what_asks_an_operator_to_act_says_what_to_do(status: Status) -> None:
    assert "必要はありません" not in str(HELP[status].operator)


@pytest.mark.spec("EMC-2")
def test_the_page_names_every_status_once_by_its_anchor(viewer: Client) -> None:
    page = viewer.get(HELP_PAGE).content.decode()

    anchors = re.findall(r'<section class="gloss" id="([a-z-]+)"', page)
    assert sorted(anchor(status) for status in Status) == sorted(anchors)
    assert all(status.value in page for status in Status)


@pytest.mark.spec("EMC-2")
def test_the_help_of_a_person_s_known_bad_address_is_one_click_away(city: Organization) -> None:
    admin = browser(city, hire(city, "admin"))
    town.person(city, "伝令 一", "one@example.jp")

    page = admin.get("/console/people/").content.decode()

    assert f'href="{HELP_PAGE}"' in page


@pytest.mark.spec("EMC-2")
@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_each_status_has_a_page_of_its_own(viewer: Client, status: Status) -> None:
    response = viewer.get(f"{HELP_PAGE}{anchor(status)}/")
    page = response.content.decode()

    assert response.status_code == 200
    assert all(
        str(words) in page
        for words in (HELP[status].cause, HELP[status].operator, HELP[status].recipient)
    )
    assert ("/console/attention/?status=" in page) is (status in ACTION_NEEDED)


@pytest.mark.spec("EMC-2", "EMC-6")
def test_a_page_says_which_reasons_lead_there_and_what_follows(viewer: Client) -> None:
    page = viewer.get(f"{HELP_PAGE}address-error/").content.decode()

    assert "宛先のアドレスは存在しません。" in page
    assert "次の連絡からは送りません（エラーアドレス）" in page
    assert f'href="{HELP_PAGE}known-bad/"' in page


@pytest.mark.spec("EMC-2")
def test_what_is_no_status_is_not_found(viewer: Client) -> None:
    assert viewer.get(f"{HELP_PAGE}nonsense/").status_code == 404


@pytest.mark.spec("EMC-2")
@pytest.mark.parametrize("status", NEIGHBOURS, ids=lambda status: status.name)
def test_what_is_taken_for_each_other_names_both(status: Status) -> None:
    other, difference = NEIGHBOURS[status]

    assert NEIGHBOURS[other] == (status, difference)
    assert all(one.value in str(difference) for one in (status, other))


@pytest.mark.spec("NEW-2")
def test_the_grades_of_evidence_are_explained_where_the_board_leads(viewer: Client) -> None:
    page = viewer.get(HELP_PAGE).content.decode()

    assert 'id="evidence"' in page
    assert all(words in page for words in ("人が答えました。", "次の事業者が預かりました。"))
