"""Addresses of broadcasts."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.broadcasts import listing, one

urlpatterns = [
    path("broadcasts/", listing.show, name="broadcasts"),
    path("broadcasts/<int:broadcast_id>/", one.show, name="broadcast"),
    path("broadcasts/<int:broadcast_id>/standing/", one.standing, name="broadcast-standing"),
    path("broadcasts/<int:broadcast_id>/stop/", one.stop, name="broadcast-stop"),
]
