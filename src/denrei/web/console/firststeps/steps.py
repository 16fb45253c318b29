"""Which steps there are, where each leads, and what takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.accounts.first_steps import FirstSteps
from denrei.accounts.models import AuditEntry, Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. It is taken by a page that was opened, a button that worked, or an act on record."""

    code: str
    words: str | Promise
    note: str | Promise
    #: Name of the address it leads to.
    page: str
    #: Names of addresses that take it, and the method of HTTP.
    taken_by: Mapping[str, str] = field(default_factory=dict)
    #: An action of the audit trail that takes it.
    act: str = ""
    #: A step that must have been taken before: what was opened earlier does not count.
    after: str = ""


_PEOPLE = Step(
    code="people",
    words=_("名簿を見る"),
    note=_("だれに、どの連絡先で送るのかを確かめます。"),
    page="people",
    taken_by={"console:people": "GET", "console:person": "GET"},
)
_DRAFT = Step(
    code="draft",
    words=_("下書きや定型連絡を開く"),
    note=_("用意された連絡を選ぶか、新しく作ります。まだ送信されません。"),
    page="templates",
    taken_by={
        "console:draft": "GET",
        "console:template": "GET",
        "console:template-use": "POST",
        "console:compose": "POST",
    },
)
_LAUNCH = Step(
    code="launch",
    words=_("届く見込みを確かめて、訓練として送信する"),
    note=_("人数と、届かない人を確かめてから送信します。件名に【訓練】が付きます。"),
    page="templates",
    act="broadcast.launched",
)
_TRIAL = Step(
    code="trial",
    words=_("自分へテスト送信する"),
    note=_("作成の画面で「自分へテスト送信」を押します。自分にだけ届きます。"),
    page="compose",
    act="broadcast.tested",
)
_ANSWER = Step(
    code="answer",
    words=_("仮想端末で回答する"),
    note=_("届いたメールを受取人の端末で見て、その人として回答します。"),
    page="handsets",
    taken_by={"console:handsets-answer": "POST"},
)
_BOARD = Step(
    code="board",
    words=_("送信状況で、回答を確かめる"),
    note=_("回答した人、まだ届かない人の数が変わります。"),
    page="broadcasts",
    taken_by={"console:broadcast": "GET"},
    after="launch",
)
_BOARD_OF_DEMO = Step(
    code=_BOARD.code,
    words=_BOARD.words,
    note=_BOARD.note,
    page=_BOARD.page,
    taken_by=_BOARD.taken_by,
    after="answer",
)


def steps() -> tuple[Step, ...]:
    """Return the steps of this installation, in order: a demo has phones, others a real one."""
    if settings.TRAINING:
        return (_PEOPLE, _DRAFT, _LAUNCH, _ANSWER, _BOARD_OF_DEMO)
    return (_PEOPLE, _DRAFT, _TRIAL, _LAUNCH, _BOARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step as the panel shows it."""

    step: Step
    address: str
    is_taken: bool
    #: The first that is still to be taken.
    is_next: bool


def lines(operator: Operator) -> Sequence[Line]:
    """Return the steps with what an operator took of them."""
    taken = set(FirstSteps.of(operator).taken) | _on_record(operator)
    left = [step.code for step in steps() if step.code not in taken]
    return [
        Line(
            step=step,
            address=reverse(f"console:{step.page}"),
            is_taken=step.code in taken,
            is_next=step.code in left[:1],
        )
        for step in steps()
    ]


def _on_record(operator: Operator) -> set[str]:
    by_act = {step.act: step.code for step in steps() if step.act}
    done = AuditEntry.objects.filter(actor=operator, action__in=list(by_act))
    return {by_act[act] for act in done.values_list("action", flat=True).distinct()}


def taken(operator: Operator, view: str, method: str) -> Step | None:
    """Return the step that a request takes; None for one that takes none, or none anew."""
    known = FirstSteps.of(operator)
    if known.closed:
        return None
    for step in steps():
        if step.taken_by.get(view) == method and step.code not in known.taken:
            before = not step.after or step.after in {*known.taken, *_on_record(operator)}
            return step if before else None
    return None
