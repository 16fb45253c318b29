"""The door of the herd answers what Django answers, and leaves to Django what is not plain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from denrei.accounts import tenancy
from denrei.deliveries import cancel
from denrei.project import asgi
from denrei.responses.models import PageView
from denrei.web.portal.door import Door
from tests.responses.sent import Sent, send
from tests.web.portal.asking import FORM, Said, ask

pytestmark = pytest.mark.usefixtures("committed")


async def elsewhere(scope: Any, receive: Any, send: Any) -> None:
    """Stand for Django."""
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def door() -> Iterator[Door]:
    """A door before nothing."""
    door = Door(elsewhere, asgi.strict(), 1000)
    yield door
    door.end()


def asked(door: Door, *arguments: Any, **headers: Any) -> Said:
    """Ask the door."""
    return async_to_sync(ask)(door, *arguments, **headers)


def by_django(method: str, address: str, fields: Any = None) -> Said:
    """Ask Django."""
    data = {} if fields is None else {"data": urlencode(fields), "content_type": FORM}
    response = getattr(Client(), method.lower())(address, **data)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Said(status=response.status_code, headers=headers, body=response.content)


def states() -> dict[str, Sent]:
    """Return a broadcast in each state that matters to its page."""
    ended = send()
    cancel.stop(ended.organization.pk, ended.broadcast_id)
    answered, household = send("<b>\"山田\" & '花子'"), send("山田 花子", "山田 太郎", shared=True)
    answered.reply("1", comment="避難所に\nいます<b>")
    helped = send(language="en")
    helped.reply("3", source="family")
    household.reply("2", 1)
    return {
        "asked": send(),
        "english": send(language="en"),
        "drill": send(drill=True),
        "confirmation": send(choices=()),
        "ended": ended,
        "answered with a comment": answered,
        "help": helped,
        "a household, one answered": household,
        "three of a household": send("一", "二", "三", shared=True),
    }


ADDRESSES = ("", "?lang=en", "?lang=ja", "?done=0", "?done={}", "?done={}&lang=en", "?lang=xx")


def test_every_page_is_the_one_that_django_shows(door: Door) -> None:
    different = []

    for name, sent in states().items():
        for address in ADDRESSES:
            for method in ("GET", "HEAD"):
                path = sent.path() + address.format(sent.people[-1])
                said, expected = asked(door, method, path), by_django(method, path)
                if said != expected:
                    different.append((name, method, address, said, expected))

    assert different == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="an answer"),
        pytest.param({"comment": "無事です\r\n家にいます", "source": "proxy"}, id="with a comment"),
        pytest.param({"choice": ""}, id="no choice"),
        pytest.param({"choice": "9", "comment": "あ" * 120}, id="two faults"),
        pytest.param({"person": "0"}, id="a stranger"),
    ],
)
@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_every_answer_is_taken_or_refused_as_django_does(
    door: Door, changes: dict[str, str], query: str
) -> None:
    sent = send("山田 花子", "山田 太郎", shared=True)
    fields = {"person": str(sent.people[0]), "choice": "1", **changes}

    said = asked(door, "POST", sent.path() + query, fields)
    kept = len(sent.answers())

    assert said == by_django("POST", sent.path() + query, fields)
    assert kept == len(sent.answers()) - kept


def test_what_opens_nothing_is_the_same_page_everywhere(door: Door) -> None:
    sent = send()
    paths = ["/r/3241042ja0av8xg9q64bf881", sent.path()[:-3], sent.path() + "/unseen"]

    said = [asked(door, "GET", path) for path in paths]
    said += [asked(door, "POST", path, {"choice": "1"}) for path in paths[:2]]

    assert [one for one in said if one != by_django("GET", "/nowhere")] == []


@pytest.mark.spec("NEW-3")
def test_a_look_is_noted_with_program_and_address(
    door: Door, settings: pytest.FixtureRequest
) -> None:
    sent = send()
    settings.TRUSTED_PROXIES = 1  # type: ignore[attr-defined]  # pytest-django's settings
    far = {"x_forwarded_for": "10.9.9.9, 203.0.113.7", "user_agent": "Mozilla/5.0"}

    asked(door, "GET", sent.path(), **far)
    asked(door, "GET", sent.path(), sec_purpose="prefetch")
    asked(door, "GET", sent.path() + "/unseen", **far)

    with tenancy.acting_for(sent.organization.pk):
        looks = list(PageView.objects.order_by("id").values_list("kind", "user_agent", "address"))
    assert looks == [
        ("open", "Mozilla/5.0", "203.0.113.7"),
        ("prefetch", "", "127.0.0.1"),
        ("canary", "Mozilla/5.0", "203.0.113.7"),
    ]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        pytest.param("GET", "/console/", {}, id="another page"),
        pytest.param("GET", "/r/", {}, id="no token"),
        pytest.param("GET", "/r/a%20b", {}, id="no letter of a token"),
        pytest.param("GET", "/r/abc/", {}, id="one slash more"),
        pytest.param("PUT", "/r/abc", {}, id="another method"),
        pytest.param("POST", "/r/abc/unseen", {}, id="an answer to the unseen link"),
        pytest.param("GET", "/r/abc", {"host": "elsewhere.example"}, id="another host"),
        pytest.param("GET", "/r/abc", {"host": ""}, id="no host"),
        pytest.param("POST", "/r/abc", {"content_type": "multipart/form-data"}, id="with parts"),
        pytest.param("POST", "/r/abc", {"content_length": ""}, id="of unknown length"),
        pytest.param("POST", "/r/abc", {"content_length": "70000"}, id="long"),
        pytest.param("POST", "/r/abc", {"content_type": FORM + "; charset=euc-jp"}, id="old"),
    ],
)
def test_what_is_not_plain_is_left_to_django(
    door: Door, method: str, path: str, headers: dict[str, str]
) -> None:
    given = {"content_type": FORM, "content_length": "0", **headers}

    assert asked(door, method, path, **given).status == 299


def test_a_form_of_more_fields_than_ours_is_refused(door: Door) -> None:
    body = b"a=&" * 10_001
    given = {"content_type": FORM, "content_length": str(len(body))}

    assert asked(door, "POST", "/r/abc", body=body, **given).status == 400
