"""From a file to the address book by the pages, and everything that may come between."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import organizations, preferences, tenancy
from denrei.accounts.models import AuditEntry, Organization, Preset, Role, Unit
from denrei.accounts.preferences import Preferences
from denrei.directory.intake.models import SILENCE, ImportState, PeopleImport
from denrei.directory.models import Recipient
from tests.directory.intake.conftest import now_of
from tests.directory.intake.queue import do_jobs
from tests.web.console.conftest import browser, hire
from tests.web.console.importing.conftest import IMPORT, Send, text_of


def examined(send: Send, content: str | None = None, **given: object) -> str:
    """Have a file examined; return the address of its import."""
    one = send(content, **given) if content else send(**given)
    do_jobs()
    return f"{IMPORT}{one.pk}/"


def people(city: Organization) -> list[str]:
    with tenancy.acting_for(city.pk):
        return list(Recipient.objects.order_by("code").values_list("name", flat=True))


@pytest.mark.spec("MSG-5")
def test_the_look_tells_each_row_what_will_be_created_and_what_is_ignored(
    city: Organization, admin: Client, send: Send
) -> None:
    address = examined(send)

    page = text_of(admin, address)

    assert "まだ何も登録していません。" in page
    assert "2人を取り込む" in page
    assert "1行に誤りがあります" in page
    assert "メールアドレス「=1」：" in page
    assert "使わない列" in page
    assert "備考" in page
    assert "新しい連絡グループ" in page
    assert people(city) == []


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ("all", ["山田太郎", "佐藤", "髙﨑𠮷"]),
        ("new", ["山田太郎", "髙﨑𠮷"]),
        ("refused", ["佐藤"]),
        ("nonsense", ["佐藤"]),
    ],
)
def test_rows_are_shown_by_their_fate(
    admin: Client, send: Send, rows: str, names: list[str]
) -> None:
    page = text_of(admin, f"{examined(send)}?rows={rows}")

    assert [name for name in ("山田太郎", "佐藤", "髙﨑𠮷") if name in page] == names


@pytest.mark.parametrize(
    ("page", "first"),
    [
        ("1", "2"),
        ("2", "52"),
        ("3", "102"),
        ("99", "102"),
        ("-1", "2"),
        ("x", "2"),
        ("9" * 99, "2"),
    ],
)
def test_rows_come_page_by_page(admin: Client, send: Send, page: str, first: str) -> None:
    rows = "".join(f"{n},氏名{n}\n" for n in range(2, 106))
    address = examined(send, f"利用者コード,氏名\n{rows}")

    shown = text_of(admin, f"{address}?rows=all&page={page}")

    assert f"<span>氏名{first} <" in shown
    assert shown.count('scope="row"') <= 50


@pytest.mark.spec("MSG-5", "ALL-3")
def test_a_press_imports_and_a_second_press_does_nothing(
    city: Organization, admin: Client, send: Send
) -> None:
    address = examined(send)
    run = {"run": "1"}

    first = admin.post(f"{address}apply/", run)
    second = admin.post(f"{address}apply/", run, follow=True)
    do_jobs()

    assert first["Location"] == address
    assert "二重には取り込みません" in second.content.decode()
    page = text_of(admin, address)
    assert "2人を取り込みました" in page
    assert "登録しました" in text_of(admin, f"{address}?rows=new")
    assert people(city) == ["山田太郎", "髙﨑𠮷"]
    with tenancy.acting_for(city.pk):
        assert AuditEntry.objects.filter(action="people.imported").count() == 1


@pytest.mark.parametrize(
    ("typed", "status"), [("", 422), ("1", 422), ("二", 422), ("２人", 302), ("2", 302)]
)
def test_above_the_limit_the_number_is_typed(
    city: Organization, admin: Client, send: Send, typed: str, status: int
) -> None:
    with tenancy.acting_for(city.pk):
        preferences.save(city, Preferences(labels={}, typed_count_above=1), None)
    address = examined(send)

    response = admin.post(f"{address}apply/", {"run": "1", "typed": typed})

    assert response.status_code == status
    if status == 422:
        assert "人数が違います。" in response.content.decode()
        assert f'value="{typed}"' in response.content.decode()


@pytest.mark.parametrize("run", ["", "x", "0", "7", "-1", "9" * 30])
def test_what_no_page_showed_is_not_imported(
    city: Organization, admin: Client, send: Send, run: str
) -> None:
    address = examined(send)

    response = admin.post(f"{address}apply/", {"run": run}, follow=True)

    assert "状態が変わりました" in response.content.decode()
    assert admin.get(address).context["one"].state == ImportState.EXAMINED


def test_what_changed_since_the_look_is_told_and_nothing_is_written(
    city: Organization, admin: Client, send: Send
) -> None:
    address = examined(send)
    with tenancy.acting_for(city.pk):
        Recipient.objects.create(organization=city, code="3", name="佐々木")

    admin.post(f"{address}apply/", {"run": "1"})
    do_jobs()

    page = text_of(admin, address)
    assert "取り込まずに、もう一度確認しました（1行の結果が変わりました）" in page
    assert "結果が変わった行" in page
    assert people(city) == ["佐々木"]


@pytest.mark.spec("MSG-5")
def test_refused_rows_come_back_to_be_corrected_and_imported(
    city: Organization, admin: Client, send: Send
) -> None:
    address = examined(send)

    response = admin.get(f"{address}refused.csv")
    data = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(data)))

    assert rows[0] == [
        "行", "取り込めない理由", "利用者コード", "氏名", "連絡グループ", "メールアドレス", "備考",
    ]  # fmt: skip
    assert (rows[1][0], rows[1][2:]) == ("3", ["2", "佐藤", "1年", "'=1", "y"])
    again = examined(send, data.replace("'=1", "sato@example.jp"))
    assert "1人を取り込む" in text_of(admin, again)


def test_while_it_waits_the_page_says_so_and_a_worker_that_is_missing_is_named(
    admin: Client, send: Send
) -> None:
    one = send()
    address = f"{IMPORT}{one.pk}/"

    assert "順番を待っています" in text_of(admin, address)
    move(one, moved_at=timezone.now() - timedelta(seconds=12))

    page = text_of(admin, address)
    assert "まだ始まっていません" in page
    assert "denrei worker" in page
    assert 'hx-trigger="every 5s"' in page


def move(one: PeopleImport, **values: object) -> None:
    """Put an import where a worker would have left it."""
    with tenancy.acting_for(one.organization_id):
        PeopleImport.objects.filter(pk=one.pk).update(**values)


def test_progress_is_rows_of_rows(admin: Client, send: Send) -> None:
    one = send()
    move(one, state=ImportState.EXAMINING, rows_done=1200, rows_expected=4800)

    page = text_of(admin, f"{IMPORT}{one.pk}/")

    assert "1,200</b>／約4,800行" in page
    assert 'width="25.00%"' in page


def test_a_piece_of_work_that_died_is_seen_and_begun_anew(admin: Client, send: Send) -> None:
    one = send()
    address = f"{IMPORT}{one.pk}/"
    move(one, state=ImportState.EXAMINING, moved_at=timezone.now() - 2 * SILENCE)

    assert "途中で止まっています" in text_of(admin, address)
    admin.post(f"{address}again/")
    do_jobs()

    assert "取り込みの確認" in text_of(admin, address)
    told = admin.post(f"{address}again/", follow=True).content.decode()
    assert "状態が変わりました" in told


def test_a_page_that_watches_is_told_when_there_is_more(admin: Client, send: Send) -> None:
    address = f"{IMPORT}{send().pk}/"

    before = admin.get(address, headers={"HX-Request": "true"})
    do_jobs()
    after = admin.get(address, headers={"HX-Request": "true"})

    assert ("HX-Refresh" in before, after["HX-Refresh"]) == (False, "true")


@pytest.mark.parametrize("is_examined", [True, False])
def test_an_import_that_is_cancelled_leaves_nothing(
    city: Organization, admin: Client, send: Send, is_examined: bool
) -> None:
    one = send()
    if is_examined:
        do_jobs()

    response = admin.post(f"{IMPORT}{one.pk}/cancel/", follow=True)
    do_jobs()

    assert "取りやめました" in response.content.decode()
    assert "取り込みませんでした" in text_of(admin, f"{IMPORT}{one.pk}/")
    assert now_of(one).state == ImportState.CANCELLED
    late = admin.post(f"{IMPORT}{one.pk}/apply/", {"run": "1"}, follow=True)
    assert "状態が変わりました" in late.content.decode()
    assert people(city) == []


def test_a_file_that_only_the_worker_can_open_is_told(admin: Client, send: Send) -> None:
    address = examined(send, "利用者コード,氏名\n,\n")

    page = text_of(admin, address)

    assert "このファイルは取り込めません" in page
    assert "見出しの下に行がありません。" in page


def test_nothing_to_do_has_no_button(admin: Client, send: Send) -> None:
    assert "取り込める人がいません" in text_of(admin, examined(send, "氏名\n=1\n"))
    text = "利用者コード,氏名\n1,山田\n"
    address = examined(send, text)
    admin.post(f"{address}apply/", {"run": "1"})
    do_jobs()

    again = text_of(admin, examined(send, text))

    assert "すでにこのファイルのとおりです" in again


def test_words_of_a_file_are_shown_as_text(admin: Client, send: Send) -> None:
    page = text_of(admin, examined(send, "氏名,<b>\n<script>alert(1)</script>,\n"))

    assert "<script>alert" not in page
    assert "&lt;b&gt;" in page


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_sees_the_imports_of_it_alone_and_imports_into_it(
    city: Organization, send: Send, first_school: Unit, second_school: Unit
) -> None:
    first = browser(city, hire(city, "first", Role.SENDER, first_school))
    colleague = browser(city, hire(city, "colleague", Role.SENDER, first_school))
    second = browser(city, hire(city, "second", Role.SENDER, second_school))
    text = "利用者コード,氏名,所属\n1,山田,\n2,佐藤,第二小学校\n"
    address = examined(send, text.replace("\n1,", ",メール\n1,"), client=first)

    assert "第一小学校の範囲で取り込みます。" in text_of(colleague, address)
    for path in ("", "refused.csv"):
        assert second.get(f"{address}{path}").status_code == 404
    for path in ("apply/", "cancel/", "again/"):
        assert second.post(f"{address}{path}", {"run": "1"}).status_code == 404
    assert "名簿.csv" not in text_of(second, IMPORT)
    colleague.post(f"{address}apply/", {"run": "1"})
    do_jobs()
    with tenancy.acting_for(city.pk):
        assert [person.unit for person in Recipient.objects.all()] == [first_school]


@pytest.mark.spec("ALL-5")
def test_another_organization_s_import_is_not_there(send: Send) -> None:
    north = organizations.create("north", "北市", Preset.CITY)
    stranger = browser(north, hire(north, "stranger"))
    address = examined(send)

    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{address}refused.csv").status_code == 404
    assert stranger.post(f"{address}apply/", {"run": "1"}).status_code == 404
    assert "名簿.csv" not in text_of(stranger, IMPORT)


@pytest.mark.parametrize("path", ["", "apply/", "cancel/", "again/", "refused.csv"])
def test_an_import_that_is_not_there_is_not_found(admin: Client, path: str) -> None:
    address = f"{IMPORT}999999999/{path}"
    answer = admin.post(address) if path.endswith("/") else admin.get(address)

    assert answer.status_code == 404
