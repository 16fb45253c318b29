"""The page of a list: what it shows, its order, its file."""

from __future__ import annotations

import csv
import io
import re
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denrei.accounts import tenancy
from denrei.accounts.labels import Label
from denrei.accounts.models import Organization
from denrei.broadcasts.models import IncidentType
from denrei.directory.models import GroupMember, Recipient
from denrei.web.console.masters import lists
from denrei.web.console.masters.cells import duration
from tests.web.console.masters.conftest import List, acts, the_list


def codes(there: List) -> list[str]:
    return [entry.code for entry in there.entries()]


@pytest.mark.spec("MSG-1")
def test_a_list_shows_its_entries_in_order(a_list: List, viewer: Client) -> None:
    a_list.create("x2", "後の項目", order=99)
    a_list.create("x1", "前の項目", order=98)

    text = viewer.get(a_list.address()).content.decode()

    assert 0 < text.index("前の項目") < text.index("後の項目")


def test_an_empty_list_says_so(groups: List, viewer: Client) -> None:
    assert "連絡グループがまだありません" in viewer.get(groups.address()).content.decode()


def test_a_list_is_called_as_the_organization_calls_it(city: Organization, viewer: Client) -> None:
    with tenancy.acting_for(city.pk):
        city.settings = {"labels": {label.value: f"言葉{label}" for label in Label}}
        city.save()
    pages = [f"/console/masters/{label}/" for label in (Label.GROUPS, Label.INCIDENTS)]

    text = "".join(viewer.get(page).content.decode() for page in ["/console/masters/", *pages])

    assert {label for label in Label if f"言葉{label}" in text} == {*Label}
    assert [] == [
        word for word in ("連絡グループ", "役職区分", "発生区分", "状況区分") if word in text
    ]


def test_people_and_forms_that_use_an_entry_are_counted(
    groups: List, city: Organization, viewer: Client
) -> None:
    group = groups.create("1")
    with tenancy.acting_for(city.pk):
        people = Recipient.objects.bulk_create(
            Recipient(organization=city, name=f"見本{number}") for number in range(1234)
        )
        GroupMember.objects.bulk_create(
            GroupMember(organization=city, group=group, recipient=person) for person in people
        )

    text = viewer.get(groups.address()).content.decode()

    assert f'<a href="/console/people/?group={group.pk}">1,234人</a>' in text


