"""What a browser asked of an answer page, and what it is answered, whichever server stands between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote_plus

from django.http import HttpRequest, QueryDict

from denrei.accounts import addresses
from denrei.domain import tokens
from denrei.responses import pages
from denrei.responses.looking import Visit
from denrei.responses.models import Kind
from denrei.web.portal.words import LANGUAGES

#: Headers by which a program says that no person looks yet: browsers, mail programs, old Firefox.
AHEAD = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_AHEAD_WORDS = ("prefetch", "prerender", "preview")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for the page of a token, or for the link on it that no human sees."""

    #: As it was asked for, without the query; the unseen link's own for that.
    path: str
    #: Whose page the token opens; nobody's for one that is none of ours.
    named: tokens.Opened
    visit: Visit
    #: The language that the address asks for, "" for none.
    language: str = ""
    #: Whose thanks the address asks for, as it was written; "" for nobody's.
    done: str = ""
    #: The fields of an answer; None: the page is looked at.
    posted: Mapping[str, str] | None = None
    #: A page of another site sent the answer.
    from_elsewhere: bool = False

    @property
    def here(self) -> str:
        """The address that a form of the page is sent to."""
        return self.path + query(lang=self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An answer to it, always HTML; the strict headers are added outside."""

    status: HTTPStatus
    body: bytes = b""
    #: Of this answer alone.
    headers: tuple[tuple[str, str], ...] = ()


def of(request: HttpRequest, token: str, kind: Kind | None = None) -> Asked:
    """Return what a request of Django's asks; reads its body where it answers.

    `kind`: what the look is by its address, where the address says it.
    """
    return Asked(
        path=request.path,
        named=pages.named_by(token),
        visit=Visit(
            kind=kind or kind_of(request.method or "", request.headers),
            user_agent=request.headers.get("User-Agent", ""),
            address=addresses.of(request),
        ),
        **asked_by(request.GET),
        posted=request.POST if request.method == "POST" else None,
        from_elsewhere=is_from_elsewhere(request.headers.get("Sec-Fetch-Site", "")),
    )


def asked_by(found: QueryDict) -> dict[str, str]:
    """Return the fields of `Asked` that stand in the query of an address."""
    language = found.get("lang", "")
    return {
        "language": language if language in LANGUAGES else "",
        "done": found.get("done", ""),
    }


def kind_of(method: str, headers: Mapping[str, str]) -> Kind:
    """Return what kind of look a request is, as far as it says so itself."""
    for name in AHEAD:
        said = headers.get(name)
        if said and said.lower().startswith(_AHEAD_WORDS):
            return Kind.PREFETCH
    return Kind.HEAD if method == "HEAD" else Kind.OPEN


def is_from_elsewhere(fetch_site: str) -> bool:
    """Tell by `Sec-Fetch-Site` whether another site's page sent it: odd, but the token was known there."""
    return fetch_site == "cross-site"


def query(**fields: object) -> str:
    """Return the query of an address, without what is empty."""
    said = [f"{name}={_quoted(str(value))}" for name, value in fields.items() if value]
    return f"?{'&'.join(said)}" if said else ""


def _quoted(value: str) -> str:
    """Return a value as a query has it; the numbers and languages of ours as they are."""
    return value if value.isascii() and value.isalnum() else quote_plus(value)
