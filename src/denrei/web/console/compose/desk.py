"""One request for the compose page: the form it is about, and the page or the part that answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from denrei.accounts.resuming import RESUMED
from denrei.broadcasts.drafts import ChangedMeanwhileError
from denrei.broadcasts.models import DraftKind
from denrei.broadcasts.typed import Typed
from denrei.deliveries.trial import Trial
from denrei.domain import text
from denrei.web.console.compose.sheet import Asked, Sheet

#: Parts of the page that htmx swaps by themselves, by the id of the element.
_PARTS = frozenset({"moment", "follows", "reach", "persons", "ways", "trial", "preview"})


@dataclass(slots=True)
class Desk:
    """What was asked, and the answers that a page may give."""

    request: HttpRequest
    asked: Asked
    #: Of the draft as the browser knows it.
    revision: int
    #: Who else has the draft open.
    company: Mapping[str, object] = field(default_factory=dict)

    @property
    def act(self) -> str:
        """The button that was pressed; Enter in a field presses none that ends anything.

        None either where the form comes back after signing in anew: it is looked at first.
        """
        return "" if RESUMED in self.request.POST else self.request.POST.get("do", "")

    @property
    def name(self) -> str:
        """What a 定型連絡 is called."""
        posted = self.request.POST.get("name")
        if posted is None:
            return self.asked.draft.name if self.asked.draft else ""
        return text.clean(posted).text

    @property
    def kept_name(self) -> str | None:
        """What a draft's name becomes: only that of a 定型連絡 is typed; None leaves it."""
        return self.name if self.is_ready_message else None

    def sheet(
        self, typed: Typed, *, checked: bool = False, trials: tuple[Trial, ...] = ()
    ) -> Sheet:
        """Return what the page shows of a form."""
        post = self.request.POST
        return Sheet(
            self.asked,
            typed,
            checked=checked or "checked" in post,
            query=text.clean(post.get("person", "")).text,
            name=self.name,
            revision=self.revision,
            unsaved=self.request.method == "POST" and not self._is_stored(typed),
            trials=trials,
        )

    def _is_stored(self, typed: Typed) -> bool:
        draft = self.asked.draft
        return draft is not None and Typed.from_json(draft.form) == typed

    def page(
        self,
        typed: Typed,
        *,
        checked: bool = False,
        trials: tuple[Trial, ...] = (),
        conflict: ChangedMeanwhileError | None = None,
    ) -> HttpResponse:
        """Show the form: the whole page, or the part that htmx asks for.

        422 where it was checked and something is wrong, 409 where somebody else changed it.
        """
        sheet = self.sheet(typed, checked=checked, trials=trials)
        context = {"sheet": sheet, "typed": typed, "conflict": conflict, **self.company}
        part = self.request.headers.get("HX-Target", "")
        if self.request.headers.get("HX-Request") and part in _PARTS:
            return render(self.request, "console/compose/part.html", {**context, "part": part})
        status = HTTPStatus.OK
        if conflict:
            status = HTTPStatus.CONFLICT
        elif checked and sheet.faults:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(self.request, "console/compose/page.html", context, status=status)

    @property
    def is_ready_message(self) -> bool:
        """Whether a 定型連絡 is written."""
        return self.asked.kind is DraftKind.TEMPLATE
