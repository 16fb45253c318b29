"""The address of the audit trail."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.trail import views

urlpatterns = [path("trail/", views.show, name="trail")]
