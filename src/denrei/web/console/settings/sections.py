"""The sections of the settings, in their order, and how each is shown where it is not changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denrei.accounts.models import Organization
from denrei.web.console.settings.fields import NetworksField
from denrei.web.console.settings.forms import (
    NetworksSection,
    OrganizationSection,
    RepliesSection,
    Section,
    SenderSection,
    SendingSection,
    SignInSection,
)
from denrei.web.console.settings.keeping import RetentionSection


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One section."""

    title: str | Promise
    lead: str | Promise
    form: type[Section]


#: By the last part of the address.
SECTIONS: Mapping[str, Kind] = {
    "organization": Kind(
        title=gettext_lazy("団体"),
        lead=gettext_lazy("団体の名称と、時刻の表し方です。"),
        form=OrganizationSection,
    ),
    "sender": Kind(
        title=gettext_lazy("差出人"),
        lead=gettext_lazy("受け取る人に見える差出人です。所属ごとに変えることもできます。"),
        form=SenderSection,
    ),
    "sending": Kind(
        title=gettext_lazy("送信のきまり"),
        lead=gettext_lazy("送る範囲と、誤って送らないための確認です。"),
        form=SendingSection,
    ),
    "replies": Kind(
        title=gettext_lazy("返信"),
        lead=gettext_lazy(
            "メールへの返信の扱いです。書いても書かなくても、取得した返信は読み、回答と分かるものは記録します。"
        ),
        form=RepliesSection,
    ),
    "sign-in": Kind(
        title=gettext_lazy("サインイン"),
        lead=gettext_lazy("操作者が本人であることの確かめ方です。"),
        form=SignInSection,
    ),
    "networks": Kind(
        title=gettext_lazy("接続元の制限"),
        lead=gettext_lazy("どこから使えるかを、IPアドレスで制限します。"),
        form=NetworksSection,
    ),
    "retention": Kind(
        title=gettext_lazy("保存期間"),
        lead=gettext_lazy(
            "記録を残す長さです。過ぎたものは、夜のうちに自動で削除し、元に戻せません。"
            "既定は目安です。法令と、団体の文書管理の規則に合わせて選んでください。"
        ),
        form=RetentionSection,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One section as the page of all settings shows it."""

    name: str
    kind: Kind
    #: Words of each setting and of its value.
    values: tuple[tuple[str, str], ...]


def shown(organization: Organization) -> Iterator[Shown]:
    """Yield all sections with what is set."""
    for name, kind in SECTIONS.items():
        form = kind.form(None, organization=organization, address="")
        values = tuple(
            (str(field.label), _words(field, form.initial[key]))
            for key, field in form.fields.items()
        )
        yield Shown(name=name, kind=kind, values=values)


def _words(field: forms.Field, value: object) -> str:
    if isinstance(field, NetworksField):
        return "\n".join(map(str, value)) if isinstance(value, tuple) and value else _("制限なし")
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(field, forms.ChoiceField):
        words = dict(field.choices)  # type: ignore[arg-type] # no groups of choices here
        return str(words.get(value, value))
    return str(value) if value != "" else _("なし")
