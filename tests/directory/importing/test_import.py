"""A file of people: the dry run tells each row's fate, the import does what the dry run told."""

from __future__ import annotations

import io

import pytest

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Organization, Unit
from denrei.directory import importing
from denrei.directory.importing.fates import Fate, Summary, Verdict
from denrei.directory.importing.faults import FileFault, ImportConflictError, ImportFileError
from denrei.directory.models import (
    Contact,
    ContactGroup,
    ContactState,
    GroupMember,
    Household,
    PositionHolder,
    Recipient,
    RecipientState,
    Subject,
)
from denrei.domain.states import Medium

PEOPLE = """\
利用者コード,氏名,ふりがな,所属,連絡グループ,役職,世帯コード,メールアドレス1,メールアドレス2,携帯(SMS),電話番号,児童名,児童クラス
1,山田太郎,やまだたろう,第一小学校,1年;PTA,会長,H1,Taro@example.jp,a..b@docomo.ne.jp,090-1234-5678,045-123-4567,山田花子,1組
2,山田良子,やまだりょうこ,第一小学校,1年,,H1,ryoko@example.jp,,,,山田花子,1組
"""


def csv(text: str) -> io.BytesIO:
    """Return a file."""
    return io.BytesIO(text.encode())


def dry_run(
    organization: Organization, text: str, *, create: bool = False, actor: Operator | None = None
) -> list[Fate]:
    """Return the fates that a dry run tells."""
    fates: list[Fate] = []
    importing.dry_run(organization, csv(text), fates.append, create_missing=create, actor=actor)
    return fates


def apply(
    organization: Organization, text: str, *, create: bool = False, actor: Operator | None = None
) -> Summary:
    """Import; check that the fates are those of the dry run."""
    expected = dry_run(organization, text, create=create, actor=actor)
    fates: list[Fate] = []
    summary = importing.apply(
        organization, csv(text), fates.append, create_missing=create, actor=actor
    )
    assert fates == expected
    return summary


def verdicts(fates: list[Fate]) -> list[str]:
    """Return what becomes of each row."""
    return [fate.verdict.value for fate in fates]


@pytest.mark.spec("MSG-5")
def test_people_come_in_with_all_that_the_file_says(school: Organization) -> None:
    summary = apply(school, PEOPLE, create=True)

    with tenancy.acting_for(school.pk):
        taro = Recipient.objects.get(code="1")
        contacts = taro.contacts.in_order().values_list("medium", "slot", "address", "receives")
        assert (taro.name, taro.kana, taro.language, taro.state) == (
            "山田太郎",
            "やまだたろう",
            "ja",
            RecipientState.ACTIVE,
        )
        assert taro.unit is not None
        assert (taro.unit.name, taro.unit.path) == ("第一小学校", f"/{taro.unit_id}/")
        assert list(contacts) == [
            (Medium.MAIL, 1, "Taro@example.jp", True),
            (Medium.MAIL, 2, "a..b@docomo.ne.jp", True),
            (Medium.SMS, 1, "+819012345678", True),
            (Medium.PHONE, 1, "+81451234567", True),
        ]
        assert {member.group.name for member in taro.memberships.all()} == {"1年", "PTA"}
        assert [held.position.name for held in taro.positions_held.all()] == ["会長"]
        assert "やまだたろう" in taro.search
        assert "taro@example.jp" in taro.search
    assert summary.counts == {**dict.fromkeys(Verdict, 0), Verdict.NEW: 2}
    assert summary.created == {
        "所属": ("第一小学校",),
        "連絡グループ": ("1年", "PTA"),
        "役職": ("会長",),
        "世帯": ("H1",),
    }


@pytest.mark.spec("NEW-5")
def test_namesakes_in_two_new_households_are_two_children(school: Organization) -> None:
    file = "利用者コード,氏名,児童名\n1,山田太郎,花子\n2,山田太郎,花子\n3,山田太郎,花子"
    importing.apply(school, io.BytesIO(file.encode()), create_missing=True)
    with tenancy.acting_for(school.pk):
        homes = Subject.objects.filter(name="花子").values_list("household__code", flat=True)
        assert ["1", "2", "3"] == sorted(homes)


