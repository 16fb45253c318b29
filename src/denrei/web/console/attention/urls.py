"""Addresses of 要対応."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.attention import export, listing, one, several, silent

urlpatterns = [
    path("attention/", listing.show, name="attention"),
    path("attention/export.csv", export.download, name="attention-export"),
    path("attention/silent/", silent.show, name="attention-silent"),
    path("attention/silent/export.csv", silent.download, name="attention-silent-export"),
    path("attention/several/", several.change, name="attention-several"),
    path("attention/<int:pk>/", one.show, name="attention-case"),
    path("attention/<int:pk>/release/", one.release, name="attention-release"),
]
