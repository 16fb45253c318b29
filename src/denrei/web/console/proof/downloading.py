"""Proof files as they are read, however long; the trail tells who took them out."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from denrei.accounts import rights
from denrei.accounts.models import Operator
from denrei.accounts.rights import Right
from denrei.audience.models import AudienceMember
from denrei.deliveries import seal
from denrei.reports.proof import exporting
from denrei.web.console.asking import operator_of
from denrei.web.console.broadcasts import listing
from denrei.web.console.broadcasts.emptied import needs_details


@rights.needs(Right.PEOPLE)
@require_GET
@needs_details
def broadcast(request: HttpRequest, broadcast_id: int) -> HttpResponseBase:
    """Serve `/console/broadcasts/ID/proof/file/`."""
    return _file(request, broadcast_id, None)


@rights.needs(Right.PEOPLE)
@require_GET
@needs_details
def person(request: HttpRequest, broadcast_id: int, recipient_id: int) -> HttpResponseBase:
    """Serve `/console/broadcasts/ID/people/RECIPIENT/proof/`: what concerns one person."""
    return _file(request, broadcast_id, recipient_id)


def _file(request: HttpRequest, broadcast_id: int, recipient_id: int | None) -> HttpResponseBase:
    found = get_object_or_404(listing.visible(request), pk=broadcast_id)
    operator = operator_of(request)
    if recipient_id is not None:
        visible = AudienceMember.objects.of(found.pk).visible_to(operator)
        get_object_or_404(visible, recipient_id=recipient_id)
    seal.record_export(operator.organization_id, found.pk, operator, recipient_id)
    of = "" if recipient_id is None else f"-{recipient_id}"
    name = f"denrei-{found.pk}{of}-{timezone.localtime():%Y%m%d-%H%M}.jsonl"
    return StreamingHttpResponse(
        _pieces(operator, found.pk, recipient_id),
        content_type="application/x-ndjson; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _pieces(operator: Operator, broadcast_id: int, recipient_id: int | None) -> Iterator[bytes]:
    """Yield the file; the request's transaction is over when it is asked for, so all is sealed."""
    seal.seal(operator.organization_id)
    yield from exporting.export(operator.organization_id, broadcast_id, operator.name, recipient_id)
