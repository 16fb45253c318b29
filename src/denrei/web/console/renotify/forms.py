"""What 再通知 asks the operator: who, by which media, in which words; and a reminder's time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.broadcasts.content import Content
from denrei.deliveries.reminders import LONGEST, SHORTEST
from denrei.deliveries.waves import Target
from denrei.domain import limits, text
from denrei.domain.states import Medium
from denrei.web.console.forms import Form

_LIMITS = {limit.field: limit.characters or 0 for limit in limits.LIMITS}
TARGETS: Sequence[tuple[Target, str | Promise]] = (
    (Target.SILENT, _("まだ回答していない人")),
    (Target.FAILED, _("届いた証拠がない人")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a page offers: targets with their people, media with a way, the text as it was sent."""

    counts: dict[Target, int]
    media: Sequence[Medium]
    #: Chosen at first.
    used: Sequence[Medium]
    content: Content


class Lines(forms.CharField):
    """Some lines of text, cleaned; `limit` counts characters as people do."""

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(
            required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "in"}), **kwargs
        )
        self.widget.attrs["data-limit"] = str(limit)

    def clean(self, value: Any) -> str:
        """Return the text. ValidationError where it is too long."""
        cleaned = text.clean(str(super().clean(value)), multiline=True).text
        over = text.length(cleaned) - self.limit
        if over > 0:
            raise forms.ValidationError(
                _("%(over)d文字多くなっています。%(limit)d文字以内に短くしてください。"),
                params={"over": over, "limit": self.limit},
            )
        return cleaned


class AgainForm(Form):
    """One wave."""

    target = forms.ChoiceField(label=_("送る相手"), widget=forms.RadioSelect)
    ways = forms.MultipleChoiceField(
        label=_("連絡手段"), widget=forms.CheckboxSelectMultiple, required=True
    )
    situation_note = Lines(label=_("状況の補足"), limit=_LIMITS["situation_note"])
    instruction_note = Lines(label=_("指示の補足"), limit=_LIMITS["instruction_note"])

    def __init__(self, offer: Offer, *args: Any, **kwargs: Any) -> None:
        self.offer = offer
        kwargs.setdefault("initial", self._initial(offer))
        super().__init__(*args, **kwargs)
        self._field("target").choices = [(target.value, words) for target, words in TARGETS]
        self._field("ways").choices = [(medium.name, _(medium.label)) for medium in offer.media]

    @staticmethod
    def _initial(offer: Offer) -> dict[str, Any]:
        first = Target.SILENT if offer.content.has_page else Target.FAILED
        return {
            "target": first.value,
            "ways": [medium.name for medium in offer.used],
            "situation_note": offer.content.situation_note,
            "instruction_note": offer.content.instruction_note,
        }

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    @property
    def target_of(self) -> Target:
        """Return who was chosen; the form must be valid."""
        return Target(self.cleaned_data["target"])

    @property
    def media_of(self) -> tuple[Medium, ...]:
        """Return the media that were chosen, in the order of the launch; the form must be valid."""
        chosen = {Medium[name] for name in self.cleaned_data["ways"]}
        return tuple(medium for medium in self.offer.media if medium in chosen)

    def content(self) -> Content:
        """Return the text of the wave; the form must be valid."""
        return replace(
            self.offer.content,
            situation_note=self.cleaned_data["situation_note"],
            instruction_note=self.cleaned_data["instruction_note"],
        )


class ReminderForm(Form):
    """One reminder by itself, so many minutes from now."""

    minutes = forms.IntegerField(
        label=_("今から何分後"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "in in--wait"}),
        error_messages={
            "invalid": _("数字で入力してください。"),
            "min_value": _("%(limit_value)d分以上にしてください。"),
            "max_value": _("%(limit_value)d分以内にしてください。"),
        },
    )

    def due_at(self, now: datetime.datetime) -> datetime.datetime:
        """Return its time; the form must be valid."""
        return now + datetime.timedelta(minutes=self.cleaned_data["minutes"])
