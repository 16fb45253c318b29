"""Addresses of the story of one person in one broadcast."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.story import helping, noting, page

_PERSON = "broadcasts/<int:broadcast_id>/people/<int:recipient_id>/"

urlpatterns = [
    path(_PERSON, page.show, name="story"),
    path(f"{_PERSON}moving/", page.moving, name="story-moving"),
    path(f"{_PERSON}answer/", noting.answer, name="story-answer"),
    path(f"{_PERSON}help/<slug:act>/", helping.act, name="story-help"),
]
