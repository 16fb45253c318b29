"""The address that keeps the banner up to date."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.alarms import views

urlpatterns = [path("alarms/", views.show, name="alarms")]
