"""Addresses between a draft and its broadcast."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.launching import reservations, unreachable, views

urlpatterns = [
    path("drafts/<int:draft_id>/confirm/", views.confirm, name="confirm"),
    path("drafts/<int:draft_id>/unreachable/", unreachable.show, name="unreachable"),
    path("drafts/<int:draft_id>/unreachable.csv", unreachable.csv, name="unreachable-csv"),
    path("reservations/", reservations.show, name="reservations"),
    path(
        "reservations/<int:reservation_id>/cancel/",
        reservations.cancel,
        name="reservation-cancel",
    ),
    path("reservations/<int:reservation_id>/note/", reservations.note, name="reservation-note"),
]
