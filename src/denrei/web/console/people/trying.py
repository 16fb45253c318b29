"""テスト連絡 to one contact: the press, and its status as it changes (EMC-8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.deliveries.contact_tests import pressing
from denrei.deliveries.models import ContactTest
from denrei.directory.intake.queueing import worker_lives
from denrei.directory.models import Contact
from denrei.domain.failures import CONSEQUENCES, Reason
from denrei.domain.states import Medium, State
from denrei.web.console.asking import operator_of
from denrei.web.console.people import finding
from denrei.web.console.story.line import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The latest test of a contact as a page shows it."""

    test: ContactTest
    now: datetime

    @property
    def seen(self) -> str:
        """What a page knows when it shows this."""
        return (
            f"{self.test.pk}-{self.test.state}-{self.test.began_at is not None:d}-{self.is_lost:d}"
        )

    @property
    def mark(self) -> Mark:
        """Its status as a tag that leads to its help."""
        return Mark(status=self.test.status)

    @property
    def is_lost(self) -> bool:
        """Whether nobody will ever know its end."""
        return self.test.is_lost(self.now)

    @property
    def seconds(self) -> int:
        """After how many seconds a page looks again; 0: nothing is awaited any more."""
        if not self.test.may_change(self.now):
            return 0
        return 2 if self.test.state == State.WAITING else 10

    @property
    def words(self) -> str:
        """What that means, and what to do."""
        if self.is_lost:
            return _("送信の処理が途中で終わり、結果が分かりません。もう一度テストしてください。")
        match self.test.state:
            case State.WAITING:
                return _("送信しています。このままお待ちください。")
            case State.ACCEPTED if self.test.has_released:
                return _(
                    "相手のメールサーバーが受け取りました。エラーアドレスの抑止を終わり、"
                    "次の連絡から送信します。本人に届いているか確認してください。"
                )
            case State.ACCEPTED:
                return _(
                    "相手のメールサーバーが受け取りました。本人に届いているか確認してください。"
                )
            case _:
                return _(CONSEQUENCES[Reason(self.test.reason)].words)


def trials(contacts: Collection[Contact]) -> Mapping[int, Trial]:
    """Return the latest test of each contact that has one."""
    now = timezone.now()
    return {number: Trial(test=test, now=now) for number, test in pressing.latest(contacts).items()}


@rights.needs(Right.PEOPLE)
@require_POST
def press(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Serve `/console/people/<id>/contacts/<id>/test/`: send, then show the person's page."""
    found = _contact(request, pk, contact)
    page = redirect(f"{reverse('console:person', args=[pk])}#contact-{found.pk}")
    if Medium(found.medium) not in pressing.media():
        words = _("%(medium)sの送信経路がありません。設定で送信経路を登録してください。")
        messages.error(request, words % {"medium": _(Medium(found.medium).label)})
        return page
    try:
        pressing.press(operator_of(request), found, timezone.now())
    except Contact.DoesNotExist as gone:
        raise Http404 from gone
    if not worker_lives(timezone.now()):
        words = _(
            "テスト連絡を受け付けましたが、送信するプログラム（denrei worker）が動いていません。"
            "動き始めると送信します。"
        )
        messages.warning(request, words)
    return page


@rights.needs(Right.READ)
@require_safe
def watch(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Serve `/console/people/<id>/contacts/<id>/test/status/`; nothing where all is as `?seen=` knows it."""
    found = _contact(request, pk, contact)
    trial = trials([found]).get(found.pk)
    if trial is None:
        raise Http404
    if request.GET.get("seen") == trial.seen and trial.seconds:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    context = {"trial": trial, "person": found.recipient, "contact": found}
    return render(request, "console/people/trial.html", context)


def _contact(request: HttpRequest, pk: int, contact: int) -> Contact:
    person = finding.person(request, pk)
    in_use = Contact.objects.in_use().select_related("recipient")
    return get_object_or_404(in_use, recipient=person, pk=contact)
