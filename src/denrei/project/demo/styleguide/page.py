"""Serves the page; a section is a template of its own, and its source is shown below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.engine import Engine
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.domain.status import Status
from denrei.project.demo.styleguide.colours import colours
from denrei.web.console.forms import Form, Line
from denrei.web.console.story.line import Mark

#: Template of each section → its heading, in the order of the page.
_SECTIONS: Mapping[str, str | Promise] = {
    "colours": _("色"),
    "type": _("文字"),
    "titles": _("見出しと現在の位置"),
    "buttons": _("ボタン"),
    "fields": _("入力"),
    "statuses": _("状態"),
    "tags": _("札"),
    "says": _("お知らせ"),
    "dialog": _("確認"),
    "table": _("表"),
    "flow": _("手順と進行"),
    "empty": _("何もないとき"),
}


class Sample(Form):
    """Fields of each kind; bound to nothing, the needed ones say so."""

    place = Line(limit=20, label=_("発生場所"), help_text=_("建物名や地区名"), required=False)
    sender = Line(limit=20, label=_("発信者"))
    school = forms.ChoiceField(
        label=_("所属"), choices=(("a", _("第一小学校")), ("b", _("第二小学校")))
    )
    receives = forms.BooleanField(label=_("この連絡先へ送信する"), required=False)
    mode = forms.ChoiceField(
        label=_("送信の種類"),
        choices=(("live", _("本番")), ("drill", _("訓練"))),
        widget=forms.RadioSelect,
        help_text=_("訓練では、件名の先頭に【訓練】が付きます。"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of component."""

    name: str
    heading: str | Promise
    template: str
    source: str


@rights.needs(Right.OPEN)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/styleguide/`."""
    context = {
        "sections": [_section(name) for name in _SECTIONS],
        "colours": list(colours()),
        "form": Sample({"place": str(_("伝令市全域")), "school": "b", "mode": "drill"}),
        "marks": [Mark(status=status) for status in Status],
    }
    return render(request, "demo/styleguide/page.html", context)


def _section(name: str) -> Section:
    template = f"demo/styleguide/{name}.html"
    file = Path(Engine.get_default().get_template(template).origin.name)
    return Section(
        name=name,
        heading=_SECTIONS[name],
        template=template,
        source=file.read_text(encoding="utf-8").strip(),
    )
