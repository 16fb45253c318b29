"""What each column of a file of people is for, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.directory.importing.columns import COLUMNS, SLOTS, Field
from denrei.directory.template import EXAMPLES

_ABOUT: Mapping[Field, str | Promise] = {
    Field.CODE: _("本人を見分ける番号です。同じ番号の人がいれば、その人の内容を変えます。"),
    Field.NAME: _("必ず入力してください。"),
    Field.KANA: _("名簿の並び順と検索に使います。"),
    Field.UNIT_CODE: _("登録してある所属のコードです。所属の名前より優先します。"),
    Field.UNIT_NAME: _("登録してある所属の名前です。"),
    Field.GROUPS: _(
        "名前かコードです。2つ以上は「；」で区切ります。ほかのグループからは外れます。"
    ),
    Field.POSITIONS: _("名前かコードです。2つ以上は「；」で区切ります。"),
    Field.HOUSEHOLD: _("同じコードの人を1つの世帯とみなします。"),
    Field.LANGUAGE: _("「日本語」か「英語」です。空欄なら日本語です。"),
    Field.STATE: _("「在籍」か「退会」です。空欄なら在籍です。"),
    Field.MAIL: _("空欄なら変わりません。違うアドレスにすると、前のアドレスは使わなくなります。"),
    Field.RECEIVES: _("そのメールアドレスで連絡を受け取るなら「○」、受け取らないなら「×」です。"),
    Field.SMS: _("SMSを受け取る携帯電話の番号です。先頭の0も入力してください。"),
    Field.PHONE: _("電話で連絡する番号です。先頭の0も入力してください。"),
    Field.CHILD: _("世帯の児童です。世帯コードか利用者コードも必要です。"),
    Field.CHILD_KANA: _("児童のふりがなです。"),
    Field.CHILD_CLASS: _("児童の学級です。"),
}
#: Other names of a column that are shown; a file may use more.
_SOME = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table of columns."""

    title: str
    also: tuple[str, ...]
    about: str | Promise
    example: str
    is_required: bool
    #: So often it may stand, with a number at its end; 1: once.
    times: int


def columns() -> Iterator[Line]:
    """Yield a line for each column that is understood."""
    for column in COLUMNS:
        yield Line(
            title=column.title,
            also=column.synonyms[:_SOME],
            about=_ABOUT[column.field],
            example=EXAMPLES[0].get(f"{column.title}{'1' if column.slots else ''}", ""),
            is_required=column.required,
            times=SLOTS if column.slots else 1,
        )