def test_two_guardians_of_a_household_have_one_child(school: Organization) -> None:
    apply(school, PEOPLE, create=True)

    with tenancy.acting_for(school.pk):
        home = Household.objects.get(code="H1")
        assert home.members.count() == 2
        assert [(child.name, child.class_name) for child in home.subjects.all()] == [
            ("山田花子", "1組")
        ]


@pytest.mark.spec("MSG-5")
def test_a_dry_run_writes_nothing(school: Organization) -> None:
    fates = dry_run(school, PEOPLE, create=True)

    with tenancy.acting_for(school.pk):
        written = [
            model._default_manager.count()
            for model in (Recipient, Contact, Unit, ContactGroup, Household, Subject, AuditEntry)
        ]
    assert verdicts(fates) == ["new", "new"]
    assert set(written) == {0}


def test_the_same_file_again_changes_nothing(school: Organization) -> None:
    apply(school, PEOPLE, create=True)

    assert verdicts(dry_run(school, PEOPLE)) == ["unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        ("氏名\n1,山田大郎", ("氏名（山田太郎→山田大郎）",)),
        ("氏名,ふりがな\n1,山田太郎,（削除）", ("ふりがな（やまだたろう→空欄）",)),
        ("氏名,連絡グループ\n1,山田太郎,1年", ("連絡グループ",)),
        ("氏名,役職\n1,山田太郎,（削除）", ("役職",)),
        ("氏名,所属\n1,山田太郎,（削除）", ("所属",)),
        ("氏名,言語,状態\n1,山田太郎,英語,退会", ("言語（日本語→英語）", "状態（在籍→退会）")),
        ("氏名,メールアドレス2\n1,山田太郎,new@example.jp", ("メールアドレス2",)),
        ("氏名,受信する2\n1,山田太郎,×", ("受信する2",)),
        ("氏名,電話番号\n1,山田太郎,（削除）", ("電話番号1",)),
        ("氏名,児童名,児童クラス\n1,山田太郎,山田花子,2組", ("児童名",)),
        ("氏名,備考\n1,山田太郎,x", ()),
    ],
)
def test_the_dry_run_tells_which_columns_change_and_the_import_changes_them(
    school: Organization, row: str, changed: tuple[str, ...]
) -> None:
    apply(school, PEOPLE, create=True)
    text = f"利用者コード,{row}\n"

    (fate,) = dry_run(school, text)
    apply(school, text)
    (again,) = dry_run(school, text)

    assert fate.changed == changed
    assert again.verdict is Verdict.UNCHANGED


@pytest.mark.spec("EMC-6")
def test_a_column_that_is_left_out_silences_nobody(school: Organization) -> None:
    apply(school, PEOPLE, create=True)

    apply(school, "利用者コード,氏名,メールアドレス1\n1,山田太郎,\n2,山田良子,\n")

    with tenancy.acting_for(school.pk):
        assert Contact.objects.receiving().count() == 5


def test_an_address_that_gives_way_is_kept_as_retired(school: Organization) -> None:
    apply(school, PEOPLE, create=True)
    with tenancy.acting_for(school.pk):
        Contact.objects.update(state=ContactState.CONFIRMED)

    apply(school, "利用者コード,氏名,メールアドレス1\n2,山田良子,new@example.jp\n")

    with tenancy.acting_for(school.pk):
        contacts = Contact.objects.filter(recipient__code="2").order_by("id")
        states = list(contacts.values_list("address", "state"))
        search = Recipient.objects.get(code="2").search
    assert states == [
        ("ryoko@example.jp", ContactState.RETIRED),
        ("new@example.jp", ContactState.UNCONFIRMED),
    ]
    assert "ryoko@" not in search


