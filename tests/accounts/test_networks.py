"""Networks are read as people type them, and an address lies in them or not."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.accounts import networks

pytestmark = pytest.mark.spec("SMS-13")


@pytest.mark.parametrize(
    ("client", "wanted", "expected"),
    [
        pytest.param("203.0.113.9", [], True, id="no networks allow everybody"),
        pytest.param("", [], True, id="even from nowhere"),
        pytest.param("203.0.113.9", ["203.0.113.0/24"], True, id="inside"),
        pytest.param("203.0.114.9", ["203.0.113.0/24"], False, id="outside"),
        pytest.param("203.0.114.9", ["203.0.113.0/24", "203.0.114.9/32"], True, id="in the second"),
        pytest.param("2001:db8::9", ["2001:db8::/32"], True, id="IPv6"),
        pytest.param("2001:db8::9", ["0.0.0.0/0"], False, id="IPv6 is not IPv4"),
        pytest.param("::ffff:203.0.113.9", ["203.0.113.0/24"], True, id="mapped"),
        pytest.param("fe80::1%eth0", ["fe80::/10"], True, id="with a zone"),
        pytest.param("", ["0.0.0.0/0"], False, id="nowhere lies in none"),
        pytest.param("unknown", ["0.0.0.0/0"], False, id="unreadable lies in none"),
    ],
)
def test_an_address_lies_in_the_networks_or_not(
    client: str, wanted: list[str], expected: bool
) -> None:
    assert expected is networks.allowed(client, wanted)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ()),
        (" \n ", ()),
        ("192.0.2.5", ("192.0.2.5/32",)),
        ("192.0.2.5/24", ("192.0.2.0/24",)),
        ("１９２．０．２．０／２４", ("192.0.2.0/24",)),
        ("192.0.2.0/24、2001:DB8::/32\n192.0.2.9/24", ("192.0.2.0/24", "2001:db8::/32")),
        ("::ffff:192.0.2.0/120", ("192.0.2.0/24",)),
        ("::/0", ("::/0",)),
    ],
)
def test_networks_are_read_as_they_are_typed(typed: str, expected: tuple[str, ...]) -> None:
    assert expected == networks.parse(typed)


@pytest.mark.parametrize("typed", ["庁内", "192.0.2", "192.0.2.0/33", "192.0.2.0-192.0.2.9", "/24"])
def test_what_is_no_network_is_named(typed: str) -> None:
    with pytest.raises(networks.InvalidNetworkError, match="IPアドレスの範囲として読めません"):
        networks.parse(typed)


@given(st.text())
def test_any_text_is_read_or_complained_about(typed: str) -> None:
    try:
        found = networks.parse(typed)
    except networks.InvalidNetworkError:
        return
    assert found == networks.parse("\n".join(found))


@given(st.ip_addresses())
def test_an_address_lies_in_the_network_of_itself(
    client: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert networks.allowed(str(client), networks.parse(str(client)))
