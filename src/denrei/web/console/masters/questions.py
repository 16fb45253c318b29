"""What else the pages of lists ask: whether to delete, and the words for the lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from denrei.accounts import labels
from denrei.accounts.labels import Label
from denrei.accounts.models import Preset
from denrei.domain import text
from denrei.web.console.forms import Form, Line


class Confirmation(Form):
    """The question before an entry is deleted; many people are typed as a number."""

    count = forms.CharField(
        label=_("人数"),
        widget=forms.TextInput(
            attrs={"class": "in in--num", "inputmode": "numeric", "autocomplete": "off"}
        ),
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, seen: str, people: int, typed: bool
    ) -> None:
        super().__init__(data)
        self.seen = seen
        self._people = people
        if not typed:
            del self.fields["count"]
        else:
            self.fields["count"].help_text = gettext(
                "削除するには、登録が外れる人数（%(people)d）を入力してください。"
            ) % {"people": people}

    def clean_count(self) -> str:
        """Compare what was typed with the people there are now."""
        typed: str = self.cleaned_data["count"]
        plain = unicodedata.normalize("NFKC", typed).replace(",", "").removesuffix("人").strip()
        if plain != str(self._people):
            raise forms.ValidationError(
                _("人数が違います。%(people)dと入力してください。"), params={"people": self._people}
            )
        return typed

    def clean(self) -> dict[str, Any]:
        """Ask again where the use changed since the page was shown."""
        if self.data.get("seen") != self.seen:
            raise forms.ValidationError(
                _("確認している間に、使われ方が変わりました。もう一度確認してください。")
            )
        return self.cleaned_data


def _word(label: Label) -> Line:
    return Line(
        limit=labels.LONGEST,
        label=_(labels.DEFAULTS[Preset.COMPANY][label]),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class Words(Form):
    """What the organization calls its lists; the fields are labelled as in a company."""

    operators = _word(Label.OPERATORS)
    groups = _word(Label.GROUPS)
    positions = _word(Label.POSITIONS)
    incidents = _word(Label.INCIDENTS)
    situations = _word(Label.SITUATIONS)
    instructions = _word(Label.INSTRUCTIONS)
    answers = _word(Label.ANSWERS)

    @property
    def words(self) -> dict[Label, str]:
        """Return what was typed, by list."""
        return {label: self.cleaned_data[label.value] for label in Label}

    def clean(self) -> dict[str, Any]:
        """Refuse one word for two lists: nobody could tell them apart."""
        seen: dict[str, str] = {}
        for name, word in list(self.cleaned_data.items()):
            folded = text.fold(word)
            if folded in seen.values():
                self.add_error(
                    name,
                    _("ほかの一覧と同じ名称です。見分けられる名称にしてください。"),
                )
            seen[name] = folded
        return self.cleaned_data
