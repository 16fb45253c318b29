"""Adding and changing one person by the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Unit
from denrei.directory.models import Contact, ContactGroup, ContactState, Recipient
from tests.web.console.conftest import hire
from tests.web.console.people.conftest import Register, mail, typed

NEW = "/console/people/new/"


def only(city: Organization) -> Recipient:
    with tenancy.acting_for(city.pk):
        return Recipient.objects.select_related("household", "unit").get()


def contacts(city: Organization) -> list[tuple[int, int, str, bool, int]]:
    with tenancy.acting_for(city.pk):
        rows = Contact.objects.order_by("medium", "slot", "state")
        return [(row.medium, row.slot, row.address, row.receives, row.state) for row in rows]


def seen(client: Client, person: Recipient) -> str:
    """Return the state of the person that an opened form carries."""
    form = client.get(f"/console/people/{person.pk}/change/").context["form"]
    return str(form["seen"].value())


@pytest.mark.spec("MSG-5", "SMS-2", "SCH-3")
def test_a_person_is_registered_with_contacts_as_people_write_them(
    sender: Client, city: Organization, first_school: Unit
) -> None:
    with tenancy.acting_for(city.pk):
        group = ContactGroup.objects.create(organization=city, code="g1", name="1年")
    rows = (
        {"address": "hanako@example.jp", "slot": "2"},
        {"address": "old..style.@docomo.ne.jp"},
        {"medium": 2, "address": "０９０－１２３４－５６７８"},
        {"medium": 3, "address": "03 (1234) 5678", "receives": ""},
        {"address": ""},
    )
    said = typed(*rows, name="髙﨑 𠮷子", unit=first_school.pk, household="H-1", groups=[group.pk])

    response = sender.post(NEW, said)

    person = only(city)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/console/people/{person.pk}/"
    assert (person.name, person.unit, person.household.code if person.household else "") == (
        "髙﨑 𠮷子",
        first_school,
        "H-1",
    )
    assert contacts(city) == [
        (1, 1, "old..style.@docomo.ne.jp", True, 0),
        (1, 2, "hanako@example.jp", True, 0),
        (2, 1, "+819012345678", True, 0),
        (3, 1, "+81312345678", False, 0),
    ]
    page = sender.get(f"/console/people/{person.pk}/").content.decode()
    assert ("090-1234-5678" in page, "古い形のアドレスです" in page) == (True, True)


@pytest.mark.spec("SMS-2")
@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"medium": 2, "address": "050-1234-5678"}, "IP電話（050）の番号はSMSを受信できません"),
        ({"medium": 2, "address": "050-1234-5678"}, "種類で「電話」を選んでください"),
        ({"medium": 2, "address": "03-1234-5678"}, "固定電話の番号はSMSを受信できません"),
        ({"medium": 2, "address": "090-0123-4567"}, "使われていない番号です"),
        ({"medium": 3, "address": "90-1234-5678"}, "先頭の0が抜けていないか"),
        ({"medium": 1, "address": "hanako.example.jp"}, "「@」がありません"),
        ({"medium": 9, "address": "a@example.jp"}, "一覧から選び直してください"),
        ({"known": "a@example.jp", "address": ""}, "この連絡先を削除する"),
        ({"address": "a" * 400}, "320"),
    ],
)
def test_a_wrong_contact_says_what_to_do_and_keeps_everything(
    sender: Client, city: Organization, row: dict[str, object], words: str
) -> None:
    response = sender.post(NEW, typed(row, name="髙﨑 𠮷子", kana="たかさき"))

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "髙﨑 𠮷子" in page
    assert not row["address"] or f'value="{row["address"]}"' in page
    with tenancy.acting_for(city.pk):
        assert Recipient.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "氏名を入力してください。"),
        ({"name": "　"}, "氏名を入力してください。"),
        ({"name": "𠮷" * 41}, "1文字多くなっています。40文字以内に短くしてください。"),
        ({"kana": "あ" * 81}, "80文字以内"),
        ({"code": "=1+1"}, "計算式の記号"),
        ({"unit": "999999"}, "一覧から選び直してください"),
        ({"groups": ["999999"]}, "一覧から選び直してください"),
        ({"state": "7"}, "一覧から選び直してください"),
        ({"language": ""}, "言語を選んでください。"),
    ],
)
def test_a_wrong_field_says_what_to_do(
    sender: Client, city: Organization, fields: dict[str, object], words: str
) -> None:
    response = sender.post(NEW, typed({"address": "keep@example.jp"}, **fields))

    page = response.content.decode()
    assert (response.status_code, words in page) == (422, True)
    assert "keep@example.jp" in page


def test_forty_characters_of_any_kind_fit(sender: Client, city: Organization) -> None:
    sender.post(NEW, typed(name="𠮷" * 40))

    assert only(city).name == "𠮷" * 40


def test_one_address_twice_and_one_slot_twice_are_told(sender: Client) -> None:
    twice = typed({"address": "a@example.jp"}, {"address": "Ａ@example.jp"})
    slots = typed({"address": "a@example.jp", "slot": 3}, {"address": "b@example.jp", "slot": 3})

    assert "同じ連絡先が上の行にあります" in sender.post(NEW, twice).content.decode()
    assert "この順番は上の行と同じです" in sender.post(NEW, slots).content.decode()


def test_more_than_nine_of_a_kind_are_told(sender: Client) -> None:
    many = typed(*({"address": f"a{number}@example.jp"} for number in range(10)))

    assert "9件までです" in sender.post(NEW, many).content.decode()


def test_a_code_that_is_taken_is_told(sender: Client, register: Register) -> None:
    register("先の人", code="A-1")

    response = sender.post(NEW, typed({"address": "a@example.jp"}, code="A-1"))

    assert response.status_code == 422
    assert "ほかの方が使っているコードです" in response.content.decode()


@pytest.mark.spec("MSG-5")
def test_a_row_is_added_without_script_and_nothing_is_judged(
    sender: Client, city: Organization
) -> None:
    said = typed({"medium": 2, "address": "050", "slot": 4}, name="", kana="とちゅう", more="1")

    response = sender.post(NEW, said)

    page = response.content.decode()
    assert response.status_code == 200
    assert ('value="050"' in page, 'value="とちゅう"' in page) == (True, True)
    assert 'name="contact-1-address"' in page
    assert ('class="err"' in page, "まだ保存されていません" in page) == (False, False)


@pytest.mark.spec("SCH-2", "SCH-4")
def test_a_changed_address_retires_the_old_one(
    sender: Client, city: Organization, register: Register
) -> None:
    person = register("山田 花子", contacts=(mail("a@example.jp", confirmed=True),))
    row = {"known": "a@example.jp", "address": "b@example.jp", "slot": 1, "confirmed": "on"}

    sender.post(f"/console/people/{person.pk}/change/", typed(row, seen=seen(sender, person)))

    assert contacts(city) == [
        (1, 1, "b@example.jp", True, ContactState.UNCONFIRMED),
        (1, 1, "a@example.jp", True, ContactState.RETIRED),
    ]


@pytest.mark.spec("SCH-4")
def test_switches_of_a_contact_are_stored(
    sender: Client, city: Organization, register: Register
) -> None:
    person = register("山田 花子", contacts=(mail("a@example.jp"), mail("b@example.jp", 2)))
    rows = (
        {"known": "a@example.jp", "address": "a@example.jp", "confirmed": "on", "receives": ""},
        {"known": "b@example.jp", "address": "b@example.jp", "remove": "on"},
    )

    response = sender.post(
        f"/console/people/{person.pk}/change/", typed(*rows, seen=seen(sender, person))
    )

    assert response.status_code == 302
    assert contacts(city) == [
        (1, 1, "a@example.jp", False, ContactState.CONFIRMED),
        (1, 2, "b@example.jp", True, ContactState.RETIRED),
    ]


@pytest.mark.spec("MSG-5")
def test_an_opened_form_saved_unchanged_changes_nothing(
    sender: Client, city: Organization, register: Register
) -> None:
    person = register(
        "山田 花子", household="H", contacts=(mail("a@example.jp", 3, confirmed=True),)
    )
    address = f"/console/people/{person.pk}/change/"
    page = sender.get(address)
    said = {name: value for name, value in page.context["form"].initial.items() if value != ""}
    for line in page.context["contacts"]:
        said |= {f"{line.prefix}-{name}": value for name, value in line.initial.items() if value}
    said |= {"contact-TOTAL_FORMS": 1, "contact-INITIAL_FORMS": 1}

    response = sender.post(address, said)

    assert response.status_code == 302
    with tenancy.acting_for(city.pk):
        assert not AuditEntry.objects.filter(action="person.changed").exists()


@pytest.mark.spec("MSG-5")
def test_of_two_operators_the_second_sees_both_and_loses_nothing(
    sender: Client, city: Organization, register: Register
) -> None:
    person = register("山田 花子", kana="やまだ", contacts=(mail("a@example.jp"),))
    address = f"/console/people/{person.pk}/change/"
    row = {"known": "a@example.jp", "address": "a@example.jp"}
    stale = seen(sender, person)
    sender.post(address, typed(row, name="先の変更", kana="やまだ", seen=stale))

    late = sender.post(address, typed(row, {"address": "b@example.jp"}, kana="あと", seen=stale))
    page = late.content.decode()
    told = [(one.label, one.before, one.after) for one in late.context["differences"]]
    stored = only(city).name
    again = typed(
        row, {"address": "b@example.jp"}, kana="あと", seen=late.context["form"]["seen"].value()
    )
    third = sender.post(address, again)

    assert (late.status_code, stored, third.status_code) == (409, "先の変更", 302)
    assert "ほかの操作者が、先にこの方を変更しました" in page
    assert told == [
        ("氏名", "先の変更", "山田 花子"),
        ("ふりがな", "やまだ", "あと"),
        ("連絡先", "（なし）", "メール2 b@example.jp（未確認）"),
    ]
    assert (only(city).name, only(city).kana) == ("山田 花子", "あと")


@pytest.mark.parametrize("stale", ["", "zzz", "2026-99-99T00:00:00", "2020-01-01T00:00:00"])
def test_a_form_without_a_readable_time_is_a_conflict(
    sender: Client, register: Register, stale: str
) -> None:
    person = register("山田 花子")

    response = sender.post(f"/console/people/{person.pk}/change/", typed(seen=stale))

    assert response.status_code == 409


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_keeps_people_in_it(
    city: Organization,
    first_school: Unit,
    second_school: Unit,
    register: Register,
    signed_in: Callable[[Operator], Client],
) -> None:
    mine, other = register("本校", unit=first_school), register("他校", unit=second_school)
    teacher = signed_in(hire(city, "t", Role.SENDER, first_school))
    form = teacher.get(NEW).context["form"]

    assert [value for value, _name in form.fields["unit"].choices] == [str(first_school.pk)]
    for unit in (second_school.pk, ""):
        said = typed(unit=unit, seen=seen(teacher, mine))
        assert teacher.post(f"/console/people/{mine.pk}/change/", said).status_code == 422
        assert teacher.post(NEW, typed(unit=unit)).status_code == 422
    for path in ("", "change/", "delete/"):
        assert teacher.get(f"/console/people/{other.pk}/{path}").status_code == 404
    assert teacher.post(f"/console/people/{other.pk}/change/", typed()).status_code == 404
    assert teacher.post(f"/console/people/{other.pk}/delete/").status_code == 404
    assert teacher.post(f"/console/people/{other.pk}/return/").status_code == 404


def test_a_viewer_changes_nobody(viewer: Client, register: Register) -> None:
    person = register("甲")

    assert viewer.get(f"/console/people/{person.pk}/").status_code == 200
    for path in ("new/", f"{person.pk}/change/", f"{person.pk}/delete/"):
        assert viewer.get(f"/console/people/{path}").status_code == 403
    assert viewer.post(f"/console/people/{person.pk}/delete/").status_code == 403
    assert viewer.get("/console/people/export.csv").status_code == 403


@pytest.mark.spec("SMS-13")
def test_a_form_that_comes_back_after_signing_in_anew_is_looked_at_first(
    sender: Client, city: Organization
) -> None:
    said = typed({"address": "a@example.jp"}, name="髙﨑 𠮷子", _resumed=NEW)

    page = sender.post(NEW, said).content.decode()

    assert ("髙﨑 𠮷子" in page, "まだ保存されていません" in page) == (True, False)
    with tenancy.acting_for(city.pk):
        assert Recipient.objects.count() == 0


@pytest.mark.parametrize("total", ["", "x", "-1", "99999", "31"])
def test_a_broken_number_of_rows_is_no_failure(sender: Client, total: str) -> None:
    for more in ({}, {"more": "1"}):
        said = typed({"address": "a@example.jp"}, **more) | {"contact-TOTAL_FORMS": total}

        assert sender.post(NEW, said).status_code in {200, 302, 422}
