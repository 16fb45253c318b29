"""The page of a proof file: what it proves, whose key signs it, and how anybody verifies it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from denrei.accounts import rights, signing
from denrei.accounts.rights import Right
from denrei.broadcasts.content import Content
from denrei.deliveries.retained import emptied
from denrei.domain.proof import keys
from denrei.reports.proof import heads
from denrei.reports.standings import standings
from denrei.web.console.asking import organization_of
from denrei.web.console.broadcasts import listing
from denrei.web.console.broadcasts.emptied import told


@rights.needs(Right.PEOPLE)
@require_safe
def show(request: HttpRequest, broadcast_id: int) -> HttpResponse:
    """Serve `/console/broadcasts/ID/proof/`: for who may take people out as a file."""
    broadcast = get_object_or_404(listing.visible(request), pk=broadcast_id)
    head = heads.head(organization_of(request).pk, broadcast.pk)
    context = {
        "broadcast": broadcast,
        "content": Content.from_json(broadcast.content),
        "standing": standings([broadcast.pk]).get(broadcast.pk),
        "fingerprint": keys.fingerprint(signing.public_key()),
        "head": head,
        "hash": _in_groups(head.hash.hex()) if head else "",
        **told(emptied(broadcast.pk)),
    }
    return render(request, "console/proof/page.html", context)


def _in_groups(digits: str) -> str:
    """Return digits as they are written down: eight and eight."""
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
