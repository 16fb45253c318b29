"""How the people of a broadcast were chosen, where it is still known as it was (MSG-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from denrei.broadcasts.models import Broadcast, Draft
from denrei.broadcasts.typed import Typed, ids
from denrei.directory.models import ContactGroup, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """What the operator had chosen when 送信 was pressed; names as they are now."""

    everybody: bool
    #: The person was named by itself.
    by_name: bool
    groups: tuple[str, ...]
    positions: tuple[str, ...]
    #: 両方; else いずれか.
    both: bool
    #: Groups and positions that were deleted since.
    gone: int


def choosing(broadcast: Broadcast, recipient_id: int) -> Choosing | None:
    """Return how people were chosen; None where nothing tells, as for a launch by a command.

    Which groups a person was in then is kept nowhere: only what was chosen is told. A draft tells
    it while it stands at the revision that was launched.
    """
    draft = Draft.objects.filter(broadcast=broadcast).first()
    if draft is None or draft.key != broadcast.idempotency_key:
        return None
    typed = Typed.from_json(draft.form)
    groups = _names(ContactGroup.objects.all(), typed.groups)
    positions = _names(Position.objects.all(), typed.positions)
    named = len({*typed.groups}) + len({*typed.positions})
    return Choosing(
        everybody=typed.everybody,
        by_name=recipient_id in ids(typed.people),
        groups=groups,
        positions=positions,
        both=typed.both and bool(groups) and bool(positions),
        gone=named - len(groups) - len(positions),
    )


def _names(rows: QuerySet[Model], typed: Sequence[str]) -> tuple[str, ...]:
    wanted = ids(typed)
    if not wanted:
        return ()
    return tuple(rows.filter(pk__in=wanted).order_by("pk").values_list("name", flat=True))
