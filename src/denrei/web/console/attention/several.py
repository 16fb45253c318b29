"""Acts on one case or several: at once, or after a page that asks for what they need (EMC-7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from denrei.accounts import rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.deliveries.attention import acting
from denrei.deliveries.attention.models import Attention
from denrei.domain import text
from denrei.web.console.asking import operator_of

#: Names that the page that asks shows, and cases that one form may name.
_SHOWN, _MOST = 20, 500
#: Days for which a case is put off where nobody says otherwise, and at most.
_LATER, _LATEST = 7, 366


class Act(StrEnum):
    """What can be done with cases."""

    TAKE = "take"
    GIVE_BACK = "give-back"
    REOPEN = "reopen"
    ASSIGN = "assign"
    SNOOZE = "snooze"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How an act is asked for and told."""

    done: object
    title: object = ""
    button: object = ""


WORDS: Mapping[Act, Words] = {
    Act.TAKE: Words(done=_("%(count)s件の担当になりました。")),
    Act.GIVE_BACK: Words(done=_("%(count)s件の担当を外しました。")),
    Act.REOPEN: Words(done=_("%(count)s件を未対応に戻しました。")),
    Act.ASSIGN: Words(
        title=_("担当を決める"),
        button=_("%(count)s件の担当にする"),
        done=_("%(count)s件の担当を決めました。"),
    ),
    Act.SNOOZE: Words(
        title=_("先送りする"),
        button=_("%(count)s件を先送りする"),
        done=_("%(count)s件を先送りしました。"),
    ),
    Act.DONE: Words(
        title=_("対応済みにする"),
        button=_("%(count)s件を対応済みにする"),
        done=_("%(count)s件を対応済みにしました。"),
    ),
}
#: Those that need nothing more to be said.
_AT_ONCE: Mapping[Act, Callable[[Operator, Collection[int]], int]] = {
    Act.TAKE: acting.take,
    Act.GIVE_BACK: acting.give_back,
    Act.REOPEN: acting.reopen,
}


@rights.needs(Right.PEOPLE)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Serve `/console/attention/several/`: ask where something must be said, else do it."""
    said, operator = request.POST, operator_of(request)
    act, named = _asked(said)
    ids = list(
        Attention.objects.visible_to(operator).filter(pk__in=named).values_list("pk", flat=True)
    )
    if act is None or not ids:
        messages.warning(request, _t("連絡先を選んでから、操作のボタンを押してください。"))
        return redirect(_back(said))
    if at_once := _AT_ONCE.get(act):
        return _tell(request, act, at_once(operator, ids), len(ids))
    asked = Asked(act=act, said=said, operator=operator)
    if "confirmed" in said and not asked.fault:
        return _tell(request, act, asked.do(ids), len(ids))
    return _ask(request, asked, ids)


def _asked(said: QueryDict) -> tuple[Act | None, set[int]]:
    """Return act and ids: of the button of one case (`one=take-12`), or of those that were picked."""
    act, ids = said.get("act", ""), said.getlist("case")
    if one := said.get("one", ""):
        act, _dash, pk = one.rpartition("-")
        ids = [pk]
    numbers = {int(pk) for pk in ids[:_MOST] if pk.isascii() and pk.isdigit() and len(pk) < 19}
    return (Act(act) if act in set(Act) else None), numbers


def _back(said: QueryDict) -> str:
    """Return where the operator came from: one case, or the list as it was."""
    case = said.get("from", "")
    if case.isascii() and case.isdigit() and len(case) < 19:
        return reverse("console:attention-case", args=[int(case)])
    return f"{reverse('console:attention')}?{QueryDict(said.get('query', '')).urlencode()}"


def _tell(request: HttpRequest, act: Act, done: int, asked: int) -> HttpResponse:
    told = str(WORDS[act].done) % {"count": done}
    if done == asked:
        messages.success(request, told)
    else:
        rest = _t(
            "ほかの%(rest)s件は、変わりませんでした。すでにそうなっているか、できない状態です。"
        )
        messages.warning(request, told + rest % {"rest": asked - done})
    return redirect(_back(request.POST))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An act that needs something said, with what was said of it."""

    act: Act
    said: QueryDict
    operator: Operator

    @property
    def note(self) -> str:
        """What was done, in the operator's words."""
        return text.clean(self.said.get("note", "")).text

    @property
    def until(self) -> datetime | None:
        """The beginning of the day until which cases are put off; None: not a day to come."""
        try:
            day = date.fromisoformat(self.said.get("until", ""))
        except ValueError:
            return None
        at = timezone.make_aware(datetime.combine(day, time.min))
        return at if timedelta(0) < at - timezone.now() <= timedelta(days=_LATEST) else None

    @property
    def operators(self) -> list[Operator]:
        """Who may look after cases."""
        found = Operator.objects.visible_to(self.operator).active().order_by("name", "pk")
        return [one for one in found.select_related("unit") if rights.may(one, Right.PEOPLE)]

    @property
    def to(self) -> Operator | None:
        """Whom was chosen to look after the cases."""
        return next((one for one in self.operators if str(one.pk) == self.said.get("to")), None)

    @property
    def fault(self) -> str:
        """What is wrong with what was said; "" for nothing."""
        if self.act is Act.SNOOZE and self.until is None:
            return _t("明日から1年後までの日を入力してください。")
        if self.act is Act.ASSIGN and self.to is None:
            return _t("担当する操作者を選んでください。")
        if self.act is Act.DONE and text.length(self.note) > acting.NOTE:
            return _t("メモは%(limit)s文字以内に短くしてください。") % {"limit": acting.NOTE}
        return ""

    def do(self, ids: Collection[int]) -> int:
        """Do it; return how many cases were changed."""
        match self.act, self.until, self.to:
            case Act.SNOOZE, datetime() as until, _whom:
                return acting.snooze(self.operator, ids, until)
            case Act.ASSIGN, _until, Operator() as to:
                return acting.assign(self.operator, ids, to)
        return acting.finish(self.operator, ids, self.note)


def _ask(request: HttpRequest, asked: Asked, ids: Collection[int]) -> HttpResponse:
    said, named = asked.said, {"count": len(ids)}
    was_asked = "confirmed" in said
    today = timezone.localdate()
    cases = Attention.objects.filter(pk__in=ids).select_related("recipient").order_by("since", "pk")
    context = {
        "asked": asked,
        "act": asked.act,
        "title": WORDS[asked.act].title,
        "button": str(WORDS[asked.act].button) % named,
        "cases": cases[:_SHOWN],
        "rest": max(0, len(ids) - _SHOWN),
        "ids": ids,
        "fault": asked.fault if was_asked else "",
        "until": said.get("until") or (today + timedelta(days=_LATER)).isoformat(),
        "first_day": (today + timedelta(days=1)).isoformat(),
        "limit": acting.NOTE,
        "query": said.get("query", ""),
        "from": said.get("from", ""),
        "back": _back(said),
    }
    status = 422 if was_asked else 200
    return render(request, "console/attention/several.html", context, status=status)
