"""Undoing an import: the children whom it named, and whom others may have named since (NEW-5)."""

from __future__ import annotations

import pytest

from denrei.accounts import tenancy, units
from denrei.accounts.models import Operator, Organization
from denrei.directory import households
from denrei.directory.intake import undoing
from denrei.directory.models import Household, Subject
from tests.directory.intake.test_undoing import Receive, applied, undone

FATHER = """\
利用者コード,氏名,所属コード,世帯コード,児童名1,児童クラス1
1,山田太郎,S1,H1,山田花子,1組
"""
MOTHER = """\
利用者コード,氏名,所属コード,世帯コード,児童名1,児童クラス1
2,山田良子,S1,H1,山田花子,1組
"""


def set_unit(town: Organization, clerk: Operator) -> None:
    """Set nothing but the unit of each child on the page of the household."""
    household = Household.objects.get(code="H1")
    households.set_children(
        clerk,
        household,
        [
            households.Child(
                id=child.pk,
                name=child.name,
                kana=child.kana,
                class_name=child.class_name,
                unit=units.add(town, "S2", "第二小"),
            )
            for child in household.subjects.all()
        ],
    )


@pytest.mark.spec("MSG-5", "NEW-5")
@pytest.mark.parametrize(
    ("since", "counts", "children"),
    [
        ("nothing", {"removed": 1, "left": 0, "restored": 0, "kept": 0}, []),
        ("unit", {"removed": 1, "left": 0, "restored": 0, "kept": 1}, ["山田花子"]),
        ("mother", {"removed": 1, "left": 0, "restored": 0, "kept": 1}, ["山田花子"]),
        ("left", {"removed": 0, "left": 1, "restored": 0, "kept": 0}, []),
    ],
)
def test_a_child_whom_somebody_else_named_since_stays(
    town: Organization,
    clerk: Operator,
    receive: Receive,
    monkeypatch: pytest.MonkeyPatch,
    since: str,
    counts: dict[str, int],
    children: list[str],
) -> None:
    units.add(town, "S1", "第一小")
    one = applied(receive, clerk, FATHER)
    if since == "mother":
        applied(receive, clerk, MOTHER)
    with tenancy.acting_for(town.pk):
        if since == "unit":
            set_unit(town, clerk)
        if since == "left":
            monkeypatch.setattr(undoing, "_namers", [lambda people: people])
        assert undoing.foreseen(one) == counts

    assert undone(one, clerk).undone == counts
    with tenancy.acting_for(town.pk):
        assert list(Subject.objects.values_list("name", flat=True)) == children


@pytest.mark.spec("MSG-5", "NEW-5")
def test_a_child_goes_though_its_household_left_in_an_earlier_slice(
    town: Organization, clerk: Operator, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    units.add(town, "S1", "第一小")
    one = applied(receive, clerk, MOTHER.replace("山田花子,1組", ",") + FATHER.partition("\n")[2])
    monkeypatch.setattr(undoing, "_SLICE", 1)
    monkeypatch.setattr(undoing, "_namers", [lambda people: people])

    assert undone(one, clerk).undone == {"removed": 0, "left": 2, "restored": 0, "kept": 0}
    with tenancy.acting_for(town.pk):
        assert not Subject.objects.exists()


@pytest.mark.spec("MSG-5", "NEW-5")
def test_a_child_that_was_there_stays_as_told_where_its_household_was_written_since(
    town: Organization, clerk: Operator, receive: Receive
) -> None:
    units.add(town, "S1", "第一小")
    applied(receive, clerk, FATHER)
    one = applied(receive, clerk, FATHER.replace("1組", "2組"))
    applied(receive, clerk, MOTHER.replace("1組", "2組"))

    assert undone(one, clerk).undone == {"removed": 0, "left": 0, "restored": 1, "kept": 1}
    with tenancy.acting_for(town.pk):
        assert Subject.objects.get().class_name == "2組"
