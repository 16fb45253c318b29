"""Addresses of one broadcast's board."""

from __future__ import annotations

from django.urls import include, path

from denrei.web.console.board import copy, download, holding, page, sequel, stop, wall, watching

_OF_ONE = [
    path("", page.show, name="broadcast"),
    path("standing/", page.standing, name="broadcast-standing"),
    path("events/", watching.events, name="broadcast-events"),
    path("wall/", wall.show, name="broadcast-wall"),
    path("wall/standing/", wall.standing, name="broadcast-wall-standing"),
    path("people.csv", download.download, name="broadcast-people"),
    path("stop/", stop.stop, name="broadcast-stop"),
    path("copy/", copy.begin, name="broadcast-copy"),
    path("sequel/", sequel.begin, name="broadcast-sequel"),
    path("hold/", holding.hold, name="broadcast-hold"),
]
urlpatterns = [path("broadcasts/<int:broadcast_id>/", include(_OF_ONE))]
