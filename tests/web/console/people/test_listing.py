"""The list of people."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.directory import paging
from denrei.directory.models import ContactGroup, Position, Recipient, RecipientState
from tests.web.console.conftest import hire
from tests.web.console.people.conftest import Register, mail


def names(client: Client, query: str = "") -> list[str]:
    """Return the names in the list, in order."""
    page = client.get(f"/console/people/{query}").content.decode()
    return re.findall(r'<a href="/console/people/\d+/">([^<]+)</a>', page)


@pytest.mark.spec("MSG-5")
def test_the_list_is_in_order_of_reading(viewer: Client, register: Register) -> None:
    register("山田 花子", kana="やまだ はなこ")
    register("髙﨑 𠮷之介", kana="たかさき きちのすけ")

    assert names(viewer) == ["髙﨑 𠮷之介", "山田 花子"]
    assert names(viewer, "?sort=-kana") == ["山田 花子", "髙﨑 𠮷之介"]


@pytest.mark.spec("MSG-5")
@pytest.mark.parametrize(
    "query", ["ﾔ", "ヤマダ", "山", "A-0", "hanako@", "1年", "班", "高崎", "吉"]
)
def test_any_part_finds(viewer: Client, city: Organization, register: Register, query: str) -> None:
    with tenancy.acting_for(city.pk):
        group = ContactGroup.objects.create(organization=city, code="g1", name="1年")
        position = Position.objects.create(organization=city, code="p1", name="班長")
    register(
        "山田 髙﨑 𠮷子",
        kana="やまだ",
        code="A-001",
        groups=frozenset({group.pk}),
        positions=frozenset({position.pk}),
        contacts=(mail("hanako@example.jp"),),
    )
    register("見本 三郎", kana="みほん")

    assert names(viewer, f"?q={query}") == ["山田 髙﨑 𠮷子"]


@pytest.mark.spec("MSG-5")
def test_filters_hold_at_once_and_stay_in_the_address(
    viewer: Client, city: Organization, first_school: Unit, register: Register
) -> None:
    with tenancy.acting_for(city.pk):
        group = ContactGroup.objects.create(organization=city, code="g1", name="1年")
    register("甲", unit=first_school, groups=frozenset({group.pk}))
    register("乙", unit=first_school)
    register("丙", groups=frozenset({group.pk}))
    query = f"?q=&unit={first_school.pk}&group={group.pk}&state=any&sort=code&size=100"

    page = viewer.get(f"/console/people/{query}").content.decode()

    assert names(viewer, query) == ["甲"]
    for name, value in (("unit", first_school.pk), ("group", group.pk)):
        select = re.search(rf'<select class="in" id="{name}".*?</select>', page, re.DOTALL)
        assert select is not None
        assert f'<option value="{value}" selected>' in select[0]
    assert '<option value="code" selected>' in page


@pytest.mark.spec("EMC-6", "SCH-2", "MSG-5")
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("", ["エラー", "未確認", "正常", "連絡先なし"]),
        ("suppressed", ["エラー"]),
        ("unconfirmed", ["未確認"]),
        ("unreachable", ["連絡先なし"]),
        ("left", ["退会"]),
        ("any", ["エラー", "未確認", "正常", "連絡先なし", "退会"]),
    ],
)
def test_people_are_narrowed_by_state(
    viewer: Client, city: Organization, register: Register, state: str, expected: list[str]
) -> None:
    register("エラー", kana="1", contacts=(mail("bad@example.jp", confirmed=True),))
    register("未確認", kana="2", contacts=(mail("new@example.jp"),))
    register("正常", kana="3", contacts=(mail("ok@example.jp", confirmed=True),))
    register("連絡先なし", kana="4")
    register("退会", kana="5", state=RecipientState.LEFT)
    with tenancy.acting_for(city.pk), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO suppression (organization_id, medium, address_key, reason, until)"
            " VALUES (%s, 1, 'bad@example.jp', 1, now() + interval '1 day'),"
            " (%s, 1, 'ok@example.jp', 1, now() - interval '1 day')",
            [city.pk, city.pk],
        )

    assert names(viewer, f"?state={state}") == expected


@pytest.mark.spec("MSG-5")
def test_pages_are_turned_by_links(
    viewer: Client, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        register(f"仮名 {number:02}", kana=f"{number:02}", contacts=(mail("a@example.jp"),))

    first = viewer.get("/console/people/?q=仮&size=50").content.decode()
    on = re.search(r'rel="next" href="([^"]+)"', first)
    assert on is not None
    forward = on[1].replace("&amp;", "&")
    second = viewer.get(f"/console/people/{forward}").content.decode()
    back = re.search(r'rel="prev" href="([^"]+)"', second)
    assert back is not None

    assert "60人のうち 1～50人目" in first
    assert "60人のうち 51～60人目" in second
    assert names(viewer, forward) == [f"仮名 {number:02}" for number in range(50, 60)]
    assert names(viewer, back[1].replace("&amp;", "&"))[0] == "仮名 00"


def test_a_count_above_the_cap_says_so(
    viewer: Client, city: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "COUNTED", 10)
    with tenancy.acting_for(city.pk):
        people = [Recipient(organization=city, name=f"甲{number}") for number in range(51)]
        Recipient.objects.bulk_create(people)

    assert "10人以上" in viewer.get("/console/people/").content.decode()
    with tenancy.acting_for(city.pk):
        people[0].delete()
    assert "50人のうち" in viewer.get("/console/people/?size=50").content.decode()


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_sees_and_is_offered_his_own(
    city: Organization,
    first_school: Unit,
    second_school: Unit,
    register: Register,
    signed_in: Callable[[Operator], Client],
) -> None:
    register("本校", unit=first_school)
    register("他校", unit=second_school)
    register("市の人")
    teacher = signed_in(hire(city, "t", Role.SENDER, first_school))

    page = teacher.get("/console/people/").content.decode()

    assert names(teacher) == ["本校"]
    assert names(teacher, f"?unit={second_school.pk}&q=校") == ["本校"]
    assert "第二小学校" not in page


@pytest.mark.spec("ALL-5")
@pytest.mark.parametrize("sort", ["kana", "-kana", "code", "updated_at"])
def test_a_page_beside_somebody_elses_person_tells_nothing_of_him(
    city: Organization,
    first_school: Unit,
    second_school: Unit,
    register: Register,
    signed_in: Callable[[Operator], Client],
    sort: str,
) -> None:
    register("あ", kana="あ", code="1", unit=first_school)
    other = register("い", kana="い", code="2", unit=second_school)
    register("う", kana="う", code="3", unit=first_school)
    teacher = signed_in(hire(city, "t", Role.SENDER, first_school))

    for way in ("after", "before"):
        assert names(teacher, f"?sort={sort}") == names(teacher, f"?sort={sort}&{way}={other.pk}")


@pytest.mark.parametrize(
    "query",
    ["?unit=x&group=-1&position=99999999999999999999&state=zzz&sort=;drop&size=9", "?after=0", "?before=1&skip=x",
     "?q=%00%ff", f"?q={'あ' * 500}", "?after=999999999999999999"],
)  # fmt: skip
def test_addresses_that_make_no_sense_show_a_list(
    viewer: Client, register: Register, query: str
) -> None:
    register("甲")

    assert viewer.get(f"/console/people/{query}").status_code == 200


def test_empty_lists_say_what_to_do(viewer: Client, admin: Client) -> None:
    nobody = admin.get("/console/people/").content.decode()
    reader = viewer.get("/console/people/").content.decode()
    nothing = admin.get("/console/people/?q=zzz").content.decode()

    assert "1人目を登録する" in nobody
    assert ("1人目を登録する" in reader, "依頼してください" in reader) == (False, True)
    assert "条件に合う方は見つかりませんでした" in nothing


def test_a_viewer_is_offered_nothing_that_changes(viewer: Client, register: Register) -> None:
    register("甲")

    page = viewer.get("/console/people/").content.decode()

    assert not [word for word in ("新規", "退会にする", "export.csv", "pickcell") if word in page]


def test_the_number_of_questions_does_not_grow_with_people(
    viewer: Client, city: Organization, register: Register
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            viewer.get("/console/people/")
        return len(queries)

    register("甲", contacts=(mail("a@example.jp"),))
    viewer.get("/console/people/")
    one = asked()
    for number in range(10):
        register(f"乙{number}", contacts=(mail("b@example.jp"),), household=f"H{number}")

    assert asked() == one
