"""The middleware that notices when an operator takes one of the first steps."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase

from denrei.accounts import first_steps, resuming
from denrei.accounts.models import Operator
from denrei.web.console.firststeps import steps

#: A page was shown, or a button led on.
_WORKED = frozenset({HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER})


class Footsteps:
    """Note the step that a request took, in its own transaction: stands within the gate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then note."""
        response = self._get_response(request)
        match, operator = request.resolver_match, getattr(request, "user", None)
        asked_itself = resuming.BACKGROUND in request.headers
        if match is None or asked_itself or response.status_code not in _WORKED:
            return response
        if getattr(request, "organization", None) and isinstance(operator, Operator):
            step = steps.taken(operator, match.view_name, request.method or "")
            if step is not None:
                first_steps.take(operator, step.code)
        return response
