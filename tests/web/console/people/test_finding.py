"""People who are gone while a page works."""

from __future__ import annotations

import pytest
from django.http import Http404, HttpRequest, HttpResponse

from denrei.accounts import rights
from denrei.accounts.rights import Right
from denrei.directory.models import Recipient
from denrei.web.console.people import finding


@rights.needs(Right.PEOPLE)
@finding.gone_is_not_found
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person, unless he is number 0, whom somebody erased just now."""
    if pk == 0:
        raise Recipient.DoesNotExist
    return HttpResponse(f"{request.method} {pk}")


def test_a_person_erased_meanwhile_is_not_found() -> None:
    with pytest.raises(Http404):
        change(HttpRequest(), 0)


def test_others_are_answered_for() -> None:
    request = HttpRequest()
    request.method = "POST"

    assert change(request, 7).content == b"POST 7"
