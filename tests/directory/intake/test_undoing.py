"""Undoing a whole import: everybody as before, but for those whom somebody changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from denrei.accounts import tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Organization
from denrei.directory import facts, people, several
from denrei.directory.contacts import Wanted
from denrei.directory.intake import deciding, expiring, running, undoing
from denrei.directory.intake.deciding import ImportMovedError
from denrei.directory.intake.models import (
    KEPT,
    REMEMBERED,
    ImportedPerson,
    ImportState,
    PeopleImport,
)
from denrei.directory.models import (
    Contact,
    ContactGroup,
    ContactState,
    Household,
    Recipient,
    RecipientState,
    Subject,
)
from denrei.domain.states import Medium
from tests.directory.intake.conftest import now_of
from tests.directory.intake.queue import do_jobs, run_jobs

Receive = Callable[..., PeopleImport]

BEFORE = """\
利用者コード,氏名,ふりがな,連絡グループ,役職,状態,メールアドレス1,メールアドレス2,電話番号1,世帯コード,児童名1,児童クラス1
1,山田太郎,やまだたろう,1年;PTA,会長,在籍,taro@example.jp,second@example.jp,03-3456-7890,H1,山田花子,1組
2,佐藤次郎,さとうじろう,1年,,在籍,jiro@example.jp,,,,,
3,鈴木三郎,すずきさぶろう,2年,,退会,saburo@example.jp,,,,,
"""
AFTER = """\
利用者コード,氏名,ふりがな,連絡グループ,役職,状態,メールアドレス1,メールアドレス2,電話番号1,世帯コード,児童名1,児童クラス1,児童名2
1,山田太朗,やまだたろー,2年,（削除）,退会,new@example.jp,taro@example.jp,（削除）,H1,山田花子,2組,山田次郎
2,佐藤次郎,さとうじろう,3年,副会長,在籍,jiro@example.jp,,03-1111-2222,H2,,,
3,鈴木三郎,すずきさぶろう,2年,,在籍,saburo@example.jp,,,,,,
4,高橋四郎,たかはししろう,3年,,在籍,shiro@example.jp,,,H1,,,
5,田中五郎,たなかごろう,,,在籍,goro@example.jp,,,,,,
"""


def applied(receive: Receive, clerk: Operator, content: str) -> PeopleImport:
    """Import a file to its end."""
    one = receive(content)
    do_jobs()
    deciding.order(now_of(one), clerk, run=now_of(one).run)
    do_jobs()
    done = now_of(one)
    assert done.state == ImportState.APPLIED, (done.state, done.fault)
    return done


def undone(one: PeopleImport, clerk: Operator) -> PeopleImport:
    """Have an import undone."""
    deciding.undo(one, clerk, run=one.run, now=timezone.now())
    do_jobs()
    return now_of(one)


def book(town: Organization) -> dict[str, object]:
    """Return all that is known of everybody, by code; and of the children."""
    with tenancy.acting_for(town.pk):
        known: dict[str, object] = {
            person.code: {**facts.of(person), "search": person.search}
            for person in Recipient.objects.order_by("code")
        }
        children = Subject.objects.order_by("name").values_list("name", "kana", "class_name")
        return {**known, "children": list(children)}


def person(town: Organization, code: str) -> Recipient:
    with tenancy.acting_for(town.pk):
        return Recipient.objects.get(code=code)


@pytest.mark.spec("MSG-5", "ALL-3")
def test_an_import_is_undone_whole(town: Organization, clerk: Operator, receive: Receive) -> None:
    applied(receive, clerk, BEFORE)
    before = book(town)
    one = applied(receive, clerk, AFTER)
    assert book(town) != before

    with tenancy.acting_for(town.pk):
        assert undoing.foreseen(one) == {"removed": 2, "left": 0, "restored": 3, "kept": 0}
    done = undone(one, clerk)

    assert book(town) == before
    assert (done.state, done.undoer_name) == (ImportState.UNDONE, clerk.name)
    assert done.undone == {"removed": 2, "left": 0, "restored": 3, "kept": 0}
    with tenancy.acting_for(town.pk):
        entry = AuditEntry.objects.get(action="people.import_undone")
        assert (entry.actor_id, entry.after["rows"]["restored"]) == (clerk.pk, 3)
        assert not ImportedPerson.objects.filter(people_import=one).exclude(before=None).exists()


@pytest.mark.spec("MSG-5")
def test_the_same_file_can_be_imported_and_undone_again(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    applied(receive, clerk, BEFORE)
    before = book(town)
    undone(applied(receive, clerk, AFTER), clerk)
    after = book(town)
    second = applied(receive, clerk, AFTER)

    assert (second.counts["new"], second.counts["changed"]) == (2, 3)
    assert undone(second, clerk).state == ImportState.UNDONE
    assert book(town) == before == after


@pytest.mark.spec("MSG-5")
def test_imports_are_undone_one_after_the_other(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    first = applied(receive, clerk, BEFORE)
    undone(applied(receive, clerk, AFTER), clerk)

    assert undone(first, clerk).undone == {"removed": 3, "left": 0, "restored": 0, "kept": 0}
    with tenancy.acting_for(town.pk):
        assert not Recipient.objects.exists()
        assert not Contact.objects.exists()
        assert not Subject.objects.exists()


@pytest.mark.spec("MSG-5")
def test_who_was_changed_since_is_left_and_listed(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    applied(receive, clerk, BEFORE)
    before = book(town)
    one = applied(receive, clerk, AFTER)
    with tenancy.acting_for(town.pk):
        several.move(clerk, [person(town, "2").pk], RecipientState.LEFT)
        third = person(town, "4")
        people.change(
            clerk,
            third.pk,
            people.Entry(
                name="高橋四朗",
                code="4",
                contacts=(
                    Wanted(medium=Medium.MAIL, address="x@example.jp", key="x@example.jp", slot=1),
                ),
            ),
            third.updated_at,
        )
    changed = book(town)

    done = undone(one, clerk)

    assert done.undone == {"removed": 1, "left": 0, "restored": 2, "kept": 2}
    now = book(town)
    assert (now["1"], now["3"]) == (before["1"], before["3"])
    assert (now["2"], now["4"]) == (changed["2"], changed["4"])
    assert "5" not in now
    with tenancy.acting_for(town.pk):
        kept = one.people.filter(outcome="kept").order_by("recipient__code")
        assert list(kept.values_list("recipient__code", flat=True)) == ["2", "4"]


@pytest.mark.spec("MSG-5")
def test_a_later_import_of_the_same_people_is_a_change_since(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    first = applied(receive, clerk, BEFORE)
    second = applied(receive, clerk, AFTER)

    assert undone(first, clerk).undone["kept"] == 3
    assert undone(second, clerk).undone["kept"] == 0
    assert undone_again(first, clerk)


def undone_again(one: PeopleImport, clerk: Operator) -> bool:
    """Tell whether an import that was undone refuses to be undone once more."""
    with pytest.raises(ImportMovedError):
        deciding.undo(one, clerk, run=one.run, now=timezone.now())
    return True


@pytest.mark.spec("MSG-5")
def test_who_was_meant_by_a_broadcast_since_leaves_instead(
    town: Organization, clerk: Operator, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied(receive, clerk, BEFORE)
    one = applied(receive, clerk, AFTER)
    named = {person(town, "4").pk, person(town, "1").pk}
    monkeypatch.setattr(undoing, "_namers", [lambda people: named & set(people)])

    done = undone(one, clerk)

    assert done.undone == {"removed": 1, "left": 1, "restored": 3, "kept": 0}
    assert person(town, "4").state == RecipientState.LEFT
    with tenancy.acting_for(town.pk):  # written to since: the contact is kept for the story
        contact = Contact.objects.get(address="new@example.jp")
        assert contact.state == ContactState.RETIRED


@pytest.mark.spec("MSG-5")
def test_what_a_person_did_since_stays(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    applied(receive, clerk, BEFORE)
    one = applied(receive, clerk, AFTER)
    with tenancy.acting_for(town.pk):
        owner = person(town, "2")
        mail = Contact.objects.filter(recipient=owner, medium=Medium.MAIL)
        mail.update(state=ContactState.CONFIRMED)
        Contact.objects.create(
            organization=town, recipient=owner, medium=Medium.APP, address="d", address_key="d"
        )
        Subject.objects.filter(name="山田花子").update(class_name="3組")

    undone(one, clerk)

    with tenancy.acting_for(town.pk):
        assert mail.get().state == ContactState.CONFIRMED
        assert owner.contacts.filter(medium=Medium.APP, state=ContactState.UNCONFIRMED).exists()
        assert Subject.objects.get().class_name == "3組"


def test_lists_and_units_that_are_gone_stay_gone(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    school = units.add(town, "S1", "第一小")
    applied(
        receive,
        clerk,
        "利用者コード,氏名,所属コード,連絡グループ,世帯コード\n1,甲,S1,1年,H1\n2,乙,,1年,H2\n",
    )
    units.add(town, "S2", "第二小")
    one = applied(
        receive,
        clerk,
        "利用者コード,氏名,所属コード,連絡グループ,世帯コード\n1,甲,S2,2年,H3\n2,乙,,2年,H3\n",
    )
    with tenancy.acting_for(town.pk):
        school.delete()
        ContactGroup.objects.get(name="1年").delete()
        Household.objects.get(code="H2").delete()

    done = undone(one, clerk)

    assert done.undone == {"removed": 0, "left": 0, "restored": 1, "kept": 1}
    assert person(town, "1").unit_id is not None
    restored = person(town, "2")
    assert (restored.household_id, restored.memberships.count()) == (None, 0)


@pytest.mark.spec("MSG-5")
def test_a_worker_that_dies_leaves_all_as_it_was_and_another_one_goes_on(
    town: Organization, clerk: Operator, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied(receive, clerk, BEFORE)
    before = book(town)
    one = applied(receive, clerk, AFTER)
    after = book(town)
    deciding.undo(one, clerk, run=one.run, now=timezone.now())
    present = now_of(one)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("denrei.directory.intake.undoing.audit.record", die)
        with pytest.raises(KeyboardInterrupt):
            running.work(town.pk, one.pk, present.run)
    assert (book(town), now_of(one).state) == (after, ImportState.UNDOING)
    running.hand_back(town.pk, one.pk, present.run)
    assert now_of(one).state == ImportState.UNDO_ORDERED

    running.broke(town.pk, one.pk, present.run)
    deciding.again(now_of(one), timezone.now())
    run_jobs()

    assert (book(town), now_of(one).state) == (before, ImportState.UNDONE)


@pytest.mark.spec("MSG-5")
def test_an_import_is_undone_within_a_week(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    one = applied(receive, clerk, BEFORE)
    late = timezone.now() + REMEMBERED + timedelta(minutes=1)

    with pytest.raises(ImportMovedError):
        deciding.undo(one, clerk, run=one.run, now=late)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE denrei_worker")
        expiring.expire(late)
        cursor.execute("RESET ROLE")
    with tenancy.acting_for(town.pk):
        assert list(one.people.values_list("before", flat=True)) == [None] * 3


def test_one_that_nobody_undid_for_a_day_stays_in_the_address_book(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    one = applied(receive, clerk, BEFORE)
    deciding.undo(one, clerk, run=one.run, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE denrei_worker")
        expiring.expire(timezone.now() + KEPT + timedelta(minutes=1))
        cursor.execute("RESET ROLE")
    do_jobs()

    assert now_of(one).state == ImportState.APPLIED
    assert person(town, "1").name == "山田太郎"


def test_only_what_was_written_can_be_undone(clerk: Operator, receive: Receive) -> None:
    one = receive()
    with pytest.raises(ImportMovedError):
        deciding.undo(one, clerk, run=one.run, now=timezone.now())
    do_jobs()
    with pytest.raises(ImportMovedError):
        deciding.undo(now_of(one), clerk, run=now_of(one).run, now=timezone.now())
