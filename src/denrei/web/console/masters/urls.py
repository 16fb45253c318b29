"""Addresses of the lists, under `/console/masters/`."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.masters import entries, lists, overview, words

urlpatterns = [
    path("masters/", overview.show, name="masters"),
    path("masters/words/", words.edit, name="master-words"),
    path("masters/<slug:kind>/", lists.show, name="master"),
    path("masters/<slug:kind>/order/", lists.order, name="master-order"),
    path("masters/<slug:kind>/csv/", lists.export, name="master-csv"),
    path("masters/<slug:kind>/new/", entries.add, name="master-new"),
    path("masters/<slug:kind>/<int:entry_id>/", entries.change, name="master-entry"),
    path("masters/<slug:kind>/<int:entry_id>/delete/", entries.delete, name="master-delete"),
]
