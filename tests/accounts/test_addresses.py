"""Whose address a request has: what trusted proxies say, and nothing that anybody can write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.accounts import addresses, networks

pytestmark = pytest.mark.spec("SMS-13")


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        pytest.param("203.0.113.9", 0, "10.0.0.1", id="no proxy, so nobody is believed"),
        pytest.param("203.0.113.9", 1, "203.0.113.9", id="one proxy"),
        pytest.param("1.2.3.4, 203.0.113.9", 1, "203.0.113.9", id="what the client wrote is left"),
        pytest.param("1.2.3.4, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9", id="two proxies"),
        pytest.param("", 1, "10.0.0.1", id="asked past the proxy"),
        pytest.param("203.0.113.9", 2, "203.0.113.9", id="asked past the outer proxy"),
        pytest.param("203.0.113.9:4711", 1, "203.0.113.9", id="with a port"),
        pytest.param("[2001:db8::9]:4711", 1, "2001:db8::9", id="IPv6 with a port"),
        pytest.param("2001:db8::9", 1, "2001:db8::9", id="IPv6"),
        pytest.param("::ffff:203.0.113.9", 1, "203.0.113.9", id="mapped"),
        pytest.param("fe80::1%eth0", 1, "fe80::1", id="with a zone"),
        pytest.param("unknown", 1, "10.0.0.1", id="no address"),
        pytest.param("1.2.3.4, ,", 1, "10.0.0.1", id="empty"),
    ],
)
def test_the_client_stands_before_the_trusted_proxies(
    forwarded: str, proxies: int, expected: str
) -> None:
    meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}

    assert expected == addresses.client(meta, proxies)


def test_who_comes_by_a_local_socket_has_no_address() -> None:
    assert ("", None) == (
        addresses.client({"REMOTE_ADDR": ""}, 0),
        addresses.client({}, 3) or None,
    )


@given(st.text(), st.integers(0, 5))
def test_any_header_gives_an_address_that_can_be_read(forwarded: str, proxies: int) -> None:
    found = addresses.client({"HTTP_X_FORWARDED_FOR": forwarded, "REMOTE_ADDR": "::1"}, proxies)

    assert networks.address(found) is not None
