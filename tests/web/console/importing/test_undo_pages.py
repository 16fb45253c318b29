"""Undoing an import by the pages, and what the history of a person tells of imports."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from denrei.accounts import preferences, tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.accounts.preferences import Preferences
from denrei.directory import several
from denrei.directory.intake.models import PeopleImport
from denrei.directory.models import Recipient, RecipientState
from tests.directory.intake.queue import do_jobs
from tests.web.console.conftest import hire
from tests.web.console.importing.conftest import IMPORT, Send, text_of

FIRST = "利用者コード,氏名,メールアドレス\n1,山田太郎,taro@example.jp\n2,佐藤次郎,jiro@example.jp\n"
SECOND = "利用者コード,氏名,メールアドレス\n1,山田太朗,taro@example.jp\n2,佐藤二郎,jiro@example.jp\n3,髙﨑𠮷,t@example.jp\n"


def applied(send: Send, admin: Client, content: str) -> PeopleImport:
    """Import a file by the pages."""
    one = send(content)
    do_jobs()
    admin.post(f"{IMPORT}{one.pk}/apply/", {"run": "1"})
    do_jobs()
    return one


def names(city: Organization) -> list[str]:
    with tenancy.acting_for(city.pk):
        return list(Recipient.objects.order_by("code").values_list("name", flat=True))


def undo_of(one: PeopleImport) -> str:
    return f"{IMPORT}{one.pk}/undo/"


@pytest.mark.spec("MSG-5", "ALL-3")
def test_an_import_is_undone_by_two_presses(city: Organization, admin: Client, send: Send) -> None:
    applied(send, admin, FIRST)
    one = applied(send, admin, SECOND)
    assert f'href="{undo_of(one)}"' in text_of(admin, f"{IMPORT}{one.pk}/")

    asked = text_of(admin, undo_of(one))
    assert "3人を元に戻す" in asked
    assert names(city) == ["山田太朗", "佐藤二郎", "髙﨑𠮷"]
    pressed = admin.post(undo_of(one), {"run": "2"})
    again = admin.post(undo_of(one), {"run": "2"}, follow=True)
    assert "元に戻しているところ" in again.content.decode()
    assert "元に戻し終わるまで、名簿は変わりません。" in again.content.decode()
    do_jobs()

    assert pressed["Location"] == f"{IMPORT}{one.pk}/"
    done = text_of(admin, f"{IMPORT}{one.pk}/")
    assert "取り込みを元に戻しました" in done
    assert names(city) == ["山田太郎", "佐藤次郎"]
    assert admin.get(undo_of(one)).status_code == 302


@pytest.mark.spec("MSG-5")
def test_who_stays_is_named_before_and_afterwards(
    city: Organization, admin: Client, send: Send
) -> None:
    applied(send, admin, FIRST)
    one = applied(send, admin, SECOND)
    with tenancy.acting_for(city.pk):
        changed = Recipient.objects.get(code="2")
        several.move(Operator.objects.all()[0], [changed.pk], RecipientState.LEFT)
    link = f'href="/console/people/{changed.pk}/"'

    asked = text_of(admin, undo_of(one))
    assert ("そのままにする1人" in asked, link in asked) == (True, True)
    admin.post(undo_of(one), {"run": "2"})
    do_jobs()

    done = text_of(admin, f"{IMPORT}{one.pk}/")
    assert ("そのままにする1人" in done, link in done) == (True, True)
    assert names(city) == ["山田太郎", "佐藤二郎"]


@pytest.mark.parametrize(
    ("typed", "status"), [("", 422), ("2", 422), ("三", 422), ("３人", 302), ("3", 302)]
)
def test_above_the_limit_the_number_is_typed(
    city: Organization, admin: Client, send: Send, typed: str, status: int
) -> None:
    one = applied(send, admin, SECOND)
    with tenancy.acting_for(city.pk):
        preferences.save(city, Preferences(labels={}, typed_count_above=1), None)

    response = admin.post(undo_of(one), {"run": "2", "typed": typed})

    assert response.status_code == status
    if status == 422:
        assert "人数が違います。" in response.content.decode()
        assert f'value="{typed}"' in response.content.decode()


@pytest.mark.spec("MSG-5")
def test_imports_since_are_listed_and_the_box_is_ticked(
    city: Organization, admin: Client, send: Send
) -> None:
    """Also one that found all as it was, and so could not be written."""
    applied(send, admin, FIRST)
    one = applied(send, admin, SECOND)
    assert 'name="aware"' not in text_of(admin, undo_of(one))
    confirmed = applied(send, admin, SECOND)
    asked = text_of(admin, undo_of(one))
    assert "別の取り込みが1件あります" in asked
    assert f'href="{IMPORT}{confirmed.pk}/"' in asked
    assert "変更なし3人" in asked

    unticked = admin.post(undo_of(one), {"run": "2"})
    assert (unticked.status_code, "ここに印を付けて" in unticked.content.decode()) == (422, True)
    newer = applied(send, admin, FIRST.replace("佐藤次郎", "佐藤二郎"))
    late = admin.post(undo_of(one), {"run": "2", "aware": str(confirmed.pk)})
    assert (late.status_code, "表示した後に" in late.content.decode()) == (422, True)
    assert "別の取り込みが2件あります" in late.content.decode()
    ticked = admin.post(undo_of(one), {"run": "2", "aware": str(newer.pk)})
    do_jobs()

    assert ticked.status_code == 302
    assert names(city) == ["山田太郎", "佐藤次郎"]


@pytest.mark.spec("MSG-5", "ALL-5")
def test_imports_since_of_others_are_counted_but_not_named(
    city: Organization,
    admin: Client,
    send: Send,
    first_school: Unit,
    signed_in: Callable[[Operator], Client],
) -> None:
    teacher = signed_in(hire(city, "teacher", Role.SENDER, first_school))
    one = send(FIRST, client=teacher)
    do_jobs()
    teacher.post(f"{IMPORT}{one.pk}/apply/", {"run": "1"})
    do_jobs()
    hidden = applied(send, admin, "利用者コード,氏名\n1,山田太朗\n")

    asked = text_of(teacher, undo_of(one))

    assert "1人を元に戻す" in asked
    assert "別の取り込みが1件あります" in asked
    assert "外の操作者による取り込みが1件あります。" in asked
    assert f'href="{IMPORT}{hidden.pk}/"' not in asked


@pytest.mark.parametrize("run", ["", "x", "1", "7"])
def test_what_no_page_showed_is_not_undone(
    city: Organization, admin: Client, send: Send, run: str
) -> None:
    one = applied(send, admin, FIRST)

    response = admin.post(undo_of(one), {"run": run}, follow=True)

    assert response.status_code == 200
    do_jobs()
    assert len(names(city)) == 2


@pytest.mark.spec("MSG-5", "ALL-3")
def test_the_history_of_a_person_names_the_imports(
    city: Organization, admin: Client, viewer: Client, send: Send
) -> None:
    first = applied(send, admin, FIRST)
    second = applied(send, admin, SECOND)
    with tenancy.acting_for(city.pk):
        person = Recipient.objects.get(code="1")
    address = f"/console/people/{person.pk}/"

    history = text_of(admin, address).partition('id="history"')[2]
    assert [word for word in re.findall(r"<b>(.*?)</b>", history) if "取り込み" in word] == [
        "取り込みで変更",
        "取り込みで登録",
    ]
    assert "氏名（山田太郎→山田太朗）" in history
    for one in (first, second):
        assert f'href="{IMPORT}{one.pk}/"' in history
    assert "名簿.csv" in text_of(viewer, address)
    assert IMPORT not in text_of(viewer, address).partition('id="history"')[2]

    admin.post(undo_of(second), {"run": "2"})
    do_jobs()
    assert "取り込みを元に戻した（前の内容に戻した）" in text_of(admin, address)


@pytest.mark.spec("ALL-5")
def test_an_operator_of_another_unit_undoes_nothing(
    city: Organization,
    admin: Client,
    send: Send,
    first_school: Unit,
    signed_in: Callable[[Operator], Client],
) -> None:
    one = applied(send, admin, FIRST)
    teacher = signed_in(hire(city, "teacher", Role.SENDER, first_school))

    assert teacher.get(undo_of(one)).status_code == 404
    assert teacher.post(undo_of(one), {"run": "2"}).status_code == 404
