"""Time zones to choose from."""

from __future__ import annotations

import functools
import zoneinfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Names that stand for others, or for a place that nobody lives in.
_NO_PLACES = ("Etc/", "posix/", "right/", "SystemV/")


@functools.cache
def choices() -> tuple[tuple[str, str | Promise], ...]:
    """Return (name, words): Japan first, then every place of the IANA database by its name."""
    places = sorted(
        zone
        for zone in zoneinfo.available_timezones()
        if "/" in zone and not zone.startswith(_NO_PLACES) and zone != "Asia/Tokyo"
    )
    return (
        ("Asia/Tokyo", _("日本（Asia/Tokyo）")),
        ("UTC", _("協定世界時（UTC）")),
        *((zone, zone) for zone in places),
    )
