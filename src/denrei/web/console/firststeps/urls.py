"""The address of the first steps; the panel itself stands on the first page."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.firststeps import views

urlpatterns = [path("first-steps/", views.close, name="first-steps")]
