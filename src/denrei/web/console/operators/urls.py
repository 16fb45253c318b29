"""Addresses of operators."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.operators import acts, views

urlpatterns = [
    path("operators/", views.show_list, name="operators"),
    path("operators/new/", views.add, name="operator-new"),
    path("operators/<int:pk>/", views.change, name="operator"),
    path("operators/<int:pk>/password/", acts.reset_password, name="operator-password"),
    path("operators/<int:pk>/<slug:act>/", acts.do, name="operator-act"),
]
