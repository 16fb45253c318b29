"""Addresses of all doors, and the pages of what can't be served."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from denrei.accounts import rights
from denrei.accounts.rights import CONSOLE, Right

urlpatterns: list[URLPattern | URLResolver] = [
    path("", rights.needs(Right.OPEN)(RedirectView.as_view(url=CONSOLE))),
    path(CONSOLE.lstrip("/"), include("denrei.web.console.account.factor_urls")),
    path(CONSOLE.lstrip("/"), include("denrei.web.console.urls")),
    path("", include("denrei.web.portal.urls")),
    *(path("", include(module)) for module in settings.DEMO_PAGES),
]

handler400 = "denrei.project.refusals.bad_request"
handler403 = "denrei.project.refusals.forbidden"
handler404 = "denrei.project.refusals.missing"
handler500 = "denrei.project.refusals.broken"
