"""Mail addresses as people in Japan have them."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from denrei.domain import email_address
from denrei.domain.email_address import Code, EmailAddress, InvalidAddressError

ATEXT = "abcxyzABCXYZ0189!#$%&'*+/=?^_`{|}~.-"
LOCAL = st.text(st.sampled_from(ATEXT), min_size=1, max_size=64)
DOMAIN = st.sampled_from(["docomo.ne.jp", "ezweb.ne.jp", "mail.example.jp", "日本語.jp", "A-1.JP"])


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("taro@example.jp", "taro@example.jp"),
        (" <Taro@Example.JP> ", "Taro@example.jp"),
        ("mailto:taro@example.jp", "taro@example.jp"),
        ("<MAILTO:taro@example.jp>", "taro@example.jp"),
        ("ｔａｒｏ＿１＠ｅｘａｍｐｌｅ．ｊｐ", "taro_1@example.jp"),
        ("\u3000taro@example.jp\u200b\r\n", "taro@example.jp"),
        ("taro@日本語.jp", "taro@xn--wgv71a119e.jp"),
        ("taro@日本語。jp", "taro@xn--wgv71a119e.jp"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ("abc.@ezweb.ne.jp", "abc.@ezweb.ne.jp"),
        ('"abc."@ezweb.ne.jp', "abc.@ezweb.ne.jp"),
        (".abc@docomo.ne.jp", ".abc@docomo.ne.jp"),
        ("-abc@docomo.ne.jp", "-abc@docomo.ne.jp"),
        ("a+b/c=d@example.co.jp", "a+b/c=d@example.co.jp"),
        ("taro@a.b.c.example.museum", "taro@a.b.c.example.museum"),
        (f"{'x' * 64}@example.jp", f"{'x' * 64}@example.jp"),
    ],
)
def test_an_address_is_read_as_people_write_it(raw: str, address: str) -> None:
    domain = address.rpartition("@")[2]

    assert EmailAddress(address=address, key=address.lower(), domain=domain) == email_address.parse(
        raw
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", Code.EMPTY),
        (" \u3000", Code.EMPTY),
        ("<>", Code.EMPTY),
        ("taro\x00@example.jp", Code.CONTROL),
        ("taro@example.jp\x1b", Code.CONTROL),
        ("ta ro@example.jp", Code.SPACE),
        ("taro@example.jp\nBcc: hanako", Code.SPACE),
        ("taro@example.jp\r\nBcc: x@example.jp", Code.MANY_AT),
        ("taro.example.jp", Code.NO_AT),
        ("taro@hanako@example.jp", Code.MANY_AT),
        ("@example.jp", Code.NO_LOCAL),
        ('""@example.jp', Code.NO_LOCAL),
        ("山田@example.jp", Code.LOCAL_CHARACTERS),
        ("taro,@example.jp", Code.LOCAL_CHARACTERS),
        ("(taro)@example.jp", Code.LOCAL_CHARACTERS),
        ('"@example.jp', Code.LOCAL_CHARACTERS),
        (f"{'x' * 65}@example.jp", Code.LOCAL_LONG),
        ("taro@", Code.NO_DOMAIN),
        ("taro@localhost", Code.NO_DOT),
        ("taro@example..jp", Code.DOMAIN),
        ("taro@example.jp.", Code.DOMAIN),
        ("taro@.example.jp", Code.DOMAIN),
        ("taro@-example.jp", Code.DOMAIN),
        ("taro@example-.jp", Code.DOMAIN),
        ("taro@exam_ple.jp", Code.DOMAIN),
        ("taro@192.168.0.1", Code.DOMAIN),
        ("taro@[192.168.0.1]", Code.DOMAIN),
        (f"taro@{'a' * 64}.jp", Code.DOMAIN),
        (f"taro@{'a.' * 130}jp", Code.LONG),
        (f"taro@{'a.' * 124}jp", Code.LONG),
        (f"taro@{'あ' * 10_000}.jp", Code.LONG),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason(raw: str, code: Code) -> None:
    with pytest.raises(InvalidAddressError) as refused:
        email_address.parse(raw)

    assert code == refused.value.code
    assert email_address.MESSAGES[code] == str(refused.value)


def test_every_reason_tells_people_what_to_do() -> None:
    assert set(Code) == set(email_address.MESSAGES)
    assert all(
        re.search("(ください。|例：.+)$", words) for words in email_address.MESSAGES.values()
    )


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("taro@example.jp", "taro@example.jp"),
        ("-a@docomo.ne.jp", "-a@docomo.ne.jp"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("abc.@ezweb.ne.jp", '"abc."@ezweb.ne.jp'),
        (".abc@docomo.ne.jp", '".abc"@docomo.ne.jp'),
        ('a"b\\c@example.jp', '"a\\"b\\\\c"@example.jp'),
    ],
)
def test_a_local_part_that_is_no_dot_atom_is_quoted_on_the_wire(address: str, wire: str) -> None:
    assert wire == email_address.on_the_wire(address)


@given(LOCAL, DOMAIN)
def test_every_local_part_of_plain_characters_is_taken_and_read_again(
    local: str, domain: str
) -> None:
    assume("mailto:" not in local)
    parsed = email_address.parse(f"{local}@{domain}")

    assert f"{local}@{parsed.domain}" == parsed.address
    assert parsed == email_address.parse(parsed.address)
    assert parsed == email_address.parse(email_address.on_the_wire(parsed.address))
    assert parsed.key == email_address.parse(parsed.address.upper()).key


@given(st.text() | st.text(st.sampled_from('a.@"\\<>:\u3000＠。-日\n\x00')))
def test_any_text_is_read_or_refused_by_its_code(raw: str) -> None:
    try:
        parsed = email_address.parse(raw)
    except InvalidAddressError:
        return

    assert parsed.address.isascii()
    assert parsed.address.isprintable()
    assert len(email_address.on_the_wire(parsed.address)) <= email_address.MAX_ADDRESS
