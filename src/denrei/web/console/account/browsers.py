"""Browsers in words: what a person recognizes in what a browser calls itself."""

from __future__ import annotations

from django.utils.translation import gettext as _

#: A mark in `User-Agent` and whose it is; the first that fits, since browsers claim to be others.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def in_words(user_agent: str) -> str:
    """Return 「Windows の Edge」, or as much of it as can be told."""
    browser, machine = _first(_BROWSERS, user_agent), _first(_MACHINES, user_agent)
    if browser and machine:
        return _("%(machine)s の %(browser)s") % {"machine": machine, "browser": browser}
    return browser or machine or _("不明なブラウザー")


def _first(marks: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in marks if mark in user_agent), "")
