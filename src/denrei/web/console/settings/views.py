"""The page of all settings, and the form of one section."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from denrei.accounts import preferences, rights
from denrei.accounts.refusal import RefusedError
from denrei.accounts.rights import Right
from denrei.retention.safe_copies import SafeCopies
from denrei.web.console.asking import (
    address_of,
    operator_of,
    organization_of,
    status_of_form,
)
from denrei.web.console.settings import sections
from denrei.web.console.settings.sections import SECTIONS


@rights.needs(Right.ORGANIZATION)
@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """Serve `/console/settings/`."""
    context = {"sections": list(sections.shown(organization_of(request))), **_copies()}
    return render(request, "console/settings/all.html", context)


def _copies() -> dict[str, object]:
    """Return what is known of backups; of a server of one's own denrei knows nothing."""
    found, now = SafeCopies.read(settings.HOME), timezone.now()
    return {
        "copies": found,
        "is_embedded": (settings.HOME / "postgres").is_dir(),
        "overdue": found.is_overdue(now),
        "unrehearsed": found.is_unrehearsed(now),
    }


@rights.needs(Right.ORGANIZATION)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Serve `/console/settings/SECTION/`."""
    if name not in SECTIONS:
        raise Http404
    kind = SECTIONS[name]
    organization, address = organization_of(request), address_of(request)
    form = kind.form(request.POST or None, organization=organization, address=address)
    if request.method == "POST" and form.is_valid():
        try:
            preferences.change(organization, operator_of(request), form.wanted())
        except RefusedError as refused:
            form.add_error(None, refused.words)
        else:
            messages.success(
                request, _("「%(section)s」を保存しました。") % {"section": kind.title}
            )
            return redirect("console:settings")
    context = {"kind": kind, "name": name, "form": form, "address": address}
    return render(request, "console/settings/section.html", context, status=status_of_form(request))
