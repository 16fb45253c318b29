"""The one case that an address names, of those whose people the operator sees (ALL-5)."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from denrei.deliveries.attention.models import Attention
from denrei.web.console.asking import operator_of


def case(request: HttpRequest, pk: int) -> Attention:
    """Return a case with its person. Http404 for anybody else's."""
    visible = Attention.objects.visible_to(operator_of(request))
    shown = visible.select_related("recipient__unit", "contact", "assigned_to", "handled_by")
    return get_object_or_404(shown, pk=pk)
