"""The address of the list of broadcasts."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.broadcasts import listing

urlpatterns = [path("broadcasts/", listing.show, name="broadcasts")]
