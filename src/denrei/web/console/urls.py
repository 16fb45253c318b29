"""Addresses of the console; each area keeps its own."""

from __future__ import annotations

from django.urls import include, path

from denrei.web.console import home

app_name = "console"
urlpatterns = [
    path("", home.show, name="home"),
    path("", include("denrei.web.console.account.urls")),
    path("", include("denrei.web.console.door.urls")),
]
