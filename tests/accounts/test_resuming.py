"""What is kept of a form that came too late, and for how long."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from denrei.accounts import resuming

pytestmark = pytest.mark.spec("SMS-13")
NOW = 1_800_000_000.0


def post(data: dict[str, Any], address: str = "/console/people/?page=2", **headers: str) -> Any:
    """Return a request with a session of its own."""
    return with_session(RequestFactory().post(address, data, headers=headers))


def with_session(request: HttpRequest) -> HttpRequest:
    request.session = SessionStore()
    return request


def fields(session: SessionBase, at: float = NOW) -> list[tuple[str, str]] | None:
    typed = resuming.kept(session, at)
    return None if typed is None else list(typed.fields)


def test_what_was_typed_is_kept_with_its_address() -> None:
    request = post({"name": "髙﨑 𠮷", "group": ["1", "2"]}, Referer="http://testserver/console/a/")

    assert resuming.keep(request, NOW)

    typed = resuming.kept(request.session, NOW)
    assert typed is not None
    assert ("/console/people/?page=2", "/console/a/", False) == (
        typed.address,
        typed.page,
        typed.files,
    )
    assert (("name", "髙﨑 𠮷"), ("group", "1"), ("group", "2")) == typed.fields


def test_what_htmx_sends_came_from_the_page_it_says() -> None:
    request = post(
        {"a": "b"}, **{"HX-Request": "true", "HX-Current-URL": "http://testserver/console/b/?c"}
    )
    resuming.keep(request, NOW)
    typed = resuming.kept(request.session, NOW)

    assert typed is not None
    assert "/console/b/?c" == typed.page


def test_secrets_and_tokens_are_not_kept() -> None:
    given = {"old_password": "x", "Password1": "x", "csrfmiddlewaretoken": "x", "_resumed": "x"}
    request = post({**given, "name": "y"})
    resuming.keep(request, NOW)

    assert [("name", "y")] == fields(request.session)


def test_files_are_not_kept_but_missed() -> None:
    request = post({"name": "y", "file": SimpleUploadedFile("people.csv", b"a,b")})
    resuming.keep(request, NOW)
    typed = resuming.kept(request.session, NOW)

    assert typed is not None
    assert ((("name", "y"),), True) == (typed.fields, typed.files)


@pytest.mark.parametrize(("size", "expected"), [(64 * 1024 - 4, True), (64 * 1024 - 3, False)])
def test_64_kilobytes_are_kept(size: int, expected: bool) -> None:
    assert expected is resuming.keep(post({"name": "x" * size}), NOW)


def test_what_is_no_form_is_not_kept() -> None:
    json = with_session(
        RequestFactory().post("/console/", {"a": "b"}, content_type="application/json")
    )
    get = with_session(RequestFactory().get("/console/", {"a": "b"}))

    assert (False, False) == (resuming.keep(json, NOW), resuming.keep(get, NOW))


@pytest.mark.parametrize(("seconds", "expected"), [(3599, [("a", "b")]), (3600, None)])
def test_it_is_kept_for_an_hour(seconds: int, expected: list[tuple[str, str]] | None) -> None:
    request = post({"a": "b"})
    resuming.keep(request, NOW)

    assert expected == fields(request.session, NOW + seconds)


def test_what_is_forgotten_is_gone() -> None:
    request = post({"a": "b"})
    resuming.keep(request, NOW)
    resuming.forget(request.session)

    assert fields(request.session) is None


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=5))
def test_any_text_comes_back_as_it_was(typed: list[tuple[str, str]]) -> None:
    request = with_session(RequestFactory().post("/console/"))
    post = request.POST.copy()
    for name, value in typed:
        post.appendlist(f"f{name}", value)
    request.POST = post  # type: ignore[assignment] # what a browser would have sent
    request.content_type = "multipart/form-data"

    if not resuming.keep(request, NOW):
        return
    expected = {(f"f{name}", value) for name, value in typed if "password" not in name.lower()}
    assert {pair for pair in expected if "secret" not in pair[0].lower()} <= set(
        fields(request.session) or []
    )


@given(st.text())
def test_any_address_is_ours_or_nothing(address: str) -> None:
    found = resuming.ours(RequestFactory().get("/console/"), address)

    assert found == "" or found.startswith("/console/")
