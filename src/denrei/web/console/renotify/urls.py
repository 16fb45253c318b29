"""Addresses of 再通知."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.renotify import reminders, views

urlpatterns = [
    path("broadcasts/<int:broadcast_id>/again/", views.again, name="again"),
    path("broadcasts/<int:broadcast_id>/reminders/", reminders.add, name="reminder-add"),
    path(
        "broadcasts/<int:broadcast_id>/reminders/<int:reminder_id>/cancel/",
        reminders.cancel,
        name="reminder-cancel",
    ),
]
