"""The addresses of an installation in which the demo runs."""

from __future__ import annotations

from django.urls import include, path

from denrei.project.demo.handsets import urls as handsets
from denrei.project.demo.styleguide import urls as styleguide
from denrei.web.console import urls as console

_console = [*console.urlpatterns, *handsets.urlpatterns]
urlpatterns = [
    path("console/", include("denrei.web.console.account.factor_urls")),
    path("console/", include((_console, "console"))),
    path("", include("denrei.web.portal.urls")),
    *styleguide.urlpatterns,
]
handler403 = "denrei.project.refusals.forbidden"
handler404 = "denrei.project.refusals.missing"
