"""The number plan of Japan as a table (SMS-2): a new range is a row, not a change of code."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What answers at a number."""

    MOBILE = "mobile"
    IP = "IP phone"
    FIXED = "fixed line"
    #: Machines and pagers.
    MACHINE = "machine"
    #: Free, shared-cost and premium numbers: somebody's business, nobody's own phone.
    BUSINESS = "business"
    UNASSIGNED = "not assigned"
    #: 110, 119 and the rest of the network's own.
    SPECIAL = "special"


class NumberRange(NamedTuple):
    """One row of the plan; the first row that fits a number holds."""

    prefix: str
    #: What the digit after the prefix may be.
    then: str
    #: Length of the number with its leading 0.
    digits: int
    kind: Kind
    sms: bool
    voice: bool
    #: The name that an operator reads.
    words: str
    source: str


_MIC = "総務省 電気通信番号計画（令和元年告示第6号）"
_MIC_060 = "総務省 2024-12-20 電気通信番号計画の変更（060-1から060-9、2026年7月から）"
_LONG = "media-sms.net/developer/console"
_ALL, _NOT_0 = "0123456789", "123456789"
_M, _I, _F = Kind.MOBILE, Kind.IP, Kind.FIXED
_BOTH, _VOICE, _NONE = (True, True), (False, True), (False, False)

PLAN: tuple[NumberRange, ...] = (
    NumberRange("060", _NOT_0, 11, _M, *_BOTH, "携帯電話", _MIC_060),
    NumberRange("070", _NOT_0, 11, _M, *_BOTH, "携帯電話", _MIC),
    NumberRange("080", _NOT_0, 11, _M, *_BOTH, "携帯電話", _MIC),
    NumberRange("090", _NOT_0, 11, _M, *_BOTH, "携帯電話", _MIC),
    NumberRange("0600", _ALL, 14, _M, *_BOTH, "携帯電話（14桁）", _LONG),
    NumberRange("0700", _ALL, 14, _M, *_BOTH, "携帯電話（14桁）", _LONG),
    NumberRange("0800", _ALL, 14, _M, *_BOTH, "携帯電話（14桁）", _LONG),
    NumberRange("0900", _ALL, 14, _M, *_BOTH, "携帯電話（14桁）", _LONG),
    NumberRange("0600", _ALL, 11, Kind.UNASSIGNED, *_NONE, "0600で始まる11桁", _MIC_060),
    NumberRange("0700", _ALL, 11, Kind.UNASSIGNED, *_NONE, "0700で始まる11桁", _MIC),
    NumberRange("0900", _ALL, 11, Kind.UNASSIGNED, *_NONE, "0900で始まる11桁", _MIC),
    NumberRange("050", _NOT_0, 11, _I, *_VOICE, "IP電話（050）", _MIC),
    NumberRange("020", "12356789", 11, Kind.MACHINE, *_NONE, "機器間の通信（020）", _MIC),
    NumberRange("0200", _ALL, 14, Kind.MACHINE, *_NONE, "機器間の通信（0200）", _MIC),
    NumberRange("0204", _ALL, 11, Kind.MACHINE, *_NONE, "無線呼出し（0204）", _MIC),
    NumberRange("0120", _ALL, 10, Kind.BUSINESS, *_NONE, "着信課金（0120）", _MIC),
    NumberRange("0800", _ALL, 11, Kind.BUSINESS, *_NONE, "着信課金（0800）", _MIC),
    NumberRange("0170", _ALL, 10, Kind.BUSINESS, *_NONE, "伝言（0170）", _MIC),
    NumberRange("0180", _ALL, 10, Kind.BUSINESS, *_NONE, "大量呼受付（0180）", _MIC),
    NumberRange("0570", _ALL, 10, Kind.BUSINESS, *_NONE, "ナビダイヤル（0570）", _MIC),
    NumberRange("0990", _ALL, 10, Kind.BUSINESS, *_NONE, "情報料代理徴収（0990）", _MIC),
    NumberRange("01", _NOT_0, 10, _F, *_VOICE, "固定電話", _MIC),
    NumberRange("02", _NOT_0, 10, _F, *_VOICE, "固定電話", _MIC),
    NumberRange("03", _NOT_0, 10, _F, *_VOICE, "固定電話", _MIC),
    NumberRange("04", _NOT_0, 10, _F, *_VOICE, "固定電話", _MIC),
    NumberRange("05", _NOT_0, 10, _F, *_VOICE, "固定電話", _MIC),
    NumberRange("06", _NOT_0, 10, _F, *_VOICE, "固定電話", _MIC),
    NumberRange("07", _NOT_0, 10, _F, *_VOICE, "固定電話", _MIC),
    NumberRange("08", _NOT_0, 10, _F, *_VOICE, "固定電話", _MIC),
    NumberRange("09", _NOT_0, 10, _F, *_VOICE, "固定電話", _MIC),
    NumberRange("1", _ALL, 3, Kind.SPECIAL, *_NONE, "緊急通報などの特別な番号", _MIC),
    NumberRange("1", _ALL, 4, Kind.SPECIAL, *_NONE, "事業者の特別な番号", _MIC),
)
