"""The list of received mails, newest first, page by page (MSG-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from denrei.accounts import rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.directory.models import Recipient
from denrei.domain.bounces import Kind
from denrei.outcomes.models import ReceivedMail, ReceivedMailQuerySet
from denrei.web.console.asking import operator_of
from denrei.web.console.received import boxes, words
from denrei.web.console.received.words import Look

#: Mails on a page, and as many as are counted for the menu.
PAGE, MENU = 30, 1_000
WHICH = {"": _("すべて"), "waits": _("人が判断する"), "handled": _("対応済み")}

#: Narrows the list to what was kept as an answer.
ANSWERS = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the list is narrowed to, as its address says."""

    which: str = ""
    kind: str = ""
    #: A person's id, 0 for everybody.
    person: int = 0
    before: int = 0

    @property
    def narrows(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.which or self.kind or self.person)

    @property
    def query(self) -> str:
        """Return it as a query of an address, without the place in the list."""
        said: dict[str, str | int] = {"which": self.which, "kind": self.kind}
        said["person"] = self.person
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One way to narrow the list."""

    words: str | Promise
    query: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One mail of a list."""

    mail: ReceivedMail
    look: Look
    reason: str
    #: As far as the operator sees them.
    person: Recipient | None
    broadcast: Broadcast | None
    content: Content | None


def pill(operator: Operator) -> str:
    """Return how many mails wait for a human, for the menu: "" for none, "1,000+" for many."""
    number = ReceivedMail.objects.visible_to(operator).waiting()[: MENU + 1].count()
    return f"{MENU:,}+" if number > MENU else f"{number:,}" if number else ""


@rights.needs(Right.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Serve `/console/received/`; `?part=boxes` is the part that tells of mailboxes alone."""
    found = boxes.boxes()
    busy = any(one.is_busy for one in found)
    if request.GET.get("part") == "boxes":
        response = render(request, "console/received/boxes.html", {"boxes": found, "busy": busy})
        if not busy:  # what came is in the list now
            response["HX-Refresh"] = "true"
        return response
    operator, choice = operator_of(request), read(request.GET)
    mails = list(narrowed(operator, choice)[: PAGE + 1])
    context = {
        "boxes": found,
        "busy": busy,
        "choice": choice,
        "rows": rows(operator, mails[:PAGE]),
        "standings": _tabs(choice),
        "kinds": [(ANSWERS, words.ANSWER.words), *_kinds()],
        "person": Recipient.objects.visible_to(operator).filter(pk=choice.person).first(),
        "last": mails[PAGE - 1] if len(mails) > PAGE else None,
        "most": PAGE,
    }
    return render(request, "console/received/list.html", context)


def read(asked: QueryDict) -> Choice:
    """Read an address; what makes no sense is not there."""
    kinds = {ANSWERS, *(kind.value for kind in Kind)}
    which, kind = asked.get("which", ""), asked.get("kind", "")
    return Choice(
        which=which if which in WHICH else "",
        kind=kind if kind in kinds else "",
        person=_number(asked.get("person", "")),
        before=_number(asked.get("before", "")),
    )


def _kinds() -> list[tuple[str, str | Promise]]:
    return [(kind.value, look.words) for kind, look in words.LOOKS.items()]


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else 0


def narrowed(operator: Operator, choice: Choice) -> ReceivedMailQuerySet:
    """Return the mails that the operator sees, narrowed and in order, without their bytes."""
    found = ReceivedMail.objects.visible_to(operator).defer("raw").order_by("-id")
    if choice.which == "waits":
        found = found.waiting()
    if choice.which == "handled":
        found = found.exclude(handled_at=None)
    if choice.kind == ANSWERS:
        found = found.answers()
    elif choice.kind:
        found = found.filter(kind=choice.kind)
    if choice.person:
        found = found.filter(recipient_id=choice.person)
    return found.filter(pk__lt=choice.before) if choice.before else found


def rows(operator: Operator, mails: Sequence[ReceivedMail]) -> list[Row]:
    """Return the rows of a page, asked for at once."""
    people = Recipient.objects.visible_to(operator).in_bulk(
        {mail.recipient_id for mail in mails if mail.recipient_id}
    )
    broadcasts = Broadcast.objects.visible_to(operator).in_bulk(
        {mail.broadcast_id for mail in mails if mail.broadcast_id}
    )
    return [
        _row(mail, people.get(mail.recipient_id or 0), broadcasts.get(mail.broadcast_id or 0))
        for mail in mails
    ]


def _row(mail: ReceivedMail, person: Recipient | None, broadcast: Broadcast | None) -> Row:
    return Row(
        mail=mail,
        look=words.look_of(mail),
        reason=words.reason_of(mail),
        person=person,
        broadcast=broadcast,
        content=Content.from_json(broadcast.content) if broadcast else None,
    )


def _tabs(choice: Choice) -> list[Tab]:
    return [
        Tab(
            words=said,
            query=replace(choice, which=which, before=0).query,
            current=which == choice.which,
        )
        for which, said in WHICH.items()
    ]
