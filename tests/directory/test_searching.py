"""Finding people by any part of what is known of them."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import Operator, Organization
from denrei.directory import search, searching
from denrei.directory.models import (
    Contact,
    ContactGroup,
    ContactState,
    GroupMember,
    Position,
    PositionHolder,
    Recipient,
    RecipientState,
)
from denrei.directory.searching import Plain, Search, Standing
from denrei.domain import text
from denrei.domain.states import Medium


def register(organization: Organization, name: str, **more: object) -> Recipient:
    """Register a person with his text for the search."""
    kana, code = str(more.get("kana", "")), str(more.get("code", ""))
    addresses = more.pop("addresses", ())
    assert isinstance(addresses, tuple)
    return Recipient.objects.create(
        organization=organization,
        name=name,
        search=search.text_for(name, kana, code, addresses),
        **more,
    )


def names(organization: Organization, wanted: Search, operator: Operator | None = None) -> set[str]:
    """Return the names that a search finds."""
    asking = operator or Operator(organization=organization)
    return set(searching.people(asking, wanted).values_list("name", flat=True))


@pytest.mark.spec("MSG-5")
@pytest.mark.parametrize(
    "query",
    ["山", "花", "ﾔﾏﾀﾞ", "ヤマダ", "やまだ", "だ は", "山田花子", "A-00", "hanako@", "ｈａｎａｋｏ", "90-1234", "０９０－１２３４",
     "(090)1234", "+81 90", "1234-5678", "団", "消防", "班長", "-"],
)  # fmt: skip
def test_any_part_finds_the_person(school: Organization, query: str) -> None:
    with tenancy.acting_for(school.pk):
        found = register(
            school,
            "山田 花子",
            kana="やまだ はなこ",
            code="A-001",
            addresses=("hanako@example.jp", "+819012345678"),
        )
        register(school, "見本 三郎", kana="みほん さぶろう")
        group = ContactGroup.objects.create(organization=school, code="G", name="消防団")
        GroupMember.objects.create(organization=school, group=group, recipient=found)
        position = Position.objects.create(organization=school, code="P", name="班長")
        PositionHolder.objects.create(organization=school, position=position, recipient=found)

        assert names(school, Search(text=query)) == {"山田 花子"}


@pytest.mark.parametrize("query", ["%", "_", "\\", "'", "''; --", "%L", "\\%", "高﨑%"])
def test_a_sign_of_sql_stands_for_itself(school: Organization, query: str) -> None:
    with tenancy.acting_for(school.pk):
        register(school, "見本 三郎")
        register(school, f"記号{query}入り")

        assert names(school, Search(text=query)) == {f"記号{query}入り"}


@pytest.mark.parametrize("query", ["", " ", "ー", "\u200b"])
def test_a_query_that_says_nothing_finds_everybody(school: Organization, query: str) -> None:
    with tenancy.acting_for(school.pk):
        register(school, "見本 三郎")

        assert names(school, Search(text=query)) == {"見本 三郎"}


_LETTERS = st.text(
    st.sampled_from("山田髙﨑𠮷邊花子やまだはなこヤマダハナコﾔﾏﾀﾞｶﾞﾊﾟＡａZz09 　ー-@."),
    min_size=1,
    max_size=12,
)


@pytest.mark.spec("MSG-5")
@given(name=_LETTERS, kana=_LETTERS, code=_LETTERS)
def test_whatever_was_stored_is_found_by_its_own_words(name: str, kana: str, code: str) -> None:
    stored = search.text_for(name, kana, code, ())
    for word in (name, kana, code, name.swapcase(), name.replace(" ", "　")):
        parts = search.parts_of(word)

        assert not parts or any(part in stored for part in parts)


@given(name=_LETTERS, start=st.integers(0, 11), length=st.integers(1, 12))
def test_each_part_of_what_is_shown_finds_it(name: str, start: int, length: int) -> None:
    shown = text.fold(name)
    part = shown[start : start + length]

    assert not part or search.parts_of(part)[0] in search.text_for(name, "", "", ())


_ASKED = (
    "people_found(ARRAY['山田', '花', '%'], NULL, 100)",
    "people_having(ARRAY['山田', '花', '山田花子'], NULL, NULL, 100)",
    "people_ordered(ARRAY['山田', '花', '山田花子'], NULL, NULL, 'kana', false, NULL, 100)",
)


@pytest.mark.spec("ALL-5")
@pytest.mark.parametrize("asked", _ASKED)
@pytest.mark.parametrize("sample", ["0.2", "100"])
def test_the_search_tells_nothing_of_other_organizations(
    school: Organization, asked: str, sample: str
) -> None:
    other = organizations.create("other", "別の学校")
    with tenancy.acting_for(other.pk):
        register(other, "山田 花子")
    question = f"SELECT count(*) FROM {asked}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('denrei.sample', %s, true)", [sample])
        cursor.execute(question)
        nobody = cursor.fetchone()[0]
        with tenancy.acting_for(school.pk):
            cursor.execute(question)
            school_sees = cursor.fetchone()[0]
        with tenancy.acting_for(other.pk):
            cursor.execute(question)
            other_sees = cursor.fetchone()[0]

    assert (nobody, school_sees, other_sees) == (0, 0, 1)


@pytest.mark.parametrize(("asked", "most"), [("山", 2), ("山", 100), ("見", 2)])
def test_the_search_leaves_the_planner_of_its_caller_alone(
    school: Organization, asked: str, most: int
) -> None:
    """Whether the order is walked, or the index read."""
    settings = "SELECT current_setting('enable_bitmapscan'), current_setting('enable_indexscan')"
    with tenancy.acting_for(school.pk), connection.cursor() as cursor:
        for number in range(20):
            register(school, f"山田 {number}")
        register(school, "見本 三郎")
        cursor.execute("SELECT set_config('denrei.sample', '100', true)")
        found = searching.ordered(
            Plain(parts=(asked,), units=None, states=None),
            "kana",
            descending=False,
            beside=None,
            most=most,
        )
        cursor.execute(settings)

        assert (len(found), cursor.fetchone()) == (
            min(most, 20 if asked == "山" else 1),
            ("on", "on"),
        )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["people_found", "people_having", "people_ordered"])
def test_only_the_owner_of_the_table_is_shown_every_row(name: str) -> None:
    """A definer function that isn't a superuser's is under the wall, too, but for this policy."""
    policy = Recipient._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.polcmd, p.polroles = ARRAY[c.relowner], f.proowner = c.relowner, f.prosecdef"
            " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid, pg_proc f"
            " WHERE c.relname = %s AND p.polname = 'search' AND f.proname = %s",
            [policy, name],
        )
        row = cursor.fetchone()

    assert row == ("r", True, True, True)


@pytest.mark.spec("ALL-5")
@pytest.mark.parametrize("query", ["", "山", "山田 花子"])
def test_an_operator_of_a_unit_finds_his_own_people(school: Organization, query: str) -> None:
    grade = units.add(school, "1", "1年")
    room, elsewhere = units.add(school, "1-1", "1組", grade), units.add(school, "2", "2年")
    with tenancy.acting_for(school.pk):
        for unit in (grade, room, elsewhere, None):
            register(school, f"山田 花子 {unit.code if unit else ''}", unit=unit)
        teacher = Operator(organization=school, unit=grade)

        assert names(school, Search(text=query), teacher) == {"山田 花子 1", "山田 花子 1-1"}
        assert names(school, Search(unit=elsewhere), teacher) == set()


@pytest.mark.spec("MSG-5")
def test_many_finds_are_walked_instead_of_listed(
    school: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "CAP", 2)
    with tenancy.acting_for(school.pk):
        for number in range(4):
            register(school, f"山田 {number}")
        register(school, "見本 三郎")
        group = ContactGroup.objects.create(organization=school, code="G", name="山の会")
        member = register(school, "仮名 六実")
        GroupMember.objects.create(organization=school, group=group, recipient=member)

        found = names(school, Search(text="山"))

    assert found == {"仮名 六実", *(f"山田 {number}" for number in range(4))}


@pytest.mark.spec("SCH-2", "SCH-3")
@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing.ACTIVE, {"確認済", "未確認", "なし", "停止のみ", "受信しない", "3番"}),
        (Standing.LEFT, {"退会"}),
        (Standing.ANY, {"確認済", "未確認", "なし", "停止のみ", "受信しない", "3番", "退会"}),
        (Standing.UNCONFIRMED, {"未確認"}),
        (Standing.UNREACHABLE, {"なし", "停止のみ", "受信しない", "3番"}),
    ],
)
def test_people_are_narrowed_by_how_they_stand(
    school: Organization, standing: Standing, expected: set[str]
) -> None:
    with tenancy.acting_for(school.pk):
        for name, state, receives in (
            ("確認済", ContactState.CONFIRMED, True),
            ("未確認", ContactState.UNCONFIRMED, True),
            ("停止のみ", ContactState.RETIRED, True),
            ("受信しない", ContactState.CONFIRMED, False),
            ("3番", ContactState.CONFIRMED, True),
        ):
            Contact.objects.create(
                organization=school,
                recipient=register(school, name),
                medium=Medium.MAIL,
                address="a@example.jp",
                address_key="a@example.jp",
                state=state,
                receives=receives,
                slot=3 if name == "3番" else 1,
            )
        register(school, "なし")
        register(school, "退会", state=RecipientState.LEFT)

        assert names(school, Search(standing=standing)) == expected


@pytest.mark.spec("ALL-5")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("function", "may"),
    [
        ("people_having(text[], bigint[], smallint[], integer)", True),
        ("people_ordered(text[], bigint[], smallint[], text, boolean, bigint, integer)", True),
        ("people_condition(text[], boolean)", False),
        ("people_estimate(text[], bigint[], smallint[], text, text, bigint)", False),
    ],
)
def test_pages_may_ask_only_what_is_narrow(function: str, may: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('denrei_app', %s, 'execute'),"
            " has_function_privilege('public', %s, 'execute')",
            [function, function],
        )
        row = cursor.fetchone()

    assert row == (may, False)
