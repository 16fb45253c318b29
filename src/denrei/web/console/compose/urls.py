"""Addresses of composing, drafts and 定型連絡."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.compose import listing, ready, views

urlpatterns = [
    path("compose/", views.new, name="compose"),
    path("drafts/", listing.show, name="drafts"),
    path("drafts/delete/", listing.delete, name="drafts-delete"),
    path("drafts/<int:draft_id>/", views.draft, name="draft"),
    path("drafts/<int:draft_id>/readers/", views.readers, name="draft-readers"),
    path("templates/", ready.show, name="templates"),
    path("templates/new/", views.new_ready, name="template-new"),
    path("templates/<int:draft_id>/", views.ready, name="template"),
    path("templates/<int:draft_id>/use/", ready.use, name="template-use"),
    path("templates/<int:draft_id>/delete/", ready.delete, name="template-delete"),
]
