"""Addresses of units."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.units import views

urlpatterns = [
    path("units/", views.show_tree, name="units"),
    path("units/new/", views.add, name="unit-new"),
    path("units/<int:pk>/", views.change, name="unit"),
    path("units/<int:pk>/delete/", views.delete, name="unit-delete"),
]
