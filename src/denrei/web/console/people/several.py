"""Changing several people at once: first who and what is named with the count, then it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from denrei.accounts import labels, rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.directory import searching, several
from denrei.directory.models import ContactGroup, Position, Recipient, RecipientState
from denrei.web.console.asking import operator_of, organization_of
from denrei.web.console.people import choosing

_TOO_MANY = _(
    "一度に変えられるのは%(most)s人までです。名簿は変わっていません。"
    "条件で絞り込んで何回かに分けるか、書き出したファイルを直して取り込んでください。"
)
#: Names that the confirmation shows.
_SHOWN = 20


class Act(StrEnum):
    """What can be done with several people."""

    #: Into a group.
    JOIN = "join"
    #: Out of a group.
    PART = "part"
    #: One position instead of others.
    APPOINT = "appoint"
    #: 退会
    LEAVE = "leave"
    #: Back from 退会.
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """How an act is asked for; `{list}` is what the organization calls its list."""

    title: object
    button: object
    done: object


_WORDS: Mapping[Act, _Words] = {
    Act.JOIN: _Words(
        title=_("%(list)sに入れる"),
        button=_("%(count)s人を入れる"),
        done=_("%(count)s人を入れました。"),
    ),
    Act.PART: _Words(
        title=_("%(list)sから外す"),
        button=_("%(count)s人を外す"),
        done=_("%(count)s人を外しました。"),
    ),
    Act.APPOINT: _Words(
        title=_("%(list)sを設定する"),
        button=_("%(count)s人に設定する"),
        done=_("%(count)s人に設定しました。"),
    ),
    Act.LEAVE: _Words(
        title=_("退会にする"),
        button=_("%(count)s人を退会にする"),
        done=_("%(count)s人を退会にしました。"),
    ),
    Act.RETURN: _Words(
        title=_("在籍に戻す"),
        button=_("%(count)s人を在籍に戻す"),
        done=_("%(count)s人を在籍に戻しました。"),
    ),
}


@rights.needs(Right.PEOPLE)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Serve `/console/people/several/`: ask, and with `confirmed` do it."""
    said, operator = request.POST, operator_of(request)
    back = f"{reverse('console:people')}?{_query(said)}"
    act = Act(said["act"]) if said.get("act") in set(Act) else None
    chosen = _chosen(said, operator)
    if len(chosen) > several.MOST:
        messages.warning(request, str(_TOO_MANY) % {"most": f"{several.MOST:,}"})
        return redirect(back)
    if act is None or not chosen:
        messages.warning(request, _t("人を選んでから、操作のボタンを押してください。"))
        return redirect(back)
    master = _master(act, said)
    if said.get("confirmed") == str(len(chosen)) and (master or not _needs_master(act, said)):
        done = _do(act, operator, chosen, master)
        messages.success(request, _told(act, done, len(chosen)))
        return redirect(back)
    return _ask(request, act, chosen, back)


def _query(said: QueryDict) -> str:
    """Return the list's own query, rebuilt from what was read of it."""
    return QueryDict(said.get("query", "")).urlencode()


def _chosen(said: QueryDict, operator: Operator) -> list[int]:
    """Return the ids of those chosen by hand, or of all that the list's filter finds."""
    if said.get("everyone"):
        choice = choosing.read(QueryDict(said.get("query", "")), operator)
        found = searching.people(operator, choice.search)
        return list(found.values_list("pk", flat=True)[: several.MOST + 1])
    ids = {
        int(pk) for pk in said.getlist("person") if pk.isascii() and pk.isdigit() and len(pk) < 19
    }
    return list(
        Recipient.objects.visible_to(operator).filter(pk__in=ids).values_list("pk", flat=True)
    )


def _masters(act: Act) -> QuerySet[ContactGroup] | QuerySet[Position] | None:
    if act in (Act.JOIN, Act.PART):
        return ContactGroup.objects.all()
    return Position.objects.all() if act is Act.APPOINT else None


def _master(act: Act, said: QueryDict) -> Model | None:
    masters, pk = _masters(act), said.get("master", "")
    if masters is None or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return masters.filter(pk=pk).first()


def _needs_master(act: Act, said: QueryDict) -> bool:
    """Tell whether a choice is missing; 役職なし is a choice."""
    return _masters(act) is not None and not (act is Act.APPOINT and said.get("master") == "none")


def _do(act: Act, operator: Operator, ids: list[int], master: Model | None) -> int:
    match act:
        case Act.JOIN | Act.PART:
            assert isinstance(master, ContactGroup)
            verb = several.join if act is Act.JOIN else several.part
            return verb(operator, ids, master)
        case Act.APPOINT:
            assert master is None or isinstance(master, Position)
            return several.appoint(operator, ids, master)
        case Act.LEAVE:
            return several.move(operator, ids, RecipientState.LEFT)
        case Act.RETURN:
            return several.move(operator, ids, RecipientState.ACTIVE)


def _told(act: Act, done: int, asked: int) -> str:
    told = str(_WORDS[act].done) % {"count": done}
    if done == asked:
        return told
    return told + _t("ほかの%(rest)s人は、すでにそうなっています。") % {"rest": asked - done}


def _ask(request: HttpRequest, act: Act, chosen: list[int], back: str) -> HttpResponse:
    said = request.POST
    called = labels.of(organization_of(request))
    words = _WORDS[act]
    named = {
        "list": called["positions"] if act is Act.APPOINT else called["groups"],
        "count": len(chosen),
    }
    was_asked = "confirmed" in said
    context = {
        "act": act,
        "title": str(words.title) % named,
        "button": str(words.button) % named,
        "list": named["list"],
        "count": len(chosen),
        "people": Recipient.objects.filter(pk__in=chosen[:_SHOWN]).in_order(),
        "rest": max(0, len(chosen) - _SHOWN),
        "ids": [] if said.get("everyone") else chosen,
        "everyone": said.get("everyone", ""),
        "query": said.get("query", ""),
        "masters": _masters(act),
        "lacks_master": was_asked and _needs_master(act, said) and not _master(act, said),
        "count_changed": was_asked and said["confirmed"] != str(len(chosen)),
        "back": back,
    }
    status = 422 if was_asked else 200
    return render(request, "console/people/several.html", context, status=status)
