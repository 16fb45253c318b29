"""Addresses of mailboxes."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.mailboxes import views

urlpatterns = [
    path("mailboxes/", views.show_all, name="mailboxes"),
    path("mailboxes/new/", views.add, name="mailbox-new"),
    path("mailboxes/<int:pk>/", views.change, name="mailbox"),
    path("mailboxes/<int:pk>/test/", views.test, name="mailbox-test"),
    path("mailboxes/<int:pk>/remove/", views.remove, name="mailbox-remove"),
]
