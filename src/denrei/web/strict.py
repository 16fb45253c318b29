"""Headers that forbid a browser whatever our pages don't need; SecurityMiddleware adds the rest."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from denrei.accounts.rights import CONSOLE

#: No script, no frame, nothing from elsewhere: pages work without (W3C, Content Security Policy 3).
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
#: Pages of operators also run our own files of script, which speak to us alone.
_CONSOLE_POLICY = f"{_POLICY}; script-src 'self'; connect-src 'self'"
HEADERS = {
    "Content-Security-Policy": _POLICY,
    # for browsers older than frame-ancestors
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # pages here are about one person or one organization: no proxy and no search engine keeps them
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


class StrictHeaders:
    """Give each page the headers that it does not set itself. Static files pass before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the strict headers."""
        response = self._get_response(request)
        if request.path_info.startswith(CONSOLE):
            response.headers.setdefault("Content-Security-Policy", _CONSOLE_POLICY)
            # under no-referrer a form says "Origin: null", and the check against forgery refuses it
            response.headers.setdefault("Referrer-Policy", "same-origin")
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
