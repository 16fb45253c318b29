"""Addresses of the console; each area keeps its own."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

app_name = "console"
urlpatterns = [
    path("", include("denrei.web.console.account.urls")),
    path("", include("denrei.web.console.alarms.urls")),
    path("", include("denrei.web.console.attention.urls")),
    path("", include("denrei.web.console.board.urls")),
    path("", include("denrei.web.console.broadcasts.urls")),
    path("", include("denrei.web.console.compose.urls")),
    path("", include("denrei.web.console.door.urls")),
    path("", include("denrei.web.console.firststeps.urls")),
    path("", include("denrei.web.console.home.urls")),
    path("", include("denrei.web.console.importing.urls")),
    path("", include("denrei.web.console.keeping.urls")),
    path("", include("denrei.web.console.launching.urls")),
    path("", include("denrei.web.console.gateways.urls")),
    path("", include("denrei.web.console.mailboxes.urls")),
    path("", include("denrei.web.console.masters.urls")),
    path("", include("denrei.web.console.operators.urls")),
    path("", include("denrei.web.console.people.urls")),
    path("", include("denrei.web.console.proof.urls")),
    path("", include("denrei.web.console.received.urls")),
    path("", include("denrei.web.console.renotify.urls")),
    path("", include("denrei.web.console.settings.urls")),
    path("", include("denrei.web.console.statuses.urls")),
    path("", include("denrei.web.console.story.urls")),
    path("", include("denrei.web.console.trail.urls")),
    path("", include("denrei.web.console.units.urls")),
    *(path("", include(module)) for module in settings.CONSOLE_PAGES),
]
