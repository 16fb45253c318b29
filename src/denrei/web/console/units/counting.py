"""What belongs to units, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from denrei.accounts import tree
from denrei.accounts.models import Operator, Unit
from denrei.directory.models import Recipient

#: By the name that `Unit` has for it (`tree.uses`).
WORDS: Mapping[str, Callable[[int], str]] = {
    "children": lambda n: _("下の所属 %(n)s件") % {"n": f"{n:,}"},
    "operators": lambda n: _("操作者 %(n)s人") % {"n": f"{n:,}"},
    "recipients": lambda n: _("名簿の人 %(n)s人") % {"n": f"{n:,}"},
    "subjects": lambda n: _("児童 %(n)s人") % {"n": f"{n:,}"},
    "drafts": lambda n: _("定型連絡、下書きとその送信の記録 %(n)s件") % {"n": f"{n:,}"},
    "broadcasts": lambda n: _("送信した連絡 %(n)s件") % {"n": f"{n:,}"},
    "incident_types": lambda n: _("送信できる所属としての指定 %(n)s件") % {"n": f"{n:,}"},
    "people_imports": lambda n: _("名簿の取り込みの記録 %(n)s件") % {"n": f"{n:,}"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One unit as the tree shows it; people and operators are its own, without those below."""

    unit: Unit
    #: 0: the top, or that of who looks.
    depth: int
    people: int
    operators: int


def rows(asker: Operator) -> Iterator[Row]:
    """Yield the units that an operator sees, as a tree, in three queries."""
    people = _by_unit(Recipient.objects.active().values("unit").annotate(number=Count("pk")))
    operators = _by_unit(Operator.objects.active().values("unit").annotate(number=Count("pk")))
    for depth, unit in tree.in_order(Unit.objects.visible_to(asker)):
        yield Row(
            unit=unit,
            depth=depth,
            people=people.get(unit.pk, 0),
            operators=operators.get(unit.pk, 0),
        )


def uses(unit: Unit) -> list[str]:
    """Return what belongs to a unit, each with its number."""
    return [WORDS.get(name, _other)(count) for name, count in tree.uses(unit).items()]


def _other(count: int) -> str:
    return _("その他の登録 %(n)s件") % {"n": f"{count:,}"}


def _by_unit(counts: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    return {count["unit"]: count["number"] for count in counts}
