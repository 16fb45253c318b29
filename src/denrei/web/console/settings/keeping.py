"""The section 保存期間: a choice for each kind of data, within its bounds (OPS-8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _

from denrei.accounts.models import Organization
from denrei.accounts.preferences import Preferences
from denrei.retention import policy
from denrei.retention.kinds import KINDS, Kind
from denrei.retention.words import PERIODS
from denrei.web.console.settings.forms import Section

#: The value of following the default.
DEFAULT = ""


def _default_words(code: str) -> str:
    return _("既定（%(period)s）") % {"period": PERIODS[policy.default(code)]}


def _choices(kind: Kind) -> list[tuple[str, str | Promise]]:
    longer = ((period.code, PERIODS[period]) for period in kind.bounds.choices)
    return [(DEFAULT, lazy(_default_words, str)(kind.code)), *longer]


class RetentionSection(Section):
    """How long what is kept; a field for each kind that leaves a choice."""

    def __init__(self, data: Any, *, organization: Organization, address: str) -> None:
        super().__init__(data, organization=organization, address=address)
        chosen, kept = Preferences.of(organization).retention, policy.of(organization)
        for name in self.fields:
            known = {value for value, _words in self.fields[name].choices}  # type: ignore[attr-defined] # all are choices
            value = chosen.get(name, DEFAULT)
            # what is stored and not allowed any more counts as the longest: so it is shown
            self.initial[name] = value if value in known else kept[name].code

    def wanted(self) -> Mapping[str, object]:
        """Return the one setting that holds them all."""
        return {"retention": {name: code for name, code in self.cleaned_data.items() if code}}


def _field(kind: Kind) -> forms.ChoiceField:
    field = forms.ChoiceField(choices=_choices(kind), required=False)
    field.label, field.help_text = kind.name, kind.holds  # type: ignore[assignment] # translated when shown
    return field


RetentionSection.base_fields.update(
    {kind.code: _field(kind) for kind in KINDS if not kind.bounds.is_fixed}
)
