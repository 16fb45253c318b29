"""The compose page: nothing typed is lost, what is wrong is said, nobody is reached who may not be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Operator, Role, Unit
from denrei.broadcasts import presets
from denrei.broadcasts.models import AnswerChoice, Draft, IncidentType
from denrei.broadcasts.typed import Typed
from denrei.directory.models import ContactGroup
from tests.web.console.compose.conftest import Desktop, draft_of, value_of, words
from tests.web.console.conftest import hire

COMPOSE = "/console/compose/"


@pytest.mark.spec("MSG-2")
def test_a_new_form_happened_now_and_is_signed_by_the_organization(
    desktop: Desktop, sender: Client
) -> None:
    page = sender.get(COMPOSE)

    now = datetime.now(ZoneInfo("Asia/Tokyo"))
    assert (200, "汐見原市") == (page.status_code, value_of(page, "sender"))
    assert now.date().isoformat() == value_of(page, "occurred-day")
    assert "を選んでください。" not in words(page)


def test_a_unit_s_operator_signs_as_the_unit(
    desktop: Desktop, first_school: Unit, signed_in: Callable[[Operator], Client]
) -> None:
    teacher = signed_in(hire(desktop.city, "teacher", Role.SENDER, first_school))

    page = teacher.get(COMPOSE)

    assert "第一小学校" == value_of(page, "sender")
    assert "第一小学校の全員に送る" in words(page)


def test_where_there_are_no_answers_none_is_asked_for(desktop: Desktop, sender: Client) -> None:
    with tenancy.acting_for(desktop.city.pk):
        AnswerChoice.objects.all().delete()

    page = sender.get(COMPOSE)

    assert 'value="no" checked' in page.content.decode()
    assert "回答区分がまだ登録されていません。" in words(page)


@pytest.mark.spec("MSG-2")
@pytest.mark.parametrize(
    "act", ["preview", "switch", "day:+1", "now", "find", "use:sms", "up:mail", "nonsense", ""]
)
def test_a_button_keeps_everything_that_was_typed(
    desktop: Desktop, sender: Client, act: str
) -> None:
    page = sender.post(COMPOSE, desktop.form(do=act, instruction_note="車は使わないでください。"))

    shown = page.content.decode()
    assert 200 == page.status_code
    assert ("汐見原市全域", "髙﨑𠮷") == (value_of(page, "place"), value_of(page, "sender"))
    assert "市内で停電が発生しています。</textarea>" in shown
    assert "車は使わないでください。</textarea>" in shown
    assert f'value="{desktop.groups["消防団"]}" checked' in shown
    with tenancy.acting_for(desktop.city.pk):
        assert not Draft.objects.exists()


@pytest.mark.spec("MSG-2")
@pytest.mark.parametrize(
    ("act", "day", "hour", "minute"),
    [
        ("day:+1", "2027-01-01", "23", "59"),
        ("day:-1", "2026-12-30", "23", "59"),
        ("hour:+1", "2027-01-01", "0", "59"),
        ("hour:-1", "2026-12-31", "22", "59"),
        ("minute:+1", "2027-01-01", "0", "00"),
        ("minute:-1", "2026-12-31", "23", "58"),
    ],
)
def test_the_time_is_changed_by_buttons(
    desktop: Desktop, sender: Client, act: str, day: str, hour: str, minute: str
) -> None:
    moment = {"occurred-day": "2026-12-31", "occurred-hour": "23", "occurred-minute": "59"}

    page = sender.post(COMPOSE, desktop.form(do=act, **moment))

    assert (day, hour, minute) == (
        value_of(page, "occurred-day"),
        value_of(page, "occurred-hour"),
        value_of(page, "occurred-minute"),
    )


@pytest.mark.spec("MSG-2")
def test_situations_and_instructions_follow_the_incident_type(
    desktop: Desktop, sender: Client
) -> None:
    form = desktop.form(do="switch", incident=desktop.incidents["不審者情報"])

    shown = words(sender.post(COMPOSE, form))

    assert "不審者の目撃情報あり" in shown
    assert "お迎えをお願いします" in shown
    assert "震度5弱以上を観測" not in shown
    assert "選んだ状況区分は、いまの一覧にありません" in shown


@pytest.mark.spec("MSG-2")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"incident": ""}, "発生区分を選んでください。"),
        ({"occurred-hour": "25"}, "発生日時を、日付と0～23時、0～59分で入力してください。"),
        ({"occurred-day": ""}, "発生日時を、日付と0～23時、0～59分で入力してください。"),
        ({"place": "あ" * 21}, "発生場所が1文字多くなっています。20文字以内に短くしてください。"),
        ({"instruction_note": "𠮷" * 62}, "指示の補足が2文字多くなっています。"),
        ({"instruction_note": "👨‍👩‍👧" * 63}, "指示の補足が3文字多くなっています。"),
        ({"sender": "  "}, "発信者を入力してください。"),
        ({"choices": None}, "回答区分を1つ以上選ぶか、「回答を求めない」を選んでください。"),
        ({"groups": None}, "宛先を選んでください。"),
        ({"groups": "2147483648000"}, "選んだ宛先のうち1件は、削除されたか、選べないものでした。"),
        ({"people": "9" * 30}, "選んだ宛先のうち1件は"),
        ({"people": "x,1e3"}, "選んだ宛先のうち2件は"),
        ({"ways": None}, "連絡手段を1つ以上選んでください。"),
        ({"ways": ["mail", "fax"]}, "faxは、送信経路が設定されていないため使えません。"),
        ({"ways": ["mail", "sms"]}, "SMSは、送信経路が設定されていないため使えません。"),
        ({"remind": "on", "remind_every": "4", "remind_times": "2"}, "再通知の間隔を、5～1440分"),
        ({"remind": "on", "remind_every": "30", "remind_times": "11"}, "再通知の回数を、1～10回"),
        ({"scheduled": "on"}, "予約する日時を、日付と0～23時、0～59分で入力してください。"),
        (
            {"scheduled": "on", "start-day": "2020-01-01", "start-hour": "1", "start-minute": "0"},
            "予約する日時が過ぎています。",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    desktop: Desktop, sender: Client, changes: dict[str, Any], told: str
) -> None:
    page = sender.post(COMPOSE, desktop.form(**changes))

    assert 422 == page.status_code
    assert told in words(page)
    assert "市内で停電が発生しています。</textarea>" in page.content.decode()
    with tenancy.acting_for(desktop.city.pk):
        assert not Draft.objects.exists()


@pytest.mark.spec("MSG-2")
@pytest.mark.parametrize(
    "changes",
    [
        {"place": "𠮷" * 20, "situation_note": "が" * 80, "instruction_note": "👨‍👩‍👧" * 60},
        {"ask": "no", "choices": None, "confirm": None},
        {"groups": None, "everybody": "on"},
        {"situation": "", "instruction": ""},
    ],
)
def test_a_form_without_a_fault_goes_on_to_the_confirm_page(
    desktop: Desktop, sender: Client, changes: dict[str, Any]
) -> None:
    response = sender.post(COMPOSE, desktop.form(**changes))

    draft = draft_of(desktop.city)
    assert (302, f"/console/drafts/{draft.pk}/confirm/") == (
        response.status_code,
        response["Location"],
    )


@pytest.mark.spec("MSG-4")
def test_to_the_confirm_page_and_back_is_the_same_revision(
    desktop: Desktop, sender: Client
) -> None:
    sender.post(COMPOSE, desktop.form())
    draft = draft_of(desktop.city)

    sender.post(f"/console/drafts/{draft.pk}/", desktop.form(revision=str(draft.revision)))

    assert draft.key == draft_of(desktop.city).key


@pytest.mark.spec("MSG-4")
def test_a_draft_is_saved_with_its_faults(desktop: Desktop, sender: Client) -> None:
    wrong = desktop.form(do="save", place="あ" * 300, incident="", **{"occurred-hour": "昼"})

    response = sender.post(COMPOSE, wrong, follow=True)

    typed = Typed.from_json(draft_of(desktop.city).form)
    assert ("あ" * 300, "昼", "") == (typed.place, typed.occurred.hour, typed.incident)
    assert "下書きに保存しました" in words(response)
    assert "まだ送信していません" in words(response)


@pytest.mark.spec("MSG-4")
def test_from_the_list_sender_and_recipients_are_asked_for_anew(
    desktop: Desktop, sender: Client
) -> None:
    sender.post(COMPOSE, desktop.form(do="save", people=desktop.people["井上"]))
    address = f"/console/drafts/{draft_of(desktop.city).pk}/"
    checked = f'value="{desktop.groups["消防団"]}" checked'

    anew, kept = sender.get(address), sender.get(f"{address}?keep=1")

    assert ("", "") == (value_of(anew, "sender"), value_of(anew, "people"))
    assert checked not in anew.content.decode()
    assert ("髙﨑𠮷", desktop.people["井上"]) == (
        value_of(kept, "sender"),
        value_of(kept, "people"),
    )
    assert checked in kept.content.decode()


@pytest.mark.spec("MSG-4")
def test_who_saves_over_another_is_told_and_chooses(
    desktop: Desktop, sender: Client, admin: Client
) -> None:
    sender.post(COMPOSE, desktop.form(do="save"))
    address = f"/console/drafts/{draft_of(desktop.city).pk}/"
    admin.post(address, desktop.form(do="save", revision="1", place="港"))

    conflict = sender.post(address, desktop.form(do="save", revision="1", place="駅"))
    assert (409, "駅") == (conflict.status_code, value_of(conflict, "place"))
    assert "adminさんが" in words(conflict)
    assert "港" == draft_of(desktop.city).form["place"]

    sender.post(address, desktop.form(do="overwrite", revision="1", place="駅"))
    assert "駅" == draft_of(desktop.city).form["place"]


def test_what_is_posted_to_a_draft_that_is_gone_is_kept_on_the_page(
    desktop: Desktop, sender: Client
) -> None:
    sender.post(COMPOSE, desktop.form(do="save"))
    draft = draft_of(desktop.city)
    address = f"/console/drafts/{draft.pk}/"
    with tenancy.acting_for(desktop.city.pk):
        draft.delete()

    page = sender.post(address, desktop.form(do="save", place="駅"))

    assert (410, "駅") == (page.status_code, value_of(page, "place"))
    assert f'action="{COMPOSE}"' in page.content.decode()
    assert "ほかの人が送信したか、削除しました" in words(page)


@pytest.mark.spec("MSG-4")
def test_two_on_one_draft_are_told_of_each_other(
    desktop: Desktop, sender: Client, admin: Client
) -> None:
    sender.post(COMPOSE, desktop.form(do="save"))
    address = f"/console/drafts/{draft_of(desktop.city).pk}/"
    sender.get(address)

    assert "senderさんもこの画面を開いています" in words(admin.get(address))
    told = sender.post(f"{address}readers/", {"revision": "1"})
    assert "adminさんもこの画面を開いています" in words(told)


def test_an_incident_type_deleted_meanwhile_is_told_and_nothing_else_is_lost(
    desktop: Desktop, sender: Client
) -> None:
    with tenancy.acting_for(desktop.city.pk):
        IncidentType.objects.filter(pk=desktop.incidents["地震発生"]).delete()

    page = sender.post(COMPOSE, desktop.form(do="preview"))

    assert "選んだ発生区分は削除されました。一覧から選び直してください。" in words(page)
    assert "汐見原市全域" == value_of(page, "place")


@pytest.mark.spec("ALL-5")
def test_another_organization_s_lists_are_not_chosen_from(desktop: Desktop, sender: Client) -> None:
    other = organizations.create("other", "別の市")
    presets.furnish(other)
    with tenancy.acting_for(other.pk):
        group = ContactGroup.objects.create(organization=other, code="1", name="別の団")
        incident = IncidentType.objects.first()
        assert incident is not None

    foreign = desktop.form(groups=[str(group.pk)], incident=str(incident.pk))
    page = sender.post(COMPOSE, foreign)

    assert 422 == page.status_code
    assert "選んだ発生区分は削除されました" in words(page)
    assert "選んだ宛先のうち1件は" in words(page)
    assert "別の団" not in words(page)


@pytest.mark.spec("ALL-5")
def test_a_draft_of_another_unit_is_not_found(
    desktop: Desktop,
    first_school: Unit,
    second_school: Unit,
    signed_in: Callable[[Operator], Client],
) -> None:
    first = signed_in(hire(desktop.city, "first", Role.SENDER, first_school))
    second = signed_in(hire(desktop.city, "second", Role.SENDER, second_school))
    first.post(COMPOSE, desktop.form(do="save"))
    address = f"/console/drafts/{draft_of(desktop.city).pk}/"

    assert 404 == second.get(address).status_code
    assert 404 == second.post(f"{address}readers/").status_code
    assert "ほかの人が送信したか" in words(
        second.post(address, desktop.form(do="save", place="駅"))
    )
    assert "汐見原市全域" == draft_of(desktop.city).form["place"]


@pytest.mark.spec("EMC-3")
def test_only_media_with_a_lane_are_offered(desktop: Desktop, sender: Client) -> None:
    shown = sender.get(COMPOSE).content.decode()

    assert 'value="use:phone"' not in shown
    assert "未設定" in shown


@pytest.mark.spec("MSG-3", "ALL-8")
def test_the_preview_is_the_mail_as_it_is_sent(desktop: Desktop, sender: Client) -> None:
    page = words(sender.post(COMPOSE, desktop.form(do="preview", mode="drill")))

    assert "【訓練】地震発生" in page
    assert "発生日時：11月21日（土）16時13分頃 発生場所：汐見原市全域" in page
    assert "[DRILL] Earthquake" in page


def test_a_part_is_what_htmx_asks_for(desktop: Desktop, sender: Client) -> None:
    part = sender.post(
        COMPOSE, desktop.form(do="day:+1"), headers={"HX-Request": "true", "HX-Target": "moment"}
    )

    shown = part.content.decode()
    assert "2026-11-22" == value_of(part, "occurred-day")
    assert "<html" not in shown
    assert 'id="preview" class="stack" hx-swap-oob="true"' in shown


def test_lists_of_any_length_can_be_marked(desktop: Desktop, sender: Client) -> None:
    many = [str(number) for number in range(10**6, 10**6 + 1500)]

    assert 200 == sender.post(COMPOSE, desktop.form(do="count", groups=many)).status_code


@pytest.mark.parametrize(
    "address", [COMPOSE, "/console/drafts/", "/console/templates/", "/console/templates/new/"]
)
def test_who_only_reads_composes_nothing(viewer: Client, address: str) -> None:
    assert 403 == viewer.get(address).status_code
