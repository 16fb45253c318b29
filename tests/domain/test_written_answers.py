"""What people write back, and what must never be taken for an answer (MSG-8)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain import written_answers
from denrei.domain.written_answers import Option

SAFE = Option(code="1", words=("無事です", "I am safe"))
HURT = Option(code="2", words=("けがをした", "Hurt"))
HELP = Option(code="3", words=("救助が必要", "Need help"))
OPTIONS = (SAFE, HURT, HELP)
NAMES = ("汐見 太郎",)
SENT = "次のページを開き、回答してください。\n1：無事です\n2：けがをした\n3：救助が必要\n発信者：防災課\n"


def read(text: str, *options: Option) -> written_answers.Read:
    return written_answers.read(written_answers.own_lines(text, SENT), options or OPTIONS, NAMES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", "1"),
        ("１", "1"),
        ("①", "1"),
        ("1番", "1"),
        ("１番です。", "1"),
        ("（1）", "1"),
        ("「1」", "1"),
        ("1.", "1"),
        ("No.1", "1"),
        ("番号は3", "3"),
        ("回答：２", "2"),
        ("無事です", "1"),
        ("無事", "1"),
        ("無事です。", "1"),
        ("無事だよ！", "1"),
        ("1 無事です", "1"),
        ("1：無事です", "1"),
        ("救助が必要です", "3"),
        ("救助が必要　３", "3"),
        ("i am safe", "1"),
        ("ＮＥＥＤ ＨＥＬＰ", "3"),
        ("\n\n  1  \n\n", "1"),
        ("お疲れ様です。\n汐見です。\n無事です。\nよろしくお願いいたします。\n汐見 太郎", "1"),
        ("1\n\n> 1：無事です\n> 2：けがをした", "1"),
        ("1\n\n2026年11月30日(月) 9:00 潮見原市 <bousai@city.example>:\n\n> 次の番号で\n> 2：けがをした", "1"),
        ("1\n\n2026年11月30日(月) 9:00 潮見原市\n<bousai@city.example>:\n> 2：けがをした", "1"),
        ("On Mon, Nov 30, 2026 at 9:00 AM X <a@b.example> wrote:\n> 2：けがをした\n\n3\n", "3"),
        ("1\n-----Original Message-----\nFrom: a@b.example\n1：無事です\n2：けがをした", "1"),
        ("1\n----- 元のメッセージ -----\n2：けがをした", "1"),
        ("1\n\n差出人: 潮見原市\n送信日時: 2026年11月30日\n件名: 地震\n2：けがをした", "1"),
        ("1\n-- \n汐見 太郎\n総務課 内線 2", "1"),
        ("1\n\n差出人: 潮見原市\n送信日時: 2026年11月30日\n件名: 地震\n次のページを開き、\n回答してください。", "1"),
        ("1\n\niPhoneから送信", "1"),
        ("1\nSent from my Galaxy", "1"),
    ],
)  # fmt: skip
@pytest.mark.spec("MSG-8")
def test_a_choice_alone_is_an_answer(text: str, code: str) -> None:
    said = read(text)
    assert (said.code, said.rest) == (code, "")


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("無事ではありません", None),
        ("無事ですが、救助が必要", None),
        ("無事？", None),
        ("無事です？", "1"),
        ("1人けがをしています", None),
        ("1 人けがをしています", None),
        ("1です\n2です", None),
        ("1\n2", None),
        ("1か2", "1"),
        ("12", None),
        ("no safe", None),
        ("not safe", None),
        ("Not hurt", "2"),
        ("無事❌", None),
        ("母は無事です", "1"),
        ("どうすればいいですか", None),
        ("回答できません", None),
        ("", None),
        ("> 1", None),
        ("-----Original Message-----\n1", "1"),
        ("iPhoneから送信", None),
        ("4", None),
        ("家にいます\n1", "1"),
    ],
)
@pytest.mark.spec("MSG-8")
def test_all_else_is_for_a_human(text: str, mentioned: str | None) -> None:
    said = read(text)
    assert (said.code, said.mentioned) == (None, mentioned)


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("1\n母がけがをしています。\n", "1", "母がけがをしています。"),
        ("1\nーーーーー\n母が倒れています", "1", "母が倒れています"),
        ("1\n__________\n汐見 太郎\n総務課 内線 2", "1", "総務課 内線 2"),
        ("1\n2026/11/30 現在の状況：\n子どもが行方不明です", "1", "2026/11/30 現在の状況：\n子どもが行方不明です"),
        ("1\nOn my side there is one problem:\nmy mother is trapped", "1",
         "On my side there is one problem:\nmy mother is trapped"),
        ("1\n日時：今朝から\n件名：助けて", "1", "日時：今朝から\n件名：助けて"),
        ("1\n-----Original Message-----\nFrom: a@b.example\n助けて", "1", "助けて"),
        ("1" + "\n" * 120 + "助けて", "1", "…"),
        ("1\n" + "あ" * 500, "1", "あ" * 400 + "\n…"),
        ("1\n\n・・・\n3", None, "1\n3"),
        ("1\n> 3\n2", None, "1\n2"),
    ],
)  # fmt: skip
@pytest.mark.spec("MSG-8")
def test_no_word_that_may_be_the_person_s_is_lost(text: str, code: str | None, rest: str) -> None:
    said = read(text)
    assert (said.code, said.rest) == (code, rest)


@pytest.mark.parametrize(
    ("text", "by_code"),
    [("1\nではありません", True), ("無事\nではありません", False), ("1 無事です\nかも", False)],
)
@pytest.mark.spec("MSG-8")
def test_a_word_can_go_on_in_the_next_line_and_a_code_can_t(text: str, by_code: bool) -> None:
    said = read(text)
    assert (said.code, said.by_code) == ("1", by_code)
    assert said.rest


@pytest.mark.parametrize("text", ["返信不要", "返信は不要", "不要ではない", "必要/不要"], ids=str)
def test_a_word_before_a_choice_does_not_make_it_one(text: str) -> None:
    options = (Option(code="1", words=("必要",)), Option(code="2", words=("不要",)))
    assert read(text, *options).code is None


def test_a_name_that_is_a_choice_is_the_choice() -> None:
    said = written_answers.read(["1"], OPTIONS, ["伝令 1"])
    assert said.code == "1"


def test_choices_that_read_alike_are_never_guessed() -> None:
    options = (Option(code="1", words=("2",)), Option(code="2", words=("出社",)))
    assert read("2", *options).code is None
    assert read("1", *options).code == "1"


@pytest.mark.parametrize("text", ["確認しました。", "了解です", "OK", "承知いたしました"])
@pytest.mark.spec("MSG-8")
def test_where_nothing_is_asked_a_confirmation_is_read(text: str) -> None:
    lines = written_answers.own_lines(text)
    assert written_answers.read(lines, ()).code == written_answers.CONFIRMED


@pytest.mark.parametrize("text", ["確認できません", "了解できない", "無事です", "1"])
def test_where_nothing_is_asked_all_else_is_for_a_human(text: str) -> None:
    assert written_answers.read(written_answers.own_lines(text), ()).code is None


@given(st.text(max_size=3_000))
def test_no_text_raises_and_reading_is_bounded(text: str) -> None:
    lines = written_answers.own_lines(text)
    assert len(lines) <= written_answers.MOST_LINES + 2
    written_answers.read(lines, OPTIONS)


@given(
    st.lists(
        st.sampled_from(["1", "無事", "> 2", "-- ", "2026年1月1日:", "", "a" * 500, "From: x"])
    )
)
def test_only_lines_that_were_written_are_read(parts: list[str]) -> None:
    lines = written_answers.own_lines("\n".join(parts))
    assert set(lines) <= {part[: written_answers.MOST_COLUMNS] for part in parts} | {"…"}
