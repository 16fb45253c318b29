"""Answering as one of the people: by HTTP at the real page, as that person's own phone would."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urljoin

from django.utils.translation import gettext as _

from denrei.project.demo import answerpage
from denrei.project.demo.browser import Browser, VisitError
from denrei.project.demo.handsets.phones import Phone, Slip
from denrei.project.demo.visits import PHONE
from denrei.project.demo.worldlog import WorldLog

#: Seconds that the answer page may take.
_PATIENCE = 10.0


class PlayError(Exception):
    """The page did not take the answer; the message says so in the operator's language."""


def answer(phone: Phone, slip: Slip, choice: str, answers: Path) -> None:
    """Open the page of a mail and choose. PlayError: it did not work.

    The people's record hears of it, and of every mail of this person: the crowd leaves them alone.
    """
    if slip.letter is None or not slip.letter.url:
        raise PlayError(_("この端末には、回答ページのアドレスが届いていません。"))
    url, person = slip.letter.url, str(phone.person.pk)
    try:
        _choose(url, person, choice)
    except VisitError as error:
        words = _(
            "回答ページで回答できませんでした（%(reply)s）。回答ページを開いて確かめてください。"
        )
        raise PlayError(words % {"reply": error}) from error
    with WorldLog(answers) as record:
        record.note(
            "answered",
            at=round(time.time(), 6),
            url=url,
            person=person,
            choice=choice,
            purpose="answer",
            played=[one.letter.url for one in phone.slips if one.letter and one.letter.url],
        )


def _choose(url: str, person: str, choice: str) -> None:
    with Browser(agent=PHONE, timeout=_PATIENCE) as browser:
        page = browser.visit("GET", url)
        forms = answerpage.read(page.html)
        form = next((form for form in forms if form.person == person), None)
        if form is None or choice not in form.values:
            raise PlayError(_("回答ページに、その選択肢がありません。"))
        browser.visit("POST", urljoin(page.url, form.action), form.filled(choice))
