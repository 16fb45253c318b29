"""Phone numbers as people in Japan write them; which exist is said by `number_plan.PLAN`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from denrei.domain import text as texts
from denrei.domain.number_plan import PLAN, Kind, NumberRange
from denrei.domain.states import Medium


class Code(StrEnum):
    """Why a number is refused; stable, the words are in `MESSAGES`."""

    EMPTY = "empty"
    CHARACTERS = "not a number"
    FOREIGN = "number of another country"
    NO_ZERO = "does not start with 0"
    TOO_SHORT = "too few digits"
    TOO_LONG = "too many digits"
    UNASSIGNED = "a range that is not assigned"
    NOT_A_PERSON = "a range that is nobody's own phone"
    SPECIAL = "emergency or service of the network"
    NO_SMS = "takes no SMS"
    NO_VOICE = "takes no calls"


#: `{words}` is the name of the range.
MESSAGES = {
    Code.EMPTY: "電話番号を入力してください。",
    Code.CHARACTERS: "電話番号に使えない文字があります。1件ずつ、数字とハイフンで入力してください。",
    Code.FOREIGN: "日本国外の電話番号です。日本の番号を入力してください。",
    Code.NO_ZERO: "電話番号が0で始まっていません。先頭の0が抜けていないか確認してください。",
    Code.TOO_SHORT: "電話番号の桁数が足りません。番号を確認してください。",
    Code.TOO_LONG: "電話番号の桁数が多すぎます。1件ずつ入力し、番号を確認してください。",
    Code.UNASSIGNED: "使われていない番号です。番号を確認してください。",
    Code.NOT_A_PERSON: "{words}の番号には連絡できません。本人の番号を入力してください。",
    Code.SPECIAL: "{words}には連絡できません。本人の番号を入力してください。",
    Code.NO_SMS: "{words}の番号はSMSを受信できません。携帯電話の番号を入力してください。",
    Code.NO_VOICE: "{words}の番号は電話を受けられません。別の番号を入力してください。",
}
_REFUSED = {
    Kind.UNASSIGNED: Code.UNASSIGNED,
    Kind.MACHINE: Code.NOT_A_PERSON,
    Kind.BUSINESS: Code.NOT_A_PERSON,
    Kind.SPECIAL: Code.SPECIAL,
}


class InvalidNumberError(ValueError):
    """No number to reach a person at; `code` says why, `str()` gives the words for people."""

    def __init__(self, code: Code, words: str = "この種類") -> None:
        super().__init__(MESSAGES[code].format(words=words))
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNumber:
    """One number at which a person can be reached."""

    #: "+819012345678"
    e164: str
    #: "09012345678"
    national: str
    kind: Kind


_HYPHENS = "-‐‑‒–—―−－ーｰ─━‧･・.．~〜～"
_SPACES_AND_BRACKETS = " \u3000\u00a0()（）[]［］〔〕"
_UNWRITTEN = str.maketrans("０１２３４５６７８９＋", "0123456789+", _HYPHENS + _SPACES_AND_BRACKETS)
_NUMBER = re.compile(r"\+?[0-9]+")
#: "81" alone is E.164 as SMS gateways write it: no number inside Japan that lacks its 0 is as long.
_FROM_ABROAD = re.compile(r"(?:\+81|0081|01081|81(?=0?[1-9]\d{8,9}\Z))0?(?P<rest>\d*)")
_ELSEWHERE = ("+", "00", "010")


def parse(text: str, medium: Medium | None = None) -> PhoneNumber:
    """Read one number; with a medium, one that this medium can reach.

    Takes full-width digits, hyphens of all kinds, spaces, brackets, `tel:`, +81 and 0081.
    Raises `InvalidNumberError`.
    """
    national = _national(_written(text))
    row = _row_of(national)
    if row.kind in _REFUSED:
        raise InvalidNumberError(_REFUSED[row.kind], row.words)
    if medium is Medium.SMS and not row.sms:
        raise InvalidNumberError(Code.NO_SMS, row.words)
    if medium is Medium.PHONE and not row.voice:
        raise InvalidNumberError(Code.NO_VOICE, row.words)
    return PhoneNumber(e164=f"+81{national[1:]}", national=national, kind=row.kind)


def _written(text: str) -> str:
    number = texts.clean(text).text.removeprefix("tel:").translate(_UNWRITTEN)
    if not number:
        raise InvalidNumberError(Code.EMPTY)
    if not _NUMBER.fullmatch(number):
        raise InvalidNumberError(Code.CHARACTERS)
    return number


def _national(number: str) -> str:
    if abroad := _FROM_ABROAD.fullmatch(number):
        return f"0{abroad['rest']}"
    if number.startswith(_ELSEWHERE):
        raise InvalidNumberError(Code.FOREIGN)
    return number


def _row_of(national: str) -> NumberRange:
    near = [
        row
        for row in PLAN
        if national.startswith(row.prefix) and national[len(row.prefix) :][:1] in row.then
    ]
    for row in near:
        if row.digits == len(national):
            return row
    raise InvalidNumberError(_length_fault(national, [row.digits for row in near]))


def _length_fault(national: str, lengths: list[int]) -> Code:
    if not national.startswith("0"):
        return Code.NO_ZERO
    if len(national) < min(lengths, default=10):
        return Code.TOO_SHORT
    return Code.TOO_LONG if lengths else Code.UNASSIGNED
