"""The address of the help."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.statuses import page

urlpatterns = [path("statuses/", page.show, name="statuses")]
