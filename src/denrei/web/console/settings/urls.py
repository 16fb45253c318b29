"""Addresses of the settings."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.settings import views

urlpatterns = [
    path("settings/", views.show_all, name="settings"),
    path("settings/<slug:name>/", views.change, name="settings-section"),
]
