"""送信 was pressed: what the page had shown is compared with what is so now, then it is launched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from denrei.accounts.models import Operator
from denrei.broadcasts import drafts
from denrei.broadcasts.models import Broadcast, Draft
from denrei.deliveries import launch, scheduling
from denrei.deliveries.appointed import Scheduled
from denrei.web.console.fields import number
from denrei.web.console.launching.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the page showed on which 送信 was pressed, and the number that was typed there."""

    revision: int | None
    digest: str
    people: int | None
    typed: str

    @classmethod
    def read(cls, post: QueryDict) -> Self:
        """Read a posted page; what is no number is None."""
        return cls(
            revision=number(post.get("revision", "")),
            digest=post.get("digest", ""),
            people=number(post.get("people", "")),
            typed=post.get("typed", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Why it is not sent yet: a sentence for the top of the page, or for the field of the number."""

    words: str
    #: Something else than what was shown would have gone out.
    is_conflict: bool = False
    field: str = ""


def objections(plan: Plan, seen: Seen) -> Iterator[Objection]:
    """Yield what stands against sending it as it was shown."""
    if plan.draft.revision != seen.revision:
        yield Objection(words=_changed(plan.draft), is_conflict=True)
    elif plan.digest != seen.digest:
        words = _(
            "表示した後に、区分の名前や設定が変わりました。内容を確認し、もう一度送信してください。"
        )
        yield Objection(words=words, is_conflict=True)
    for complaint in plan.ordered.complaints:
        yield Objection(words=complaint.words)
    if plan.people != seen.people:
        yield Objection(words=_other_people(plan.people, seen.people), is_conflict=True)
    elif plan.is_typed and number(seen.typed) != plan.people:
        words = _("対象の人数と違います。「届く見込み」にある対象の人数を入力してください。")
        yield Objection(words=words, field="typed")


def _changed(draft: Draft) -> str:
    words = _(
        "表示した後に、%(who)sがこの下書きを変更しました。変更後の内容を確認してください。まだ送信していません。"
    )
    return words % {"who": draft.changed_by.name if draft.changed_by else ""}


def _other_people(now: int, shown: int | None) -> str:
    words = _(
        "表示した後に、対象の人数が%(shown)s人から%(now)s人に変わりました。確認し、もう一度送信してください。まだ送信していません。"
    )
    return words % {"shown": f"{shown or 0:,}", "now": f"{now:,}"}


def send(plan: Plan, operator: Operator) -> Broadcast:
    """Launch now; the same draft twice is one broadcast. Raises LaunchError."""
    launched = launch.launch(plan.organization, plan.ordered.order, operator)
    broadcast = Broadcast.objects.get(pk=launched.broadcast_id)
    drafts.sent(plan.draft, broadcast)
    return broadcast


def reserve(plan: Plan, operator: Operator) -> Scheduled:
    """Keep it until its time. Raises LaunchError."""
    ordered = plan.ordered
    return scheduling.schedule(
        plan.draft, ordered.order, plan.launch_at, ordered.deadline, operator
    )
