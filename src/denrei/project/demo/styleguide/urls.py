"""Address that the demo adds (the setting `DEMO_PAGES`)."""

from __future__ import annotations

from django.urls import path

from denrei.project.demo.styleguide import page

urlpatterns = [path("styleguide/", page.show, name="styleguide")]
