"""Addresses of the door."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.door import resume, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/", views.language, name="language"),
    path("resume/", resume.show, name="resume"),
]
