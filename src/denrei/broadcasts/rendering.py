"""From content to the text of a medium in a language: once for a broadcast, not once for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from denrei import channels
from denrei.broadcasts.content import Content

#: Where a channel fills in each person's own address.
URL = "{{url}}"

_WORDS = {
    "ja": {
        "drill": "【訓練】",
        "drill_line": "これは訓練です。",
        "again": "【再通知】",
        "silent_line": "まだ回答を確認できていない方へ、もう一度お送りしています。",
        "failed_line": "前の連絡をお届けできなかったため、もう一度お送りしています。",
        "occurred": "発生日時：",
        "place": "発生場所：",
        "situation": "状況：",
        "instruction": "指示：",
        "answer": "次のページを開き、回答してください（開いただけでは回答になりません）。",
        "confirm": "次のページを開き、「確認しました」を押してください（開いただけでは確認になりません）。",
        "reply": "このメールに、次の番号だけを書いて返信しても、回答できます。",
        "reply_confirm": "このメールに「確認しました」とだけ書いて返信しても、確認になります。",
        "choice": "{code}：{words}",
        "signed": "発信者：",
        "trial": "【テスト】",
        "trial_line": "これは自分へのテスト送信です。回答のページは開けません。",
    },
    "en": {
        "drill": "[DRILL] ",
        "drill_line": "This is a drill.",
        "again": "[REMINDER] ",
        "silent_line": "We ask again because we have no answer from you yet.",
        "failed_line": "We send this again because the last message could not be delivered.",
        "occurred": "Time: ",
        "place": "Place: ",
        "situation": "Situation: ",
        "instruction": "Instruction: ",
        "answer": "Open this page and answer (opening it alone is not an answer).",
        "confirm": 'Open this page and press "Confirm" (opening it alone confirms nothing).',
        "reply": "You can also answer by a reply to this mail with nothing but one of these numbers.",
        "reply_confirm": 'A reply to this mail with nothing but "Confirmed" confirms it, too.',
        "choice": "{code}: {words}",
        "signed": "From: ",
        "trial": "[TEST] ",
        "trial_line": "This is a test to yourself. The page below can't be opened.",
    },
}
_WEEKDAYS = "月火水木金土日"


def subject(content: Content, language: str) -> str:
    """Return the subject: the incident type, 訓練 and 再通知 marked (ALL-8, OPS-1)."""
    words = _WORDS[language]
    mark = (words["drill"] if content.drill else "") + (words["again"] if content.again else "")
    return mark + content.incident.in_language(language)


def moment(at: datetime, time_zone: str, language: str) -> str:
    """Return a time to the minute, 24 hours, in the organization's zone (MSG-2, OPS-9)."""
    local = at.astimezone(ZoneInfo(time_zone))
    if language == "en":
        return f"{local:%Y-%m-%d %H:%M} ({local:%Z})"
    return f"{local.month}月{local.day}日（{_WEEKDAYS[local.weekday()]}）{local.hour}時{local.minute:02d}分頃"


def body(content: Content, language: str) -> str:
    """Return the text of the mail; lines that say nothing are left out."""
    words = _WORDS[language]
    lines = [words["drill_line"]] if content.drill else []
    lines += [words[f"{content.again}_line"]] if content.again else []
    lines.append(words["occurred"] + moment(content.occurred_at, content.time_zone, language))
    if content.place:
        lines.append(words["place"] + content.place)
    for label, phrase, note in (
        ("situation", content.situation, content.situation_note),
        ("instruction", content.instruction, content.instruction_note),
    ):
        told = [text for text in (phrase.in_language(language), note) if text]
        if told:
            lines += [words[label] + told[0], *told[1:]]
    if content.has_page:
        lines += ["", words["answer" if content.choices else "confirm"], URL]
        lines += _by_reply(content, language) if content.by_reply else []
    lines += ["", words["signed"] + content.signed]
    return "\n".join(lines) + "\n"


def _by_reply(content: Content, language: str) -> list[str]:
    """Return how to answer without the page (MSG-8)."""
    words = _WORDS[language]
    if not content.choices:
        return ["", words["reply_confirm"]]
    offered = (
        words["choice"].format(code=one.code, words=one.words.in_language(language))
        for one in content.choices
    )
    return ["", words["reply"], *offered]


def render(content: Content, language: str, key: str) -> channels.Content:
    """Return what a channel sends; `key` names this rendering (broadcast, wave, language)."""
    return channels.Content(
        key=key,
        subject=subject(content, language),
        body=body(content, language),
        language=language,
        sender_name=content.sender.name,
        sender_address=content.sender.address,
        reply_to=content.sender.reply_to,
    )


def trial(content: Content, language: str, key: str) -> channels.Content:
    """Return what a test to oneself sends: the same, marked as a test (OPS-3)."""
    words, rendered = _WORDS[language], render(content, language, key)
    return replace(
        rendered,
        subject=words["trial"] + rendered.subject,
        body=f"{words['trial_line']}\n\n{rendered.body}",
    )
