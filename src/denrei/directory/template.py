"""An example of a file of people: every column that is understood, and two rows that show how."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from denrei.directory import exporting

#: By title of a column; what a row leaves out is blank.
EXAMPLES: tuple[Mapping[str, str], ...] = (
    {
        "利用者コード": "A0001",
        "氏名": "見本 太郎",
        "ふりがな": "みほん たろう",
        "所属コード": "S1",
        "所属": "第一小学校",
        "連絡グループ": "1年；PTA",
        "役職": "会長",
        "世帯コード": "H0001",
        "言語": "ja",
        "状態": "在籍",
        "メールアドレス1": "taro@example.jp",
        "受信する1": "○",
        "メールアドレス2": "mihon@example.com",
        "受信する2": "×",
        "携帯（SMS）1": "090-1234-5678",
        "電話番号1": "03-3456-7890",
        "児童名1": "見本 花子",
        "児童ふりがな1": "みほん はなこ",
        "児童クラス1": "1年1組",
    },
    {
        "利用者コード": "A0002",
        "氏名": "髙﨑 良子",
        "所属コード": "S1",
        "所属": "第一小学校",
        "連絡グループ": "2年",
        "メールアドレス1": "ryoko@example.jp",
    },
)


def file() -> bytes:
    """Return the file: UTF-8 with the mark by which Excel knows it."""
    titles = exporting.heading()
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(titles)
    rows.writerows([example.get(title, "") for title in titles] for example in EXAMPLES)
    return written.getvalue().encode("utf-8-sig")
