"""Acts, fields and values in words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import denrei
from denrei.accounts import labels
from denrei.accounts.models import Organization, Preset
from denrei.accounts.second_factor import Event
from denrei.web.console.trail import differences, sentences, words

LABELS = labels.of(Organization(preset=Preset.SCHOOL, settings={}))


def recorded() -> Iterator[str]:
    """Yield every action that the source names in a call that records."""
    for path in Path(denrei.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func).endswith("record"):
                yield from (
                    found.value
                    for argument in node.args
                    for found in ast.walk(argument)
                    if isinstance(found, ast.Constant) and _is_action(found.value)
                )


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _is_action(value: object) -> bool:
    parts = value.split(".") if isinstance(value, str) else []
    return len(parts) == 2 and all(part.isidentifier() for part in parts)


@pytest.mark.spec("ALL-3")
def test_every_act_that_is_recorded_has_a_sentence() -> None:
    actions = {*recorded(), *Event}

    assert "operator.added" in actions
    assert set() == actions - set(sentences.SENTENCES)


@pytest.mark.parametrize("action", sentences.SENTENCES)
def test_every_sentence_is_whole_with_and_without_a_name(action: str) -> None:
    said = [sentences.say(action, LABELS, name) for name in ("", "髙﨑")]

    assert all(text.endswith(("ました", "ませんでした")) and "%" not in text for text in said)


def test_lists_are_called_as_the_organization_calls_them() -> None:
    assert "学年「1年」を追加しました" == sentences.say("contact_group.added", LABELS, "1年")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"name": "甲", "code": "1"}, {"name": "乙", "code": "1"}, [("名称", "甲", "乙")]),
        ({"is_active": True}, {"is_active": False}, [("使用できる", "はい", "いいえ")]),
        ({"role": "viewer"}, {"role": "admin"}, [("権限", "閲覧者", "管理者")]),
        ({"unit": None}, {"unit": "S1 第一小"}, [("所属", "なし", "S1 第一小")]),
        (
            {"change_networks": []},
            {"change_networks": ["a", "b"]},
            [("変更できる接続元", "なし", "a\nb")],
        ),
        (None, {"name": "甲", "email": "", "order": 0}, [("名称", None, "甲")]),
        ({"name": "甲"}, None, [("名称", "甲", None)]),
        ({"labels": {"groups": "年"}}, {"labels": {}}, [("学年", "年", "なし")]),
        ({"state": 1}, {"state": 2}, [("状態", "在籍", "退会")]),
        (None, {"recipients": [4, 5]}, [("人数", None, "2")]),
        ({"ids": [1]}, {"ids": [2]}, []),
        (
            None,
            {"contacts": [{"medium": 1, "address": "a@example.jp", "state": 1}]},
            [("連絡先", None, "手段：メール、アドレス：a@example.jp、状態：確認済")],
        ),
        (None, None, []),
    ],
)
def test_differences(
    before: dict[str, object] | None, after: dict[str, object] | None, expected: object
) -> None:
    found = differences.between(before, after, LABELS)

    assert expected == [(one.field, one.before, one.after) for one in found]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NAMES = st.sampled_from([*words.FIELDS, "else"])


@given(st.dictionaries(NAMES, JSON), st.none() | st.dictionaries(NAMES, JSON))
def test_whatever_was_recorded_is_shown(
    before: dict[str, object], after: dict[str, object] | None
) -> None:
    for one in differences.between(before, after, LABELS):
        assert all(isinstance(text, str | None) for text in (one.field, one.before, one.after))
