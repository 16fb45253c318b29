"""Addresses of the own account; those that allauth looks for are in `factor_urls`."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.account import overview, password

urlpatterns = [
    path("account/", overview.show, name="account"),
    path("account/password/", password.change, name="password"),
    path("account/sessions/end/", overview.end_session, name="end-session"),
    path("account/sessions/end-others/", overview.end_others, name="end-other-sessions"),
]
