"""How forms of the console look and speak: one renderer, one parent class, words for each fault."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _

from denrei.accounts.resuming import RESUMED
from denrei.domain import text


class Renderer(TemplatesSetting):
    """Draws fields and forms by our templates."""

    field_template_name = "console/field.html"
    form_template_name = "console/form.html"


class Faults(ErrorList):
    """What is wrong with a field or a form, drawn by our template."""

    template_name = "console/errors.html"


class Form(forms.Form):
    """A form of the console: faults say what to do, typed text is cleaned of what nobody sees."""

    required_css_class = "required"
    error_css_class = "wrong"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("error_class", Faults)
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _dress(name, field)

    def is_valid(self) -> bool:
        """Tell whether to go on; a form that comes back from a new sign-in is looked at first."""
        return super().is_valid() and RESUMED not in self.data


class Line(forms.CharField):
    """One line of text, cleaned (`text.clean`); `limit` counts characters as people do."""

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(**kwargs)
        self.widget.attrs["data-limit"] = str(limit)

    def clean(self, value: Any) -> str:
        """Return the text. ValidationError where it is too long."""
        cleaned = text.clean(str(super().clean(value))).text
        over = text.length(cleaned) - self.limit
        if over > 0:
            raise forms.ValidationError(
                _("%(over)d文字多くなっています。%(limit)d文字以内に短くしてください。"),
                params={"over": over, "limit": self.limit},
            )
        if self.required and not cleaned:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return cleaned


def _dress(name: str, field: forms.Field) -> None:
    widget = field.widget
    if not isinstance(
        widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect
    ):
        widget.attrs.setdefault("class", "in")
    field.error_messages["required"] = (
        _("%(label)sを選んでください。")
        if isinstance(field, forms.ChoiceField)
        else _("%(label)sを入力してください。")
    ) % {"label": field.label or name}
    if isinstance(field, forms.ChoiceField):
        field.error_messages["invalid_choice"] = _(
            "選んだ項目は、もう使えません。一覧から選び直してください。"
        )
