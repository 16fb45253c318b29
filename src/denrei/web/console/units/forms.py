"""What the form of a unit asks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denrei.accounts.models import Unit
from denrei.accounts.refusal import Refusal, RefusedError
from denrei.accounts.tree import Wanted
from denrei.web.console.fields import MailField, UnitField
from denrei.web.console.forms import Form, Line

#: Beside which field a refusal stands; others stand above the form.
_FIELDS = {Refusal.CODE_TAKEN: "code", Refusal.CYCLE: "parent"}
_SENDER = ("sender_name", "sender_address", "reply_to")


class UnitForm(Form):
    """One unit, new or not; without the right to change it, to be read."""

    name = Line(limit=40, label=_("名称"))
    code = Line(
        limit=20,
        label=_("コード"),
        help_text=_("名簿の取り込みと並び順に使います。例：S01"),
    )
    parent = UnitField(
        label=_("上の所属"),
        help_text=_("移すと、その下の所属も一緒に移ります。"),
    )
    sender_name = Line(
        limit=40,
        label=_("差出人の名前"),
        required=False,
        help_text=_("空欄のときは、上の所属または団体の設定を使います。"),
    )
    sender_address = MailField(label=_("差出人のアドレス"), required=False)
    reply_to = MailField(label=_("返信先のアドレス"), required=False)

    def __init__(
        self, *args: Any, about: Unit | None, above: Unit | None, writable: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial=_present(about, above), **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, UnitField)
        parent.offer(_possible_parents(about), _("なし（最も上）"), named="none")
        if not writable:
            for field in self.fields.values():
                field.disabled = True

    def wanted(self) -> Wanted:
        """Return what a valid form asks for, except where the unit stands."""
        names = ("name", "code", *_SENDER)
        return Wanted(**{name: self.cleaned_data[name] for name in names})

    def refuse(self, refused: RefusedError) -> None:
        """Say beside the right field why the change was refused."""
        self.add_error(_FIELDS.get(refused.code), refused.words)


def _possible_parents(about: Unit | None) -> list[Unit]:
    units = Unit.objects.all()
    return list(units.exclude(path__startswith=about.path) if about else units)


def _present(about: Unit | None, above: Unit | None) -> dict[str, object]:
    if about is None:
        return {"parent": above}
    return {name: getattr(about, name) for name in ("name", "code", "parent", *_SENDER)}