def test_a_long_list_takes_as_many_queries_as_a_short_one(a_list: List, viewer: Client) -> None:
    a_list.create("x")
    viewer.get(a_list.address())
    counts = []
    for more in (1, 20):
        for number in range(more):
            a_list.create(f"{more}-{number}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            viewer.get(a_list.address())
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_list_comes_page_by_page(groups: List, viewer: Client) -> None:
    for number in range(lists.PAGE + 1):
        groups.create(f"{number:03}", f"第{number}班", order=number)

    first = viewer.get(groups.address()).content.decode()
    second = viewer.get(f"{groups.address()}?page=2").content.decode()

    assert ("第0班" in first, "第100班" in first) == (True, False)
    assert ("第0班" in second, "第100班" in second) == (False, True)
    assert "101件中 1～100件を表示" in first


@pytest.mark.spec("MSG-1")
@pytest.mark.parametrize(("button", "expected"), [("up", "bac"), ("down", "acb")])
def test_a_button_moves_an_entry_by_one(
    a_list: List, admin: Client, button: str, expected: str
) -> None:
    made = [a_list.create(code, f"項目{code}", 90 + place) for place, code in enumerate("abc")]

    response = admin.post(a_list.address("order/"), {button: str(made[1].pk)})

    page = admin.get(response.headers["Location"]).content.decode()
    moved = len(a_list.entries()) - 3 + expected.index("b") + 1
    assert list(expected) == codes(a_list)[-3:]
    assert f"「項目b」は{moved}番目です（全{len(a_list.entries())}件）。" in page
    assert re.search(rf'id="{button}-{made[1].pk}"[^>]* autofocus', page)
    assert acts(a_list.organization)[-1].endswith(".reordered")


@pytest.mark.spec("MSG-1")
def test_a_drag_sorts_what_it_names(a_list: List, admin: Client) -> None:
    a, b, c = (a_list.create(code, order=90 + place) for place, code in enumerate("abc"))
    ids = [str(one.pk) for one in (c, a, b)]

    admin.post(a_list.address("order/"), {"ids": ids, "moved": str(c.pk)})

    assert list("cab") == codes(a_list)[-3:]


def test_a_drag_leaves_what_was_added_or_deleted_meanwhile(groups: List, admin: Client) -> None:
    a, b, c = (groups.create(code, order=place) for place, code in enumerate("abc"))
    gone = c.pk
    with tenancy.acting_for(groups.organization.pk):
        c.delete()
    groups.create("d", order=9)

    admin.post(groups.address("order/"), {"ids": [str(gone), str(b.pk), str(a.pk)]})

    assert list("bad") == codes(groups)


def test_a_drag_on_the_second_page_stays_there(
    groups: List, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    _, _, c, d = (groups.create(code, order=place) for place, code in enumerate("abcd"))

    response = admin.post(
        groups.address("order/"), {"ids": [str(d.pk), str(c.pk)], "moved": str(d.pk)}
    )

    assert list("abdc") == codes(groups)
    assert "page=2" in response.headers["Location"]


def test_moving_what_was_deleted_says_so(groups: List, admin: Client) -> None:
    groups.create("a")

    response = admin.post(groups.address("order/"), {"up": "999999"})

    page = admin.get(response.headers["Location"]).content.decode()
    assert "移そうとした項目は、削除されています。" in page


def test_nonsense_in_the_order_moves_nothing(groups: List, admin: Client) -> None:
    groups.create("a")

    for nonsense in ("", "x", "-1", "１" * 30, "9" * 40, "\x00"):
        for sent in ({"up": nonsense}, {"ids": [nonsense], "moved": nonsense}):
            assert HTTPStatus.FOUND == admin.post(groups.address("order/"), sent).status_code
        for name in ("page", "moved", "by"):
            assert HTTPStatus.OK == admin.get(groups.address(), {name: nonsense}).status_code
    assert ["a"] == codes(groups)


@pytest.mark.spec("MSG-1")
def test_situations_follow_their_incident_type(city: Organization, viewer: Client) -> None:
    with tenancy.acting_for(city.pk):
        first, second = IncidentType.objects.all()[:2]
        inside, outside = (one.situations.all()[0].name for one in (second, first))

    text = viewer.get(f"/console/masters/situations/?incident={second.pk}").content.decode()

    assert (True, False) == (inside in text, outside in text)
    assert re.search(rf'incident={second.pk}" aria-current="true"', text)


def test_many_incident_types_are_chosen_from_a_list(city: Organization, viewer: Client) -> None:
    incidents = the_list(Label.INCIDENTS, city)
    made = [incidents.create(f"x{number}", f"種類{number}") for number in range(lists.TABS)]

    text = viewer.get(f"/console/masters/situations/?incident={made[3].pk}").content.decode()

    assert f'<option value="{made[3].pk}" selected>種類3</option>' in text
    assert 'class="tabs" aria-label="発生区分"' not in text


def test_an_unknown_incident_type_has_no_page(viewer: Client) -> None:
    for incident in ("0", "x", "999999999", "9" * 40):
        response = viewer.get("/console/masters/situations/", {"incident": incident})

        assert HTTPStatus.NOT_FOUND == response.status_code, incident


def test_there_are_six_lists_and_no_other(viewer: Client) -> None:
    for kind in ("operators", "units", "GROUPS"):
        assert HTTPStatus.NOT_FOUND == viewer.get(f"/console/masters/{kind}/").status_code


def test_the_file_has_every_entry_and_no_formula(a_list: List, viewer: Client) -> None:
    a_list.create("x1", '=HYPERLINK("https://example.com")')

    response = viewer.get(a_list.address("csv/"))

    text = response.content.decode("utf-8")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert ["コード", "名称"] == rows[0][:2]
    assert ["x1", '\'=HYPERLINK("https://example.com")'] == rows[-1][:2]
    assert len(a_list.entries()) + 1 == len(rows)
    assert f'filename="{a_list.label}.csv"' in response.headers["Content-Disposition"]


def test_the_overview_counts_each_list(city: Organization, groups: List, viewer: Client) -> None:
    groups.create("1")

    text = viewer.get("/console/masters/").content.decode()

    shown = dict(re.findall(r">([^<]+)</a></h2>\s*<p class=\"masters__count\"><b>(\d+)</b>", text))
    with tenancy.acting_for(city.pk):
        incidents = IncidentType.objects.count()
    assert {"連絡グループ": "1", "役職区分": "0", "発生区分": str(incidents)} == {
        name: shown[name] for name in ("連絡グループ", "役職区分", "発生区分")
    }


def test_answers_beyond_the_keys_of_a_telephone_are_told(
    city: Organization, viewer: Client
) -> None:
    answers = the_list(Label.ANSWERS, city)
    answers.create("10", "連絡待ち")

    assert 1 == viewer.get(answers.address()).content.decode().count("電話では選べません")


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(1, "1分"), (90, "1時間30分"), (1440, "1日"), (4321, "3日1分"), (120, "2時間")],
)
def test_a_span_is_told_as_people_say_it(minutes: int, expected: str) -> None:
    assert expected == duration(minutes)
