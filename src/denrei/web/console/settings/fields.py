"""Fields that only settings have: a number between two others, networks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from denrei.accounts import networks
from denrei.web.console.fields import number


class NumberField(forms.IntegerField):
    """A whole number between two others, as `fields.number` reads it."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        words = gettext_lazy("%(least)dから%(most)dまでの数字で入力してください。") % {
            "least": least,
            "most": most,
        }
        faults = dict.fromkeys(("invalid", "min_value", "max_value"), words)
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "in in--num"})
        super().__init__(
            min_value=least, max_value=most, widget=widget, error_messages=faults, **kwargs
        )

    def to_python(self, value: Any) -> int | None:
        """Return the number. ValidationError where the text is none."""
        if value in self.empty_values:
            return None
        found = number(str(value))
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class NetworksField(forms.CharField):
    """Networks, one on each line; none allows all."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the lines of the text."""
        return value if isinstance(value, str) else "\n".join(value or ())

    def clean(self, value: Any) -> Any:
        """Return the networks as CIDR. ValidationError names the one that can't be read."""
        try:
            return networks.parse(str(super().clean(value)))
        except networks.InvalidNetworkError as error:
            raise ValidationError(str(error)) from error
