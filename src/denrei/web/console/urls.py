"""Addresses of the console; each area keeps its own."""

from __future__ import annotations

from django.urls import include, path

app_name = "console"
urlpatterns = [
    path("", include("denrei.web.console.account.urls")),
    path("", include("denrei.web.console.board.urls")),
    path("", include("denrei.web.console.alarms.urls")),
    path("", include("denrei.web.console.broadcasts.urls")),
    path("", include("denrei.web.console.compose.urls")),
    path("", include("denrei.web.console.door.urls")),
    path("", include("denrei.web.console.home.urls")),
    path("", include("denrei.web.console.launching.urls")),
    path("", include("denrei.web.console.masters.urls")),
    path("", include("denrei.web.console.operators.urls")),
    path("", include("denrei.web.console.units.urls")),
    path("", include("denrei.web.console.settings.urls")),
    path("", include("denrei.web.console.statuses.urls")),
    path("", include("denrei.web.console.trail.urls")),
    path("", include("denrei.web.console.importing.urls")),
    path("", include("denrei.web.console.people.urls")),
]
