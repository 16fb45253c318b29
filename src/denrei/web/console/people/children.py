"""The children (児童) of a household on one page (NEW-5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from denrei.accounts import rights
from denrei.accounts.models import Operator, Unit
from denrei.accounts.rights import Right
from denrei.directory import households
from denrei.directory.households import Child
from denrei.directory.models import Household, Recipient, Subject
from denrei.web.console.asking import operator_of
from denrei.web.console.fields import UnitField
from denrei.web.console.forms import Faults, Form
from denrei.web.console.people import finding
from denrei.web.console.people.forms import Word

#: Empty rows below the children that are known.
_NEW = 2
_MOST = 20


class ChildLine(Form):
    """One child; a new row without a name says nothing."""

    known = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = Word(limit=40, label=_("氏名"), required=False)
    kana = Word(limit=80, label=_("ふりがな"), required=False)
    unit = UnitField(label=_("所属"))
    class_name = Word(limit=50, label=_("クラス"), required=False)
    remove = forms.BooleanField(label=_("この児童を削除する"), required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        unit.offer(units, _("（所属なし）"))

    def clean(self) -> dict[str, Any]:
        """Ask for a name where anything else is said."""
        said = super().clean() or {}
        others = ("known", "kana", "class_name", "unit")
        if (
            "name" in said
            and not (said["name"] or said.get("remove"))
            and any(said.get(name) for name in others)
        ):
            self.add_error("name", _("児童の氏名を入力してください。"))
        return said

    @property
    def child(self) -> Child | None:
        """Return the child that the row wants; None for none."""
        said = self.cleaned_data
        if not said.get("name") or said["remove"]:
            return None
        return Child(
            id=said["known"],
            name=said["name"],
            kana=said["kana"],
            unit=said["unit"],
            class_name=said["class_name"],
        )


if TYPE_CHECKING:  # the class takes a parameter in its stubs only
    _Formset = forms.BaseFormSet[ChildLine]
else:
    _Formset = forms.BaseFormSet


class ChildLines(_Formset):
    """All rows."""


_Lines = cast(
    "type[ChildLines]",
    forms.formset_factory(ChildLine, ChildLines, extra=0, max_num=_MOST, absolute_max=_MOST),
)


@rights.needs(Right.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve `/console/people/households/<id>/`."""
    household, operator = finding.household(request, pk), operator_of(request)
    members = Recipient.objects.visible_to(operator).filter(household=household).in_order()
    rows = _rows(request, household, operator)
    if request.method == "POST" and rows.is_valid():
        wanted = [row.child for row in rows if row.child]
        households.set_children(operator, household, wanted)
        messages.success(request, _t("児童を保存しました。"))
        first = members.first()
        return redirect("console:person", first.pk) if first else redirect("console:people")
    context = {"household": household, "members": members, "rows": rows}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/people/children.html", context, status=status)


def _rows(request: HttpRequest, household: Household, operator: Operator) -> ChildLines:
    units = list(Unit.objects.visible_to(operator))
    if request.method == "POST":
        return _Lines(
            request.POST, prefix="child", error_class=Faults, form_kwargs={"units": units}
        )
    known = map(_initial, households.children_of(household, operator))
    initial = [*known, *({} for _number in range(_NEW))]
    return _Lines(prefix="child", initial=initial, form_kwargs={"units": units})


def _initial(child: Subject) -> dict[str, Any]:
    return {
        "known": child.pk,
        "name": child.name,
        "kana": child.kana,
        "unit": child.unit_id or "",
        "class_name": child.class_name,
    }
