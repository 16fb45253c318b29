"""Addresses of recipients' pages; `denrei.deliveries.links` writes them into messages."""

from __future__ import annotations

from django.urls import path

from denrei.web.portal import views

app_name = "portal"
urlpatterns = [
    path("r/<token>", views.answer_page, name="answer"),
    path("r/<token>/unseen", views.unseen, name="unseen"),
]