def test_a_person_without_a_code_is_known_by_name_and_first_address(school: Organization) -> None:
    apply(school, "氏名,メールアドレス\n山田 太郎,taro@example.jp\n")

    fates = dry_run(
        school,
        "利用者コード,氏名,メールアドレス\n"
        ",山田　太郎,TARO@example.jp\n"
        ",山田次郎,taro@example.jp\n"
        "9,山田三郎,taro@example.jp\n",
    )

    assert verdicts(fates) == ["changed", "new", "new"]


@pytest.mark.spec("EMC-6")
def test_a_shared_number_behind_the_first_address_makes_nobody_the_same(
    school: Organization,
) -> None:
    text = (
        "氏名,メールアドレス,電話番号\n"
        "佐藤誠,a@example.jp,045-123-4567\n"
        "佐藤誠,b@example.jp,045-123-4567\n"
        "佐藤誠,,045-123-4567\n"
    )
    apply(school, text)

    assert verdicts(dry_run(school, text)) == ["unchanged", "unchanged", "unchanged"]


def test_a_person_without_a_code_gets_the_one_that_the_file_gives(school: Organization) -> None:
    apply(school, "氏名,メールアドレス\n山田太郎,taro@example.jp\n")

    apply(school, "利用者コード,氏名,メールアドレス\n7,山田太郎,taro@example.jp\n")

    with tenancy.acting_for(school.pk):
        assert [recipient.code for recipient in Recipient.objects.all()] == ["7"]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param("1,山田,\n1,佐藤,\n", id="the same code"),
        pytest.param(",山田,a@example.jp\n,山田,A@example.jp\n", id="name and address"),
        pytest.param("1,山田,a@example.jp\n,山田,a@example.jp\n", id="one of them has a code"),
        pytest.param(",山田,a@example.jp\n1,山田,a@example.jp\n", id="the second has a code"),
    ],
)
def test_the_second_row_of_one_person_is_refused_with_the_line_of_the_first(
    school: Organization, rows: str
) -> None:
    first, second = dry_run(school, f"利用者コード,氏名,メールアドレス\n{rows}")

    assert (first.verdict, second.verdict) == (Verdict.NEW, Verdict.REFUSED)
    assert second.reasons == ("2行目と同じ方です。どちらかの行を消してください。",)


def test_what_nobody_created_is_refused_by_name_and_created_on_demand(
    school: Organization,
) -> None:
    first, second = dry_run(school, PEOPLE)

    assert first.reasons == (
        "所属「第一小学校」は登録されていません。",
        "世帯「H1」は登録されていません。",
        "連絡グループ「1年」は登録されていません。",
        "連絡グループ「PTA」は登録されていません。",
        "役職「会長」は登録されていません。",
    )
    assert second.verdict is Verdict.REFUSED


def test_a_refused_row_creates_nothing(school: Organization) -> None:
    text = "利用者コード,氏名,連絡グループ\n1,山田,1年\n1,佐藤,2年\n,鈴木,3年\n"

    summary = apply(school, text, create=True)

    assert summary.created == {"連絡グループ": ("1年",)}
    assert (summary.counts[Verdict.NEW], summary.counts[Verdict.REFUSED]) == (1, 2)


def test_full_width_and_half_width_names_are_one_group(school: Organization) -> None:
    apply(school, "利用者コード,氏名,連絡グループ\n1,山田,１年;1年\n2,佐藤,1年\n", create=True)

    with tenancy.acting_for(school.pk):
        assert [
            (group.name, group.memberships.count()) for group in ContactGroup.objects.all()
        ] == [("１年", 2)]


def test_a_name_that_two_units_have_must_be_given_as_a_code(school: Organization) -> None:
    for code in ("A", "B"):
        units.add(school, code, "総務課")

    by_name, by_code = dry_run(
        school, "利用者コード,氏名,所属,所属コード\n1,山田,総務課,\n2,佐藤,,B\n"
    )

    assert by_name.reasons == (
        "所属「総務課」が2つ以上登録されています。コードで指定してください。",
    )
    assert by_code.verdict is Verdict.NEW


