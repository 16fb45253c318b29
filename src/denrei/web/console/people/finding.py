"""The one person or household that an address names, of those whom the operator sees (ALL-5)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from denrei.directory import households
from denrei.directory.models import Household, Recipient
from denrei.web.console.asking import operator_of

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def gone_is_not_found(view: View[Arguments]) -> View[Arguments]:
    """Answer "not found" where a person is erased, or moved out of sight, while the view works."""

    @wraps(view)
    def answer(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Recipient.DoesNotExist as gone:
            raise Http404 from gone

    return answer


def person(request: HttpRequest, pk: int) -> Recipient:
    """Return a person. Http404 for anybody else's."""
    visible = Recipient.objects.visible_to(operator_of(request))
    return get_object_or_404(visible.select_related("unit", "household"), pk=pk)


def household(request: HttpRequest, pk: int) -> Household:
    """Return a household. Http404 for one in which the operator sees nobody."""
    return get_object_or_404(households.visible_to(operator_of(request)), pk=pk)
