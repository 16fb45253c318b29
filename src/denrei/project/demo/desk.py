"""What lies ready on the desk of the invented city: 定型連絡 for the three taps, and drafts."""

from __future__ import annotations

from dataclasses import dataclass

from denrei.broadcasts.typed import Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A message that is ready; masters and groups by their names."""

    #: What a 定型連絡 is called; "" makes it a draft.
    name: str = ""
    incident: str
    situation: str
    instruction: str
    place: str = ""
    situation_note: str = ""
    instruction_note: str = ""
    sender: str = "防災危機管理課"
    drill: bool = False
    #: Of contact groups; () is everybody.
    groups: tuple[str, ...] = ()


READY = (
    Ready(
        name="地震：職員の安否確認",
        incident="地震発生",
        situation="震度5弱以上を観測",
        instruction="安否を回答してください",
        place="市内全域",
        groups=("本庁各課", "出先機関"),
    ),
    Ready(
        name="職員参集訓練",
        incident="地震発生",
        situation="震度5弱以上を観測",
        instruction="安否を回答してください",
        instruction_note="訓練です。実際に参集する必要はありません。",
        drill=True,
        groups=("災害対策本部", "初動班"),
    ),
    Ready(
        incident="お知らせ",
        situation="お知らせがあります",
        instruction="内容を確認してください",
        situation_note="11月26日（木）22時から23時まで、定期保守のため停止します。",
    ),
)

#: The one that was sent as a drill before.
REHEARSED = "職員参集訓練"


def lay_out(organization_id: int, login: str) -> None:
    """Create them as one operator of the city."""
    from denrei.accounts import tenancy
    from denrei.accounts.models import Operator
    from denrei.broadcasts import drafts
    from denrei.broadcasts.models import DraftKind

    with tenancy.acting_for(organization_id):
        operator = Operator.objects.select_related("organization", "unit").get(login=login)
        for ready in READY:
            kind = DraftKind.TEMPLATE if ready.name else DraftKind.DRAFT
            drafts.create(operator.organization, operator, _typed(ready), kind, ready.name)


def _typed(ready: Ready) -> Typed:
    from denrei.broadcasts.models import AnswerChoice, IncidentType
    from denrei.directory.models import ContactGroup

    incident = IncidentType.objects.get(name=ready.incident)
    groups = ContactGroup.objects.filter(name__in=ready.groups)
    return Typed(
        drill=ready.drill,
        incident=str(incident.pk),
        place=ready.place,
        situation=str(incident.situations.get(name=ready.situation).pk),
        situation_note=ready.situation_note,
        instruction=str(incident.instructions.get(name=ready.instruction).pk),
        instruction_note=ready.instruction_note,
        choices=tuple(str(pk) for pk in AnswerChoice.objects.values_list("pk", flat=True)),
        sender=ready.sender,
        everybody=not ready.groups,
        groups=tuple(str(pk) for pk in groups.values_list("pk", flat=True)),
    )
