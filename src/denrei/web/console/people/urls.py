"""Addresses of the address book."""

from __future__ import annotations

from django.urls import path

from denrei.web.console.downloads import Kind
from denrei.web.console.people import (
    broadcasts,
    children,
    editing,
    export,
    leaving,
    listing,
    several,
    showing,
    trying,
)

urlpatterns = [
    path("people/", listing.show, name="people"),
    path("people/new/", editing.add, name="person-new"),
    path("people/several/", several.change, name="people-several"),
    path("people/export.csv", export.download, {"kind": Kind.CSV}, name="people-export"),
    path("people/export.xlsx", export.download, {"kind": Kind.BOOK}, name="people-export-book"),
    path("people/households/<int:pk>/", children.edit, name="household"),
    path("people/<int:pk>/", showing.show, name="person"),
    path("people/<int:pk>/broadcasts/", broadcasts.show, name="person-broadcasts"),
    path("people/<int:pk>/contacts/<int:contact>/test/", trying.press, name="contact-test"),
    path(
        "people/<int:pk>/contacts/<int:contact>/test/status/",
        trying.watch,
        name="contact-test-status",
    ),
    path("people/<int:pk>/change/", editing.change, name="person-change"),
    path("people/<int:pk>/delete/", leaving.leave, name="person-delete"),
    path("people/<int:pk>/return/", leaving.come_back, name="person-return"),
]
