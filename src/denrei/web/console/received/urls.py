"""Addresses of 受信した連絡."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.received import boxes, listing, one

urlpatterns = [
    path("received/", listing.show, name="received"),
    path("received/fetch/", boxes.fetch, name="received-fetch"),
    path("received/<int:mail_id>/", one.show, name="received-mail"),
]
