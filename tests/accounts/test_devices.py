"""Known devices: who is known on them, and what makes them strangers again."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st

from denrei.accounts import devices
from denrei.accounts.devices import Device
from denrei.accounts.models import Operator

pytestmark = pytest.mark.spec("SMS-13")


def operator(number: int, password: str = "argon2$x") -> Operator:
    return Operator(pk=number, login=f"o{number}", password=password)


def asking(cookie: str) -> HttpRequest:
    """Return the request of a browser with a cookie."""
    request = HttpRequest()
    request.COOKIES[devices.COOKIE] = cookie
    return request


def test_a_device_knows_who_signed_in_on_it_and_nobody_else() -> None:
    device = Device(key="0123").remembering(operator(1), "city")
    back = Device.of(asking(device.cookie()))

    assert back is not None
    assert (device, True, False) == (back, back.knows(operator(1)), back.knows(operator(2)))


def test_a_new_password_makes_it_a_stranger() -> None:
    device = Device(key="0123").remembering(operator(1), "city")

    assert not device.knows(operator(1, "argon2$y"))


def test_several_operators_share_a_device_and_the_oldest_is_forgotten() -> None:
    device = Device(key="0123")
    for number in range(1, 10):
        device = device.remembering(operator(number), "city")
    device = device.remembering(operator(2), "town")

    assert ("town", ["3", "4", "5", "6", "7", "8", "9", "2"]) == (
        device.organization,
        list(device.operators),
    )


def test_what_the_cookie_holds_tells_no_password() -> None:
    device = Device(key="0123").remembering(operator(1, "argon2$secret"), "city")

    assert "secret" not in str(device)


@pytest.mark.parametrize(
    "change", [lambda text: text + "x", lambda text: "", lambda text: text[1:]]
)
def test_a_forged_cookie_is_a_stranger(change: object) -> None:
    assert callable(change)
    cookie = Device(key="0123").remembering(operator(1), "city").cookie()

    assert Device.of(asking(change(cookie))) is None


@given(st.text())
def test_any_cookie_is_read_or_a_stranger(cookie: str) -> None:
    assert Device.of(asking(cookie)) is None
