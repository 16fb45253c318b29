"""The address of the first page."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.home import views

urlpatterns = [
    path("", views.show, name="home"),
    path("running/", views.running, name="home-running"),
]
