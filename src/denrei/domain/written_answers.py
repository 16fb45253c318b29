"""Which answer somebody wrote, in a mail or a short message, to a question with choices (MSG-8).

Only what can't be misread is an answer: a first line that is a choice and nothing else. 「1」, 「１番」,
「無事です。」 are; 「無事ではありません」, 「1人けがをしています」 and 「無事？」 are for a human. Who
reads "safe" where somebody asked for help silences him; who reads nothing only costs a look.

The quoted question and the sender's signature are left out first, as mail programs in Japan and
elsewhere write them. Every line is bounded and every pattern linear: the text may be hostile.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from denrei.domain import text as texts

#: Lines of a text that are read, and characters of a line.
MOST_LINES, MOST_COLUMNS = 100, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the answers that are offered."""

    code: str
    #: What it reads like, in each language.
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the words of a person say."""

    #: Code of the one choice that they are; None: a human must read them.
    code: str | None = None
    #: Code of the one choice that they mention; for a human, who decides.
    mentioned: str | None = None
    #: What else they say, as written.
    rest: str = ""


#: 受信確認: where nothing is asked, the code of "I have read it".
CONFIRMED = ""
_CONFIRMATION = Option(
    code=CONFIRMED,
    words=(
        "確認しました", "確認", "確認済み", "確認いたしました", "了解", "了解しました", "了解いたしました",
        "承知しました", "承知いたしました", "わかりました", "分かりました", "拝見しました", "confirmed",
        "ok", "received", "understood",
    ),
)  # fmt: skip

_QUOTED = re.compile(r"\s{0,8}[>＞»│]")
#: Before a quotation, or a whole mail: 「2026年11月30日(月) 9:00 潮見原市 <a@b>:」, "On ... wrote:".
_ATTRIBUTION = re.compile(
    r"(?i)(on\s.{4,300}|.{0,300}<[^<>\s]{3,254}@[^<>\s]{1,254}>.{0,40}|.{0,300}(19|20)\d\d\s?[年/.-].{0,300})"
    r"(wrote|writes|書きました|書き込みました|のメール|のメッセージ|>)?\s?[:：]"
)
#: The beginning of an attribution that a mail program broke into two lines.
_DATED = re.compile(
    r"(?i)(on\s.{0,40})?(19|20)\d\d\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}|on\s[a-z]{3},?\s.{4,80}"
)
#: From here on all is the mail that is answered, whole.
_ORIGINAL = re.compile(
    r"(?i)[-_=*ー―─━\s]{3,80}(original message|original mail|forwarded message|元のメッセージ|元のメール"
    r"|オリジナルメッセージ|返信元メッセージ|受信メール|転送メッセージ)[-_=*ー―─━\s:：]{0,80}"
)
_HEADER = re.compile(
    r"(?i)\**(from|sent|to|date|subject|差出人|送信者|送信日時|日時|宛先|件名)\s?[:：]\**\s?\S"
)
_RULE = re.compile(r"[-_=*~―─━＝～＿ー・☆★◇◆\s]{2,200}")
#: What telephones add on their own.
_ADDED = re.compile(
    r"(?i)(sent from (my )?.{1,60}|get outlook for .{1,60}|.{1,40}から送信(しました)?[。.]?|.{1,40}からの?e?メール"
    r"|outlook for .{1,30}(を入手|から送信)|送信元[:：].{1,60}|.{0,40}(で|から)作成した(e)?メールです[。.]?)"
)


#: Courtesies, which say nothing.
_COURTESY = re.compile(
    r"(いつも)?お(世話|つかれ|疲れ)(様|さま|になっております|になります)?(です|でした)?"
    r"|(どうぞ|以上、?)?(よろしく|宜しく)お?(願い|ねがい)?(いた|致)?(します|申し上げます)?"
    r"|以上(です|になります)?|こんにちは|こんばんは|おはようございます|(連絡|ご連絡)?ありがとうございます"
    r"|thank you|thanks|regards|best regards|hello|hi"
)


def own_lines(text: str) -> list[str]:
    """Return the lines that the person wrote, without quotation, signature and blank lines."""
    lines = [line[:MOST_COLUMNS].strip() for line in text.split("\n")[:MOST_LINES]]
    found: list[str] = []
    for at, line in enumerate(lines):
        after = lines[at + 1 : at + 3]
        if _ends(line, after, found):
            break
        is_quoted = _QUOTED.match(line) or _introduces(line, after)
        if line and not (is_quoted or _is_added(line)):
            found.append(line)
    return found


def read(lines: Sequence[str], options: Sequence[Option], names: Iterable[str] = ()) -> Read:
    """Read the lines of `own_lines`; no options: 受信確認 alone is offered.

    Courtesies say nothing, nor does a line of nothing but one of `names`: the person's.
    """
    offered = options or (_CONFIRMATION,)
    known = {_joined(part) for name in names for part in (name, *name.split())}
    said = [(line, _named(line, offered)) for line in lines]
    said = [one for one in said if one[1] is not None or not _is_courtesy(one[0], known)]
    words = [line for line, _ in said]
    if said and said[0][1] is not None and len({code for _, code in said if code is not None}) == 1:
        return Read(code=said[0][1], rest="\n".join(words[1:]))
    mentioned = {one.code for one in options if _mentions(words, one)}
    return Read(mentioned=mentioned.pop() if len(mentioned) == 1 else None, rest="\n".join(words))


def _ends(line: str, after: Sequence[str], found: Sequence[str]) -> bool:
    """Tell whether the person's words are over: a signature, or the mail that is answered."""
    if _ORIGINAL.fullmatch(line):
        return True
    if _RULE.fullmatch(line):
        return bool(found)
    if _is_attribution(line) and not _leads_to_quote(after):
        return True
    return bool(_HEADER.match(line)) and any(_HEADER.match(one) for one in after)


