"""Addresses that the demo adds to the console (the setting `CONSOLE_PAGES`)."""

from __future__ import annotations

from django.urls import path

from denrei.project.demo.handsets import switches, views

urlpatterns = [
    path("handsets/", views.show, name="handsets"),
    path("handsets/phones/", views.phones, name="handsets-phones"),
    path("handsets/events/", views.events, name="handsets-events"),
    path("handsets/answer/", views.answer, name="handsets-answer"),
    path("handsets/reply/", views.reply, name="handsets-reply"),
    path("handsets/standing/", switches.standing, name="handsets-standing"),
    path("handsets/pace/", switches.pace, name="handsets-pace"),
    path("handsets/fault/", switches.fault, name="handsets-fault"),
]
