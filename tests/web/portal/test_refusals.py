"""What can't be shown: one page for every token that opens nothing, both languages, no traces."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus

import pytest
from django.core.handlers.exception import response_for_exception
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from denrei.deliveries import links
from denrei.domain import tokens
from denrei.web.portal.discretion import HideTokens
from tests.responses.sent import Sent, send


def closed(sent: Sent, other: Sent) -> dict[str, str]:
    """Return tokens that open nothing, each for another reason."""
    ring, organization = links.keyring(), sent.organization.pk
    answer, mine, theirs = tokens.Purpose.ANSWER, sent.deliveries[0], other.deliveries[0]
    genuine = sent.token()
    return {
        "unknown": tokens.seal(ring, answer, organization, 2**40),
        "foreign delivery": tokens.seal(ring, answer, organization, theirs),
        "another purpose": tokens.seal(ring, tokens.Purpose.BOUNCE, organization, mine),
        "forged": genuine[:-1] + ("0" if genuine[-1] != "0" else "2"),
        "cut short": genuine[:-3],
        "malformed": "%E4%BC%9D%00'--",
        "greatest": tokens.seal(ring, answer, tokens.MAX_ID, tokens.MAX_ID),
    }


WAYS = [
    pytest.param("get", "", id="a look"),
    pytest.param("post", "", id="an answer"),
    pytest.param("get", "/unseen", id="the unseen link"),
    pytest.param("post", "/unseen", id="an answer to the unseen link"),
]


@pytest.mark.django_db
@pytest.mark.spec("ALL-5")
@pytest.mark.parametrize(("method", "below"), WAYS)
def test_every_token_that_opens_nothing_gets_the_same_page(
    client: Client, method: str, below: str
) -> None:
    paths = [f"/r/{token}{below}" for token in closed(send(), send()).values()]

    pages = [getattr(client, method)(path) for path in [*paths, "/nowhere"]]

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert len({tuple(sorted(page.headers.items())) for page in pages}) == 1


@pytest.mark.django_db
@pytest.mark.spec("ALL-5")
@pytest.mark.parametrize(("method", "below"), WAYS)
def test_every_such_token_asks_the_database_alike(client: Client, method: str, below: str) -> None:
    asked = set()

    for token in closed(send(), send()).values():
        with CaptureQueriesContext(connection) as captured:
            getattr(client, method)(f"/r/{token}{below}")
        asked.add(tuple(re.sub(r"\d+", "N", query["sql"]) for query in captured))

    assert len(asked) == 1
    assert len(asked.pop()) == (0 if (method, below) == ("post", "/unseen") else 6)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_not_allowed(client: Client, method: str) -> None:
    response = getattr(client, method)(send().path())

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert "この操作はできません" in response.content.decode()


def test_an_error_of_ours_has_a_page_that_asks_no_database() -> None:
    request = RequestFactory().get("/r/secret-token")

    response = response_for_exception(request, RuntimeError("broken"))

    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "一時的に表示できません" in response.content.decode()
    assert "can't be shown right now" in response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(
    "path", ["/r/3241042ja0av8xg9q64bf881", "/r/3241042ja0av8xg9q64bf881?lang=en"]
)
def test_tokens_do_not_reach_the_log(path: str) -> None:
    record = logging.makeLogRecord({"msg": "%s: %s", "args": ("Not Found", path)})

    assert HideTokens().filter(record) is True
    assert "v8xg9" not in record.getMessage()
    assert "/r/3241042j…" in record.getMessage()


@pytest.mark.django_db
def test_what_django_logs_of_a_request_holds_no_token(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    sent = send()

    client.post(sent.path(), {})

    assert "Unprocessable" in caplog.text
    assert sent.token() not in caplog.text