def _introduces(line: str, after: Sequence[str]) -> bool:
    """Tell whether a line only says whose words are quoted next."""
    if _is_attribution(line):
        return _leads_to_quote(after)
    is_half = bool(_DATED.match(line)) and bool(after) and _is_attribution(after[0])
    return is_half or (line.endswith((":", "：")) and bool(after) and bool(_QUOTED.match(after[0])))


def _is_attribution(line: str) -> bool:
    return line.endswith((":", "：")) and _ATTRIBUTION.fullmatch(line) is not None


def _leads_to_quote(after: Sequence[str]) -> bool:
    return any(_QUOTED.match(one) for one in after)


def _is_added(line: str) -> bool:
    return bool(_RULE.fullmatch(line) or _ADDED.fullmatch(line))


#: Around an answer; a question mark is none of these.
_MARKS = "。．.、,，!！~～「」『』【】()（）[]［］<>〈〉《》“”\"'・:：*＊#＃☆★♪"
#: What may stand before an answer; before a word never so that both together say another thing
#: (「返信不要」, "no safe").
_BEFORE = re.compile(
    r"(回答|返答|返信|答え|番号|選択|answer|ans|reply)\s?[:=、,]\s?|(回答|返答|答え|番号|選択)は\s?"
    r"|(回答|返答|答え|番号|選択|no\.?|№)\s?(?=\d)"
)
_AFTER = ("", "です", "でした", "ですよ", "だよ", "だ", "よ", "になります")
_COUNTER = ("番", "番です")
_JOINS = ("", " ", ".", ":", "、", ",", "-", "=")
_POLITE = re.compile(r"(です|でした)$")
#: Marks that choose how a picture is drawn.
_SELECTORS = dict.fromkeys((0xFE0E, 0xFE0F))


def _named(line: str, options: Sequence[Option]) -> str | None:
    """Return the code of the one option that a line is; None where it is none, or more than that."""
    told = _plain(line)
    forms = {told, _BEFORE.sub("", told, count=1) if _BEFORE.match(told) else told}
    found = {one.code for one in options if not forms.isdisjoint(_forms(one))}
    return found.pop() if len(found) == 1 else None


def _forms(option: Option) -> set[str]:
    plain = {found for one in option.words if (found := _plain(one))}
    words = plain | {stem for one in plain if (stem := _POLITE.sub("", one))}
    code = _plain(option.code)
    said = {word + end for word in words for end in _AFTER}
    if code:
        said |= {code + end for end in (*_AFTER, *_COUNTER)}
        said |= {f"{code}{join}{word}" for join in _JOINS for word in words}
        said |= {f"{word}{join}{code}" for join in _JOINS for word in words}
    return said


def _plain(line: str) -> str:
    """Return a line as answers are compared: width, case and marks around it are nothing."""
    said = unicodedata.normalize("NFKC", line).casefold().translate(_SELECTORS)
    return " ".join(texts.clean(said).text.split()).strip(_MARKS + " ")


def _joined(name: str) -> str:
    return _plain(name).replace(" ", "")


def _is_courtesy(line: str, names: set[str]) -> bool:
    said = _joined(line)
    return _COURTESY.fullmatch(said) is not None or _POLITE.sub("", said) in names


def _mentions(lines: Iterable[str], option: Option) -> bool:
    """Tell whether an option occurs in what somebody wrote."""
    words = [found for one in option.words if (found := texts.fold(one))]
    code = _plain(option.code)
    return any(
        any(word in texts.fold(line) for word in words)
        or bool(code and re.match(rf"{re.escape(code)}(?!\s?[0-9a-z人名才歳つ])", _plain(line)))
        for line in lines
    )
