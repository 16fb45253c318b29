"""The grammar of SPF records (RFC 7208)."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.project.doctor import spf


@pytest.mark.parametrize(
    "words",
    [
        "",
        "-all",
        "a mx ptr ~all",
        "a:mail.denrei.jp/24//64 mx:denrei.jp/30 ?all",
        "ip4:192.0.2.1 ip4:198.51.100.0/24 ip6:2001:db8::/32 -all",
        "include:_spf.denrei.jp redirect=_spf.denrei.jp",
        "exists:%{i}._spf.denrei.jp exp=why.denrei.jp",
        "IP4:192.0.2.1  MX -ALL",
        "unknown=modifier -all",
    ],
)
def test_records_that_receivers_take(words: str) -> None:
    assert spf.parse(f"v=spf1 {words}") is not None


@pytest.mark.parametrize(
    ("words", "culprit"),
    [
        ("ip4:192.0.2.300", "ip4:192.0.2.300"),
        ("ip4:192.0.2.1/33", "ip4:192.0.2.1/33"),
        ("ip4:192.0.2.0/255.255.255.0", "ip4:192.0.2.0/255.255.255.0"),
        ("ip4 192.0.2.1", "ip4"),
        ("ip4:", "ip4:"),
        ("ip6:192.0.2.1", "ip6:192.0.2.1"),
        ("ip4=192.0.2.1", "ip4=192.0.2.1"),
        ("include", "include"),
        ("all:denrei.jp", "all:denrei.jp"),
        ("mail.denrei.jp", "mail.denrei.jp"),
        ("redirect=a.jp redirect=b.jp", "redirect"),
        (" ".join(f"include:s{n}.jp" for n in range(11)), "10回"),
    ],
)
def test_records_that_receivers_refuse(words: str, culprit: str) -> None:
    with pytest.raises(spf.SpfError, match=culprit.replace("/", "[/]")):
        spf.parse(f"v=spf1 {words} -all")


@pytest.mark.parametrize(
    ("record", "expected"),
    [("v=spf1", True), ("V=SPF1 -all", True), ("v=spf10", False), ("spf1 -all", False)],
)
def test_only_the_version_makes_a_record_spf(record: str, expected: bool) -> None:
    assert expected is spf.is_spf(record)


@given(st.text(alphabet="ip46:amx/.~-+ =%{}0123456789allinclude", max_size=60))
def test_any_text_is_parsed_or_refused(words: str) -> None:
    with suppress(spf.SpfError):
        spf.networks(spf.parse(f"v=spf1 {words}"))
