"""Addresses of retention."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.keeping import views

urlpatterns = [
    path("settings/retention/preview/", views.preview, name="retention-preview"),
    path("settings/retention/report/", views.report, name="retention-report"),
]
