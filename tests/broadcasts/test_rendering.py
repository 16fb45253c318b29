"""The text of a message: what the form says, in the person's language, and no empty line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from denrei.broadcasts import rendering
from denrei.broadcasts.content import Choice, Content, Phrase, Sender

WHOLE = """\
これは訓練です。
発生日時：11月22日（日）16時13分頃
発生場所：市内全域
状況：震度5弱以上を観測
市内で停電が発生しています。
指示：安否を回答してください
参集できる方は、所属へ向かってください。

次のページを開き、回答してください（開いただけでは回答になりません）。
{{url}}

発信者：防災課
"""
WHOLE_IN_ENGLISH = """\
This is a drill.
Time: 2026-11-22 16:13 (JST)
Place: 市内全域
Situation: Intensity 5-lower or more was observed
市内で停電が発生しています。
Instruction: Please report whether you are safe
参集できる方は、所属へ向かってください。

Open this page and answer (opening it alone is not an answer).
{{url}}

From: 防災課
"""
LEAST = """\
発生日時：11月22日（日）16時13分頃

発信者：防災課
"""
TO_CONFIRM = """\
発生日時：11月22日（日）16時13分頃

次のページを開き、「確認しました」を押してください（開いただけでは確認になりません）。
{{url}}

発信者：防災課
"""
NOTES_ALONE = """\
発生日時：11月22日（日）16時13分頃
状況：確認中です。
指示：自宅で待機してください

発信者：防災課
"""
FULL: dict[str, Any] = {
    "drill": True,
    "place": "市内全域",
    "situation": Phrase(ja="震度5弱以上を観測", en="Intensity 5-lower or more was observed"),
    "situation_note": "市内で停電が発生しています。",
    "instruction": Phrase(ja="安否を回答してください", en="Please report whether you are safe"),
    "instruction_note": "参集できる方は、所属へ向かってください。",
    "choices": (Choice(code="1", words=Phrase(ja="無事です", en="Safe")),),
    "confirm": True,
}


def content(**changes: Any) -> Content:
    """Return a content that says the least."""
    least: dict[str, Any] = {
        "organization": "伝令市",
        "incident": Phrase(ja="地震発生", en="Earthquake"),
        "occurred_at": datetime(2026, 11, 22, 7, 13, 59, tzinfo=UTC),
        "time_zone": "Asia/Tokyo",
        "signed": "防災課",
        "confirm": False,
    }
    return Content(**(least | changes))


@pytest.mark.spec("MSG-2", "NEW-3")
@pytest.mark.parametrize(
    ("changes", "language", "expected"),
    [
        pytest.param(FULL, "ja", WHOLE, id="all of it"),
        pytest.param(FULL, "en", WHOLE_IN_ENGLISH, id="all of it in English"),
        pytest.param({}, "ja", LEAST, id="nothing that is empty"),
        pytest.param({"confirm": True}, "ja", TO_CONFIRM, id="to be confirmed"),
        pytest.param(
            {
                "situation_note": "確認中です。",
                "instruction": Phrase(ja="自宅で待機してください"),
            },
            "ja",
            NOTES_ALONE,
            id="a note stands where no situation was chosen",
        ),
    ],
)
def test_the_text_says_what_the_form_says(
    changes: dict[str, Any], language: str, expected: str
) -> None:
    assert expected == rendering.body(content(**changes), language)


@pytest.mark.spec("MSG-8")
@pytest.mark.parametrize(
    ("changes", "language", "expected"),
    [
        ({"choices": FULL["choices"]}, "ja", "返信しても、回答できます。\n1：無事です\n"),
        ({"choices": FULL["choices"]}, "en", "one of these numbers.\n1: Safe\n"),
        ({"confirm": True}, "ja", "「確認しました」とだけ書いて返信しても、確認になります。\n"),
    ],
)
def test_a_mail_that_can_be_answered_by_a_reply_says_how(
    changes: dict[str, Any], language: str, expected: str
) -> None:
    assert expected in rendering.body(content(by_reply=True, **changes), language)
    assert expected not in rendering.body(content(**changes), language)


@pytest.mark.spec("MSG-8")
def test_where_nothing_is_asked_no_reply_is_asked_for() -> None:
    assert rendering.body(content(by_reply=True), "ja") == LEAST


@pytest.mark.spec("ALL-8")
@pytest.mark.parametrize(
    ("drill", "language", "expected"),
    [
        (False, "ja", "地震発生"),
        (True, "ja", "【訓練】地震発生"),
        (False, "en", "Earthquake"),
        (True, "en", "[DRILL] Earthquake"),
    ],
)
def test_the_subject_is_the_incident_and_a_drill_is_marked(
    drill: bool, language: str, expected: str
) -> None:
    assert expected == rendering.subject(content(drill=drill), language)


@pytest.mark.spec("MSG-2", "OPS-9")
@pytest.mark.parametrize(
    ("time_zone", "language", "expected"),
    [
        ("Asia/Tokyo", "ja", "1月1日（木）0時05分頃"),
        ("Asia/Tokyo", "en", "2026-01-01 00:05 (JST)"),
        ("UTC", "ja", "12月31日（水）15時05分頃"),
        ("America/Los_Angeles", "en", "2025-12-31 07:05 (PST)"),
    ],
)
def test_times_are_the_organization_s_to_the_minute(
    time_zone: str, language: str, expected: str
) -> None:
    at = datetime(2025, 12, 31, 15, 5, 59, tzinfo=UTC)

    assert expected == rendering.moment(at, time_zone, language)


@pytest.mark.spec("OPS-6")
def test_a_channel_gets_text_and_sender_under_one_key() -> None:
    said = content(
        sender=Sender(name="伝令市役所", address="k@example.jp", reply_to="r@example.jp")
    )

    sent = rendering.render(said, "en", "7.1.en")

    assert ("7.1.en", "Earthquake", "en") == (sent.key, sent.subject, sent.language)
    assert ("伝令市役所", "k@example.jp", "r@example.jp") == (
        sent.sender_name,
        sent.sender_address,
        sent.reply_to,
    )
    assert sent.body == rendering.body(said, "en")


@pytest.mark.spec("OPS-3")
def test_a_test_to_oneself_says_so_and_is_otherwise_the_same() -> None:
    sent = rendering.trial(content(drill=True), "ja", "test.1")

    assert sent.subject == "【テスト】【訓練】地震発生"
    assert sent.body == (
        "これは自分へのテスト送信です。回答のページは開けません。\n\n"
        + rendering.body(content(drill=True), "ja")
    )
