"""Which answer somebody wrote, in a mail or a short message, to a question with choices (MSG-8).

Only what can't be misread is an answer: a first line that is a choice and nothing else. 「1」, 「１番」,
「無事です。」 are; 「無事ではありません」, 「1人けがをしています」 and 「無事？」 are for a human. Who
reads "safe" where somebody asked for help silences him; who reads nothing only costs a look.

Left out before that is only what surely is not the person's: quoted lines, the heads of a quoted mail,
and behind such a mark the words that we sent. Whatever else stands there is the person's own, wherever
it stands: a rule of dashes may begin a signature, and a cry for help as well.

Every line is bounded and every pattern linear: the text may be hostile.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

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
    #: The choice stands there by its code, so that nothing that follows can turn it into another word:
    #: 「1」 and 「ではありません」 are two things, 「無事」 and 「ではありません」 are one.
    by_code: bool = False


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
    r"(?i)(on\s.{4,300}(wrote|writes)|.{0,300}<[^<>\s]{3,254}@[^<>\s]{1,254}>.{0,40}"
    r"|.{0,300}(書きました|書き込みました|のメール|のメッセージ))\s?[:：]"
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
_AUTHOR = re.compile(r"(?i)\**(from|差出人|送信者)\s?[:：]")
_RULE = re.compile(r"[-_=*~―─━＝～＿ー・☆★◇◆\s]{2,200}")
#: Before a signature (RFC 3676, 4.3); nobody types it by hand.
_SIGNATURE = frozenset({"--", "-- "})
#: A line of what we sent is known by so many characters of it, spaces apart; a shorter one as a whole.
_KNOWN = 8
#: Lines of a head: from, sent, to, copies, subject, and what a program adds.
_MOST_HEADS = 8
#: Stands for what was not read, or not said.
_CUT = "…"
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


def own_lines(text: str, sent: str = "") -> list[str]:
    """Return the lines that the person wrote; `sent` is what we wrote, which comes back unmarked.

    A text that is too long ends with 「…」: more was said than is read. It begins so where nothing was said
    before a quoted mail whose lines bear no mark: what stands there may be somebody else's.
    """
    raw = text.split("\n")
    lines = [line[:MOST_COLUMNS].strip() for line in raw[:MOST_LINES]]
    is_cut = len(raw) > MOST_LINES or any(len(line) > MOST_COLUMNS for line in raw[:MOST_LINES])
    known = _Sent(sent)
    found: list[str] = []
    is_behind = is_unmarked = False  # a quoted mail began; and its lines bear no mark
    heads = 0  # lines of a quoted mail's head that may follow
    for at, line in enumerate(lines):
        after = lines[at + 1 : at + 3]
        if raw[at].rstrip("\r") in _SIGNATURE and found:
            return found
        if _ORIGINAL.fullmatch(line) or (heads := _heads(line, after, heads)):
            is_behind = is_unmarked = True
            heads = heads or _MOST_HEADS
        elif _introduces(line, after) or _is_attribution(line):
            is_behind = True
            is_unmarked = is_unmarked or not any(map(_QUOTED.match, lines[at + 1 : at + 4]))
        elif _QUOTED.match(line):
            is_behind = True
        elif line and not _is_added(line) and not (is_behind and known.has(line)):
            found += [line] if found or not is_unmarked else [_CUT, line]
        is_behind = is_behind or _RULE.fullmatch(line) is not None
    return [*found, _CUT] if is_cut else found


class _Sent:
    """What we wrote, as a mail program gives it back: perhaps broken into other lines."""

    def __init__(self, text: str) -> None:
        self._lines = {_bare(line) for line in text.split("\n")}
        self._whole = _bare(text)

    def has(self, line: str) -> bool:
        """Tell whether a line is ours."""
        bare = _bare(line)
        return bare in self._lines or (len(bare) >= _KNOWN and bare in self._whole)


def _bare(line: str) -> str:
    return "".join(line.split())


def read(lines: Sequence[str], options: Sequence[Option], names: Iterable[str] = ()) -> Read:
    """Read the lines of `own_lines`; no options: 受信確認 alone is offered.

    Courtesies say nothing, nor does a line of nothing but one of `names`: the person's.
    """
    offered = [_Offer.of(one) for one in options or (_CONFIRMATION,)]
    known = {_joined(part) for name in names for part in (name, *name.split())}
    said = [(line, _named(line, offered)) for line in lines]
    said = [one for one in said if one[1] is not None or not _is_courtesy(one[0], known)]
    words = [line for line, _ in said]
    if said and (first := said[0][1]) and len({one.code for _, one in said if one}) == 1:
        rest = "\n".join(words[1:])
        return Read(code=first.code, rest=rest, by_code=_is_code(words[0], first))
    mentioned = _mentioned(words, offered) if options else set()
    return Read(mentioned=mentioned.pop() if len(mentioned) == 1 else None, rest="\n".join(words))


def _heads(line: str, after: Sequence[str], left: int) -> int:
    """Return how many lines of a quoted mail's head may follow, this one told; 0: it is none.

    A head begins with who wrote it, and has at least one line more.
    """
    if _AUTHOR.match(line) and any(_HEADER.match(one) for one in after):
        return _MOST_HEADS
    return left - 1 if left > 1 and _HEADER.match(line) else 0


def _introduces(line: str, after: Sequence[str]) -> bool:
    """Tell whether a line only says whose words are quoted next."""
    if _DATED.match(line) and after and _is_attribution(after[0]):
        return True  # a program broke it into two lines
    return line.endswith((":", "：")) and bool(after) and bool(_QUOTED.match(after[0]))


def _is_attribution(line: str) -> bool:
    return line.endswith((":", "：")) and _ATTRIBUTION.fullmatch(line) is not None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """An option with every way to write it."""

    code: str
    #: Its code alone, with what may follow it.
    codes: frozenset[str]
    forms: frozenset[str]
    folded: tuple[str, ...]

    @classmethod
    def of(cls, option: Option) -> Self:
        plain = {found for one in option.words if (found := _plain(one))}
        words = plain | {stem for one in plain if (stem := _POLITE.sub("", one))}
        code = _plain(option.code)
        codes = {code + end for end in (*_AFTER, *_COUNTER)} if code else set()
        forms = codes | {word + end for word in words for end in _AFTER}
        if code:
            forms |= {f"{code}{join}{word}" for join in _JOINS for word in words}
            forms |= {f"{word}{join}{code}" for join in _JOINS for word in words}
        return cls(
            code=option.code,
            codes=frozenset(codes),
            forms=frozenset(forms),
            folded=tuple(found for one in option.words if (found := texts.fold(one))),
        )


def _named(line: str, offered: Sequence[_Offer]) -> _Offer | None:
    """Return the one option that a line is; None where it is none, or more than that."""
    told = _told(line)
    found = [one for one in offered if not told.isdisjoint(one.forms)]
    return found[0] if len(found) == 1 else None


def _is_code(line: str, offer: _Offer) -> bool:
    return not _told(line).isdisjoint(offer.codes)


def _told(line: str) -> set[str]:
    """Return a line as it is compared, with and without what may stand before an answer."""
    told = _plain(line)
    return {told, _BEFORE.sub("", told, count=1)} if _BEFORE.match(told) else {told}


def _plain(line: str) -> str:
    """Return a line as answers are compared: width, case and marks around it are nothing."""
    said = unicodedata.normalize("NFKC", line)[:MOST_COLUMNS].casefold().translate(_SELECTORS)
    return " ".join(texts.clean(said).text.split()).strip(_MARKS + " ")


def _joined(name: str) -> str:
    return _plain(name).replace(" ", "")


def _is_courtesy(line: str, names: set[str]) -> bool:
    said = _joined(line)
    return _COURTESY.fullmatch(said) is not None or _POLITE.sub("", said) in names


def _mentioned(lines: Iterable[str], offered: Sequence[_Offer]) -> set[str]:
    """Return the codes of the options that occur in what somebody wrote."""
    found = set()
    for line in lines:
        folded, told = texts.fold(line[:MOST_COLUMNS])[:MOST_COLUMNS], _plain(line)
        found |= {
            one.code
            for one in offered
            if any(word in folded for word in one.folded) or _begins(told, _plain(one.code))
        }
    return found


def _begins(told: str, code: str) -> bool:
    """Tell whether a line begins with a code, and not with a number of something."""
    rest = told.removeprefix(code)
    return bool(code) and rest != told and not re.match(r"\s?[0-9a-z人名才歳つ]", rest)
