"""From the compose form to a selection: ids looked up, and bounded to what the operator may see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from denrei.accounts.models import Operator
from denrei.audience.selection import Selection
from denrei.broadcasts.models import Broadcast
from denrei.broadcasts.typed import Typed, ids
from denrei.directory.models import ContactGroup, Position, Recipient
from denrei.domain.limits import Complaint

#: Where complaints about recipients belong, whichever field of `Typed` they come from.
FIELD = "audience"


def selection(typed: Typed, operator: Operator) -> Selection:
    """Return whom a form means; ids unknown, deleted or not the operator's mean nobody (ALL-5)."""
    if typed.corrects:
        earlier = corrected(typed, operator)
        named = earlier.pk if earlier else -1
        return Selection(
            reached_by=None if typed.to_all else named,
            meant_by=named if typed.to_all else None,
            within=operator.unit_id,
        )
    visible = Recipient.objects.active().visible_to(operator)
    return Selection(
        everybody=typed.everybody,
        groups=_known(ContactGroup.objects.all(), typed.groups),
        positions=_known(Position.objects.all(), typed.positions),
        both=typed.both,
        recipients=_known(visible, typed.people),
        within=operator.unit_id,
    )


def complaints(typed: Typed, found: Selection) -> Iterator[Complaint]:
    """Yield what is wrong with the recipients of a form that was read as `found`."""
    if typed.corrects:
        yield from _of_sequel(found)
        return
    named = len({*typed.groups}) + len({*typed.positions}) + len({*typed.people})
    gone = named - len(found.groups) - len(found.positions) - len(found.recipients)
    if gone:
        words = _(
            "選んだ宛先のうち%(count)d件は、削除されたか、選べないものでした。宛先を確認してください。"
        )
        yield Complaint(field=FIELD, words=words % {"count": gone})
    elif not named and not typed.everybody:
        yield Complaint(field=FIELD, words=_("宛先を選んでください。"))
    elif not found.people().exists():
        words = _("選んだ宛先に当てはまる人がいません。宛先を確認してください。")
        yield Complaint(field=FIELD, words=words)


def corrected(typed: Typed, operator: Operator) -> Broadcast | None:
    """Return the broadcast that a form corrects or withdraws; None: the operator sees none."""
    return Broadcast.objects.visible_to(operator).filter(pk__in=ids([typed.corrects])).first()


def _of_sequel(found: Selection) -> Iterator[Complaint]:
    if -1 in {found.meant_by, found.reached_by}:
        words = _("訂正や取消のもとになる連絡が見つかりません。新しい連絡として作成してください。")
        yield Complaint(field=FIELD, words=words)
    elif not found.people().exists():
        words = _(
            "もとの連絡は、まだだれにも渡していません。訂正や取消を送る相手はいません。「もとの連絡の対象全員」に変えるか、新しい連絡として作成してください。"
        )
        yield Complaint(field=FIELD, words=words)


def _known(rows: QuerySet[Model], typed: Sequence[str]) -> tuple[int, ...]:
    wanted = ids(typed)
    if not wanted:
        return ()
    return tuple(sorted(rows.filter(pk__in=wanted).values_list("pk", flat=True)))
