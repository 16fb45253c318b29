"""What each section of the settings asks; fields are named as `preferences.change` names them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denrei.accounts import networks
from denrei.accounts.models import Organization
from denrei.accounts.preferences import COLUMNS, Preferences
from denrei.web.console.fields import MailField
from denrei.web.console.forms import Form, Line
from denrei.web.console.settings import zones
from denrei.web.console.settings.fields import NetworksField, NumberField


class Section(Form):
    """One section: its fields begin with what is set."""

    def __init__(self, data: Any, *, organization: Organization, address: str) -> None:
        self.organization = organization
        #: From where the asking operator comes.
        self.address = address
        super().__init__(data, initial=_present(organization, self.base_fields))

    def wanted(self) -> Mapping[str, object]:
        """Return the settings of a valid form by name."""
        return self.cleaned_data


class OrganizationSection(Section):
    """What the organization is."""

    name = Line(limit=60, label=gettext_lazy("団体の名称"))
    time_zone = forms.ChoiceField(
        label=gettext_lazy("時間帯"),
        choices=zones.choices,
        help_text=gettext_lazy("画面と連絡文の時刻を、この時間帯で表します。"),
    )


class SenderSection(Section):
    """Whom receivers see."""

    sender_name = Line(
        limit=40,
        label=gettext_lazy("差出人の名前"),
        required=False,
        help_text=gettext_lazy("メールの差出人に表示します。例：汐見原市 防災"),
    )
    sender_address = MailField(
        label=gettext_lazy("差出人のアドレス"),
        required=False,
        help_text=gettext_lazy("空欄のときは、送信経路に設定したアドレスを使います。"),
    )
    reply_to = MailField(
        label=gettext_lazy("返信先のアドレス"),
        required=False,
        help_text=gettext_lazy("受け取った人が返信したときの宛先です。"),
    )


class SendingSection(Section):
    """Rules of sending (SCH-3, OPS-4)."""

    receiving_slots = NumberField(
        least=1,
        most=9,
        label=gettext_lazy("連絡を受け取るメールアドレスの数"),
        help_text=gettext_lazy(
            "1人に登録したアドレスのうち、何番目までに送るかを決めます。その後のアドレスには送りません。"
        ),
    )
    typed_count_above = NumberField(
        least=0,
        most=10_000_000,
        label=gettext_lazy("送信前に人数の入力を求める人数"),
        help_text=gettext_lazy("宛先がこの人数を超えるとき、送信する前に人数の入力を求めます。"),
    )
    sign_in_before_launch = forms.BooleanField(
        label=gettext_lazy("本番の送信前に、もう一度本人と確認する"),
        required=False,
        help_text=gettext_lazy(
            "パスワードまたはパスキーを求めます。席を離れた間に送信されることを防ぎます。訓練では求めません。"
        ),
    )


class RepliesSection(Section):
    """What becomes of replies (MSG-7, MSG-8)."""

    answers_by_reply = forms.BooleanField(
        label=gettext_lazy("返信でも回答できることを、メールに書く"),
        required=False,
        help_text=gettext_lazy(
            "番号だけの返信を、回答として受け取ります。返信先のアドレスに届くメールを、"
            "メールボックスの登録か受信サーバーで取得していることを確かめてから、選んでください。"
        ),
    )


class SignInSection(Section):
    """How operators prove themselves."""

    second_factor_required = forms.BooleanField(
        label=gettext_lazy("全員に二要素認証を求める"),
        required=False,
        help_text=gettext_lazy(
            "まだ登録していない人は、次にサインインしたときに登録の画面へ進みます。"
        ),
    )


class NetworksSection(Section):
    """From where operators work; what would shut out who saves is refused (SMS-13)."""

    sign_in_networks = NetworksField(
        label=gettext_lazy("サインインできる接続元"),
        help_text=gettext_lazy(
            "1行に1つ、IPアドレスか範囲を入力してください。例：192.0.2.0/24。空欄のときは制限しません。"
        ),
    )
    change_networks = NetworksField(
        label=gettext_lazy("登録や設定を変更できる接続元"),
        help_text=gettext_lazy(
            "ここにない接続元からは、見ることだけができ、送信も変更もできません。空欄のときは制限しません。"
        ),
    )

    def clean_sign_in_networks(self) -> tuple[str, ...]:
        """Return the networks. ValidationError where who saves could not sign in any more."""
        return self._holding_me("sign_in_networks")

    def clean_change_networks(self) -> tuple[str, ...]:
        """Return the networks. ValidationError where who saves could not take it back."""
        return self._holding_me("change_networks")

    def _holding_me(self, name: str) -> tuple[str, ...]:
        wanted: tuple[str, ...] = self.cleaned_data[name]
        if networks.allowed(self.address, wanted):
            return wanted
        raise ValidationError(
            _(
                "今の接続元「%(address)s」が含まれていません。"
                "保存すると、あなた自身が使えなくなります。"
                "「%(address)s」か、それを含む範囲を加えてください。"
            ),
            code="locks_out",
            params={"address": self.address or _("不明")},
        )


def _present(organization: Organization, names: Mapping[str, object]) -> dict[str, object]:
    own = Preferences.of(organization)
    known = {*COLUMNS, *(one.name for one in dataclasses.fields(own))}
    return {
        name: getattr(organization if name in COLUMNS else own, name)
        for name in names
        if name in known
    }
