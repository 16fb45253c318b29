"""Each entry of a story in words: what was done, by whom, and what came of it."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest

from denrei.deliveries.fold import Source
from denrei.deliveries.models import WaveKind
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Medium, Phase, State
from denrei.domain.status import Status
from denrei.reports.story import entries
from denrei.reports.story.entries import Delivery, Entry, Help
from denrei.responses.models import Kind
from denrei.responses.models import Source as Teller
from denrei.web.console.story import timeline, words

AT = datetime(2026, 11, 21, 7, 31, 24, tzinfo=UTC)
#: What an entry has where a case does not say otherwise.
_USUAL: dict[str, Any] = {
    "at": AT,
    "by": "",
    "wave": 1,
    "kind": WaveKind.LAUNCH,
    "reworded": False,
    "is_planned": True,
    "deliveries": (),
    "answer": None,
    "reason": Reason.NONE,
    "phase": Phase.ANSWERED,
    "generation": 1,
    "number": 1,
    "gateway": "",
    "took_ms": None,
    "provider_id": "",
    "reply": "",
    "raw": "",
    "id": 1,
    "medium": Medium.MAIL,
    "choice": "1",
    "words": "無事です",
    "needs_help": False,
    "comment": "",
    "source": Teller.SELF,
    "late": False,
    "is_latest": True,
    "worsened": False,
}


def delivery(**changes: Any) -> Delivery:
    """Return a mail that waits."""
    given: dict[str, Any] = {
        "id": 1,
        "wave": 1,
        "contact_id": 1,
        "medium": Medium.MAIL,
        "slot": 1,
        "address": "hanako@example.jp",
        "state": State.WAITING,
        "reason": Reason.NONE,
        "evidence": Evidence.NONE,
        "leased": False,
        "doubts": 0,
        "next_at": None,
        "updated_at": AT,
    }
    return Delivery(**(given | changes))


def entry(kind: type[Entry], /, **changes: Any) -> Entry:
    """Return an entry of a kind."""
    names = {field.name for field in fields(kind)}
    usual = {name: value for name, value in _USUAL.items() if name in names}
    if "delivery" in names:
        usual["delivery"] = delivery()
    return kind(**(usual | changes))


CALL = delivery(
    id=2,
    medium=Medium.PHONE,
    address="+81300000000",
    state=State.CANCELLED,
    reason=Reason.ANSWERED_ELSEWHERE,
)
ANSWER = entry(entries.Answered)
CASES = {
    "meant": (
        entry(entries.Meant, by="防災 太郎", deliveries=(delivery(), CALL)),
        ["連絡の対象になりました", "防災 太郎が送信しました。", "電話1\u300003-0000-0000"],
    ),
    "meant by a reminder with a text of its own": (
        entry(entries.Meant, kind=WaveKind.REMINDER, wave=2, reworded=True),
        ["自動の再通知の対象になりました", "システムが送信しました。文面を変えて"],
    ),
    "meant without a contact": (
        entry(entries.Meant),
        ["この連絡で使える連絡先がありません。"],
    ),
    "meant a moment ago": (
        entry(entries.Meant, is_planned=False),
        ["送信先を準備しています。"],
    ),
    "meant with an address of others": (
        entry(entries.Meant, deliveries=(delivery(others=("伝令 太郎",), is_others=True),)),
        ["同じ世帯の伝令 太郎さんあての1通が、この方にも届きます。"],
    ),
    "suppressed": (
        entry(
            entries.Suppressed,
            delivery=delivery(
                state=State.SUPPRESSED,
                reason=Reason.KNOWN_BAD,
                bad_reason=Reason.UNKNOWN_USER,
                bad_since=AT,
            ),
        ),
        ["2026年11月21日から送信を控えている", "宛先のアドレスは存在しません。"],
    ),
    "told late": (
        entry(entries.Tried, state=State.ACCEPTED, is_late=True),
        ["止まったと判断した後に届いた、実際の結果です。"],
    ),
    "bounced": (
        entry(
            entries.Reported,
            source=Source.BOUNCE,
            state=State.BOUNCED,
            reason=Reason.UNKNOWN_USER,
            evidence=Evidence.NONE,
        ),
        ["戻ってきました。", "宛先のアドレスは存在しません。"],
    ),
    "a receipt": (
        entry(
            entries.Reported,
            source=Source.RECEIPT,
            state=State.DELIVERED,
            evidence=Evidence.DEVICE,
        ),
        ["通知が届きました。"],
    ),
    "an answer that came late": (
        entry(entries.Answered, late=True),
        ["回答\u30001 無事です", "本人（メール）", "停止または打ち切りの後に受け付けました。"],
    ),
    "an answer that was heard": (
        entry(entries.Answered, by="防災 太郎", source=Teller.VISIT, medium=None, number=2),
        ["防災 太郎が代わりに記録しました（訪問して会った）。", "2回目の回答（最新）です。"],
    ),
    "a confirmation": (entry(entries.Answered, choice="", words=""), ["受信確認"]),
    "cancelled by an answer": (
        entry(
            entries.Halted,
            reason=Reason.ANSWERED_ELSEWHERE,
            answer=ANSWER,
            deliveries=(CALL,),
        ),
        ["電話1", "16:31:24の回答で確認が取れました。", "待っていた1件を取り消しました。"],
    ),
    "cancelled by an operator": (
        entry(entries.Halted, reason=Reason.STOPPED, by="防災 太郎", deliveries=(CALL,)),
        ["防災 太郎が送信を停止しました。", "待っていた1件を取り消しました。"],
    ),
    "stopped with nothing left": (
        entry(entries.Halted, reason=Reason.STOPPED, by="防災 太郎"),
        ["送信の停止", "取り消したものはありません。"],
    ),
    "expired": (
        entry(
            entries.Halted,
            reason=Reason.GIVEN_UP,
            deliveries=(delivery(state=State.EXPIRED, reason=Reason.GIVEN_UP),),
        ),
        ["打ち切り時刻を過ぎました。", "送らずに期限切れになりました。"],
    ),
    "released": (
        entry(entries.Released, by="防災 太郎"),
        ["防災 太郎がエラーアドレスの抑止を解除しました。"],
    ),
    "helped": (
        entry(entries.Helped, by="防災 太郎", what=Help.TAKEN),
        ["防災 太郎が担当になりました"],
    ),
}


@pytest.mark.spec("ALL-3", "EMC-5")
@pytest.mark.parametrize(("told", "expected"), CASES.values(), ids=CASES.keys())
def test_an_entry_says(told: Entry, expected: list[str]) -> None:
    (line,) = timeline.of([told])

    said = "\n".join([line.title, *line.notes])
    assert [] == [one for one in expected if one not in said]


@pytest.mark.spec("EMC-1")
def test_what_is_cancelled_bears_the_status_of_it() -> None:
    told = entry(entries.Halted, reason=Reason.ANSWERED_ELSEWHERE, deliveries=(CALL,))

    (line,) = timeline.of([told])

    assert line.mark is not None
    assert Status.CANCELLED is line.mark.status


@pytest.mark.spec("NEW-3")
def test_every_look_but_that_of_perhaps_a_human_says_why_it_is_a_programs() -> None:
    assert {*Kind} - {Kind.OPEN} == {*words.PROGRAMS}


@pytest.mark.spec("NEW-4")
def test_every_source_can_be_chosen_and_is_called_by_a_name() -> None:
    assert {*Teller} == {*words.HEARD} == {*words.TELLERS}


def test_every_wave_phase_and_help_has_words() -> None:
    assert {*WaveKind} == {*words.WAVES}
    assert {*Phase} == {*words.PHASES}
    assert {*Help} == {*words.HELPS}
