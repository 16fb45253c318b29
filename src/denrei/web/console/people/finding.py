"""The one person or household that an address names, of those whom the operator sees (ALL-5)."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from denrei.directory import households
from denrei.directory.models import Household, Recipient
from denrei.web.console.asking import operator_of


def person(request: HttpRequest, pk: int) -> Recipient:
    """Return a person. Http404 for anybody else's."""
    visible = Recipient.objects.visible_to(operator_of(request))
    return get_object_or_404(visible.select_related("unit", "household"), pk=pk)


def household(request: HttpRequest, pk: int) -> Household:
    """Return a household. Http404 for one in which the operator sees nobody."""
    return get_object_or_404(households.visible_to(operator_of(request)), pk=pk)
