"""Addresses of gateways."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.gateways import views

urlpatterns = [
    path("gateways/", views.show_all, name="gateways"),
    path("gateways/new/", views.add, name="gateway-new"),
    path("gateways/<int:pk>/", views.change, name="gateway"),
    path("gateways/<int:pk>/test/", views.test, name="gateway-test"),
    path("gateways/<int:pk>/stop/", views.stop, name="gateway-stop"),
    path("gateways/<int:pk>/start/", views.start, name="gateway-start"),
    path("gateways/<int:pk>/remove/", views.remove, name="gateway-remove"),
]
