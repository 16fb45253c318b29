"""Whom a file means: by name, by code, never by a guess."""

from __future__ import annotations

from typing import Any

import pytest

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Organization, Unit
from denrei.directory.models import ContactGroup, Position, Recipient
from tests.project.broadcast_file.written import LEAST, File

pytestmark = pytest.mark.django_db


@pytest.mark.spec("MSG-3")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"everybody": True}, {"everybody": True}, id="everybody"),
        pytest.param({"units": ["H10"]}, {"units": ["本庁"]}, id="a unit by code"),
        pytest.param(
            {"groups": ["本部員", "2"], "positions": ["課長"]},
            {"groups": ["本部員", "参集第1班"], "positions": ["課長"]},
            id="either",
        ),
        pytest.param(
            {"groups": ["本部員"], "positions": ["課長"], "match": "all"},
            {"groups": ["本部員"], "positions": ["課長"], "both": True},
            id="both",
        ),
        pytest.param({"people": ["A2", "A1", "A2"]}, {"recipients": ["A1", "A2"]}, id="by code"),
    ],
)
def test_whom_it_means(
    city: Organization, file: File, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    chosen = file.order(city, LEAST | {"audience": given}).selection

    with tenancy.acting_for(city.pk):
        named = {
            "units": [unit.name for unit in Unit.objects.filter(pk__in=chosen.units)],
            "groups": [ContactGroup.objects.get(pk=pk).name for pk in chosen.groups],
            "positions": [Position.objects.get(pk=pk).name for pk in chosen.positions],
            "recipients": [Recipient.objects.get(pk=pk).code for pk in chosen.recipients],
            "everybody": chosen.everybody,
            "both": chosen.both,
        }
    assert expected == {name: value for name, value in named.items() if value}


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        pytest.param(None, "[audience] に対象を書いてください", id="no table"),
        pytest.param({}, "[audience] に対象を書いてください", id="nobody"),
        pytest.param({"everybody": False}, "[audience] に対象を書いてください", id="not everybody"),
        pytest.param({"groups": []}, "[audience] に対象を書いてください", id="no group"),
        pytest.param({"everybody": "yes"}, "[audience] の everybody には true か false", id="yes"),
        pytest.param(
            {"everybody": True, "groups": ["本部員"]}, "groups と一緒には書けません", id="both"
        ),
        pytest.param(
            {"groups": "本部員"}, '[audience] の groups には ["…", "…"] の形', id="a word"
        ),
        pytest.param(
            {"groups": ["同名"]}, "「同名」は2つ以上あります。コードで", id="two of a name"
        ),
        pytest.param({"groups": [""]}, "連絡グループ「」は登録されていません", id="blank"),
        pytest.param(
            {"units": ["支所"]},
            "所属「支所」は登録されていません（登録：本庁、中央小学校）",
            id="unit",
        ),
        pytest.param({"people": ["佐藤"]}, "利用者コード「佐藤」の在籍者はいません", id="a name"),
        pytest.param({"people": ["A9"]}, "利用者コード「A9」の在籍者はいません", id="who has left"),
        pytest.param({"people": [""]}, "利用者コード「」の在籍者はいません", id="no code"),
        pytest.param(
            {"groups": ["本部員"], "match": "both"}, "match には any（いずれか）か all", id="match"
        ),
        pytest.param(
            {"everybody": True, "except": ["A1"]},
            "[audience] の except という項目はありません（書ける項目：everybody、groups、match",
            id="unknown key",
        ),
    ],
)
def test_an_audience_that_is_not_clear_is_told(
    city: Organization, file: File, given: Any, complaint: str
) -> None:
    assert any(complaint in line for line in file.complaints(city, LEAST | {"audience": given}))


@pytest.mark.spec("ALL-5")
def test_another_organization_s_words_are_out_of_reach(city: Organization, file: File) -> None:
    other = organizations.create("other", "別の市")

    told = file.complaints(other, LEAST | {"audience": {"people": ["A1"], "groups": ["本部員"]}})

    assert [
        "発生区分「地震発生」は登録されていません（登録：なし）。",
        "連絡グループ「本部員」は登録されていません（登録：なし）。",
        "利用者コード「A1」の在籍者はいません。",
    ] == told
