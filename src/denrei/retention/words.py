"""Periods, and why broadcasts stay, in words of a page; in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.domain.retention import Period

PERIODS: Mapping[Period, str | Promise] = {
    Period.DAY: _("1日"),
    Period.DAYS_7: _("7日"),
    Period.DAYS_30: _("30日"),
    Period.DAYS_90: _("90日"),
    Period.MONTHS_6: _("6か月"),
    Period.YEAR: _("1年"),
    Period.YEARS_2: _("2年"),
    Period.YEARS_3: _("3年"),
    Period.YEARS_5: _("5年"),
    Period.YEARS_7: _("7年"),
    Period.YEARS_10: _("10年"),
    Period.YEARS_30: _("30年"),
    Period.FOREVER: _("無期限"),
}
#: Why a broadcast stays whose time is over (`emptying.Overdue.staying`).
STAYING: Mapping[str, str | Promise] = {
    "held": _("保留にしている"),
    "open": _("要対応、支援の依頼、確認待ちのメールが残っている"),
    "broken": _("監査が、集計と台帳の差を見つけている"),
    "unsettled": _("封印、集計、回答などが、まだ終わっていないか、期間より新しい"),
}
