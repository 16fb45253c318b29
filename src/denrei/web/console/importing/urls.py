"""Addresses of the import of people."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.importing import acts, downloads, undo, views

urlpatterns = [
    path("people/import/", views.choose, name="people-import"),
    path("people/import/template.csv", downloads.template, name="people-import-template"),
    path("people/import/<int:import_id>/", views.show, name="people-import-show"),
    path("people/import/<int:import_id>/apply/", acts.apply, name="people-import-apply"),
    path("people/import/<int:import_id>/cancel/", acts.cancel, name="people-import-cancel"),
    path("people/import/<int:import_id>/again/", acts.again, name="people-import-again"),
    path("people/import/<int:import_id>/undo/", undo.undo, name="people-import-undo"),
    path(
        "people/import/<int:import_id>/refused.csv",
        downloads.refused,
        name="people-import-refused",
    ),
]