def test_a_person_who_left_stays_so_with_a_word(school: Organization) -> None:
    apply(school, "利用者コード,氏名,状態\n1,山田,退会\n")

    (fate,) = dry_run(school, "利用者コード,氏名\n1,山田\n")

    assert (fate.verdict, len(fate.warnings)) == (Verdict.UNCHANGED, 1)


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_touches_nobody_outside_it(school: Organization) -> None:
    with tenancy.acting_for(school.pk):
        first, other = (units.add(school, code, f"第{code}学年") for code in ("1", "2"))
        Recipient.objects.create(organization=school, code="x", name="佐藤", unit=other)
        actor = Operator.objects.create(organization=school, login="a", name="a", unit=first)
    text = "利用者コード,氏名,所属\n1,山田,\n2,鈴木,第1学年\n3,高橋,第2学年\nx,佐藤,\n4,田中,1組\n"

    fates = dry_run(school, text, create=True, actor=actor)
    apply(school, text, create=True, actor=actor)

    with tenancy.acting_for(school.pk):
        within = set(Recipient.objects.within(first).values_list("code", flat=True))
        below = Unit.objects.get(name="1組").path
    assert verdicts(fates) == ["new", "new", "refused", "refused", "new"]
    assert within == {"1", "2", "4"}
    assert below.startswith(first.path)


@pytest.mark.spec("ALL-5")
def test_the_people_of_another_organization_are_not_recognized(school: Organization) -> None:
    apply(organizations.create("other", "第二小学校"), PEOPLE, create=True)

    assert verdicts(dry_run(school, PEOPLE, create=True)) == ["new", "new"]


@pytest.mark.spec("ALL-3")
def test_an_import_is_one_entry_of_the_audit_trail(school: Organization) -> None:
    with tenancy.acting_for(school.pk):
        actor = Operator.objects.create(organization=school, login="sato", name="佐藤")

    summary = apply(school, PEOPLE, create=True, actor=actor)

    with tenancy.acting_for(school.pk):
        (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.actor_name, entry.subject_kind) == (
        "people.imported",
        "佐藤",
        "organization",
    )
    assert entry.after == {
        "digest": summary.digest,
        "rows": {"new": 2, "changed": 0, "unchanged": 0, "refused": 0},
        "created": {"所属": 1, "連絡グループ": 2, "役職": 1, "世帯": 1},
    }


def test_another_file_than_that_of_the_dry_run_is_refused(school: Organization) -> None:
    summary = importing.dry_run(school, csv(PEOPLE), lambda _: None)

    with pytest.raises(ImportFileError) as refused:
        importing.apply(school, csv(PEOPLE + "\n"), expected_digest=summary.digest)

    assert refused.value.fault is FileFault.OTHER_FILE


def test_people_changed_meanwhile_by_somebody_else_stop_the_import(school: Organization) -> None:
    def somebody_else(fate: Fate) -> None:
        Recipient.objects.create(organization=school, code=fate.code, name="佐藤")

    with pytest.raises(ImportConflictError, match="もう一度"):
        importing.apply(school, csv(PEOPLE), somebody_else, create_missing=True)

    with tenancy.acting_for(school.pk):
        assert (Recipient.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_header_without_rows_is_refused(school: Organization) -> None:
    with pytest.raises(ImportFileError) as refused:
        dry_run(school, "利用者コード,氏名\n,\n")

    assert refused.value.fault is FileFault.NO_ROWS


def test_unknown_columns_are_told(school: Organization) -> None:
    summary = importing.dry_run(school, csv("利用者コード,氏名,備考\n1,山田,x\n"), print)

    assert summary.unknown_columns == ("備考",)


def test_batches_join_without_a_seam(school: Organization) -> None:
    rows = "".join(f"{number},氏名{number},{number % 7}組\n" for number in range(2_500))
    text = f"利用者コード,氏名,連絡グループ\n{rows}0,二度目,1組\n"

    summary = apply(school, text, create=True)

    with tenancy.acting_for(school.pk):
        assert GroupMember.objects.count() == 2_500
        assert PositionHolder.objects.count() == 0
    assert (summary.counts[Verdict.NEW], summary.counts[Verdict.REFUSED]) == (2_500, 1)
