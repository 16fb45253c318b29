"""Addresses of proof files."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.proof import downloading, showing

urlpatterns = [
    path("broadcasts/<int:broadcast_id>/proof/", showing.show, name="proof"),
    path("broadcasts/<int:broadcast_id>/proof/file/", downloading.broadcast, name="proof-file"),
    path(
        "broadcasts/<int:broadcast_id>/people/<int:recipient_id>/proof/",
        downloading.person,
        name="story-proof",
    ),
]
