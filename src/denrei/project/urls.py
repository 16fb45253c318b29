"""Addresses of all doors, and the pages of what can't be served."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("denrei.web.portal.urls"))]

handler400 = "denrei.web.portal.refusals.bad_request"
handler404 = "denrei.web.portal.refusals.missing"
handler500 = "denrei.web.portal.refusals.broken"
