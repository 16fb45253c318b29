"""The addresses of the help."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.statuses import one, page

urlpatterns = [
    path("statuses/", page.show, name="statuses"),
    path("statuses/<slug:name>/", one.show, name="status"),
]
