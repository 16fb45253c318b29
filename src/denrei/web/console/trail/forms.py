"""Which entries of the trail are asked for."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denrei.accounts.models import AuditEntry, AuditEntryQuerySet, Operator
from denrei.web.console.forms import Form
from denrei.web.console.trail import sentences

#: What denrei did itself, in place of an operator's id.
ITSELF = "0"
#: Before the number of a group, in place of an action.
_GROUP = "group-"
_ABOUT = re.compile(r"\A[a-z]{1,40}-[0-9]{1,18}\Z")
_YEARS = range(2000, 2101)


class Which(Form):
    """Who, what and when; `about` is one thing: `operator-12`."""

    actor = forms.ChoiceField(label=gettext_lazy("操作した人"), required=False)
    action = forms.ChoiceField(label=gettext_lazy("操作"), required=False)
    day = forms.DateField(
        label=gettext_lazy("日付"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("日付は「2026-11-21」のように入力してください。")},
    )
    about = forms.RegexField(_ABOUT, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asker: Operator, labels: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asker = asker
        self._field("actor").choices = _actors(asker)
        self._field("action").choices = _actions(labels)

    def _field(self, name: str) -> forms.ChoiceField:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        return found

    def clean_day(self) -> date | None:
        """Return the day. ValidationError beyond what a calendar of ours may say."""
        day: date | None = self.cleaned_data["day"]
        if day and day.year not in _YEARS:
            raise ValidationError(_("日付の年を確認してください。"))
        return day

    def entries(self) -> AuditEntryQuerySet:
        """Return the entries that are asked for, of those that the operator sees.

        A part of the question that can't be read is left out.
        """
        self.is_valid()
        found = AuditEntry.objects.visible_to(self.asker)
        if actor := self.cleaned_data.get("actor"):
            found = found.filter(actor=None if actor == ITSELF else actor)
        if action := self.cleaned_data.get("action"):
            found = found.filter(action__in=_meant(action))
        if about := self.cleaned_data.get("about"):
            found = found.about(*about.split("-"))
        if day := self.cleaned_data.get("day"):
            begin = datetime.combine(day, time(), timezone.get_current_timezone())
            end = datetime.combine(day + timedelta(days=1), time(), begin.tzinfo)
            found = found.filter(at__gte=begin, at__lt=end)
        return found

    def kept(self) -> dict[str, str]:
        """Return what was asked for, for the address of the next page."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}


def _actors(asker: Operator) -> list[tuple[str, str]]:
    known = Operator.objects.visible_to(asker).order_by("name", "login")
    found = [
        (str(pk), f"{name}（{login}）")
        for pk, name, login in known.values_list("pk", "name", "login")
    ]
    itself = [] if asker.unit else [(ITSELF, _("伝令（自動）"))]
    return [("", _("すべての人")), *found, *itself]


def _actions(labels: dict[str, str]) -> list[tuple[str, Any]]:
    groups = [
        (
            str(heading),
            [
                (f"{_GROUP}{number}", _("%(group)sのすべて") % {"group": heading}),
                *((action, sentences.say(action, labels)) for action in actions),
            ],
        )
        for number, (heading, actions) in enumerate(sentences.GROUPS.items())
    ]
    return [("", _("すべての操作")), *groups]


def _meant(action: str) -> list[str]:
    if not action.startswith(_GROUP):
        return [action]
    number = int(action.removeprefix(_GROUP))
    return list(list(sentences.GROUPS.values())[number])
