"""Children whom a row names: whose may be changed."""

from __future__ import annotations

import pytest

from denrei.accounts import tenancy, units
from denrei.accounts.models import Operator, Organization
from denrei.directory.models import Household, Subject
from tests.directory.importing.test_import import apply, dry_run


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_changes_no_child_of_another(school: Organization) -> None:
    with tenancy.acting_for(school.pk):
        first, other = (units.add(school, code, f"第{code}学年") for code in ("1", "2"))
        home = Household.objects.create(organization=school, code="H1")
        for name, unit in (("花子", other), ("次郎", first), ("三郎", None)):
            Subject.objects.create(
                organization=school, household=home, name=name, unit=unit, class_name="1組"
            )
        actor = Operator.objects.create(organization=school, login="a", name="a", unit=first)
    heading = (
        "利用者コード,氏名,世帯コード,児童名1,児童クラス1,児童名2,児童クラス2,児童名3,児童クラス3"
    )
    text = f"{heading}\n1,山田,H1,花子,9組,次郎,9組,三郎,9組\n"

    (fate,) = dry_run(school, text, actor=actor)
    apply(school, text, actor=actor)

    with tenancy.acting_for(school.pk):
        classes = dict(Subject.objects.values_list("name", "class_name"))
        assert (3, {"花子": "1組", "次郎": "9組", "三郎": "9組"}) == (
            Subject.objects.count(),
            classes,
        )
    assert ["児童「花子」は担当の所属の外で登録されているため、変更しません。"] == [*fate.warnings]
