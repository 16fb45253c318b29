"""Addresses on the wire, those that RFC 5321 forbids and handsets have nevertheless."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.channels.smtp import addresses

TAKEN = [
    ("taro@example.jp", b"taro@example.jp"),
    ("a..b@docomo.ne.jp", b'"a..b"@docomo.ne.jp'),
    ("abc.@ezweb.ne.jp", b'"abc."@ezweb.ne.jp'),
    (".abc@ezweb.ne.jp", b'".abc"@ezweb.ne.jp'),
    ("-abc@docomo.ne.jp", b"-abc@docomo.ne.jp"),
    ("a/b=c?d@docomo.ne.jp", b"a/b=c?d@docomo.ne.jp"),
    ('"a..b"@docomo.ne.jp', b'"a..b"@docomo.ne.jp'),
    ('"a b\\"c"@example.jp', b'"a b\\"c"@example.jp'),
    ("taro@日本.jp", b"taro@xn--wgv71a.jp"),
    ("太郎@example.jp", "太郎@example.jp".encode()),
    ("root@localhost", b"root@localhost"),
]
REFUSED = [
    "",
    "taro",
    "@example.jp",
    "taro@",
    "taro@example.jp\r\nRCPT TO:<x@example.jp>",
    "taro@example.jp\n",
    "ta\0ro@example.jp",
    "ta ro@example.jp",
    "taro>@example.jp",
    "<taro@example.jp>",
    "taro@example.jp> SIZE=1",
    "a@b@example.jp",
    "taro,hanako@example.jp",
    "taro@exa mple.jp",
    "taro@example.jp.",
    "taro@-example.jp",
    "taro@[192.0.2.1]",
    "太\u2028郎@example.jp",
    "太\u3000郎@example.jp",
    '"a\r\nb"@example.jp',
    "taro@\ud800.jp",
    f"{'a' * 250}@example.jp",
]


@pytest.mark.parametrize(("address", "wire"), TAKEN)
def test_an_address_in_use_gets_its_form_on_the_wire(address: str, wire: bytes) -> None:
    assert wire == addresses.mailbox(address)


@pytest.mark.parametrize("address", REFUSED)
def test_what_no_server_takes_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        addresses.mailbox(address)


PIECES = st.sampled_from(["\r\n", "\n", "\0", " ", '"', "\\", "<", ">", "@", ".", "..", "a", "jp"])


@given(st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join))
def test_no_address_can_end_a_command(address: str) -> None:
    try:
        wire = addresses.mailbox(address)
    except ValueError:
        return

    assert not re.search(rb"[\0-\x1f\x7f]", wire)
    assert not re.search(rb"[<> ]", re.sub(rb'"(?:[^"\\]|\\.)*"', b"", wire))
