"""Whatever characters a value has: none adds a line to a message, and a text loses none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.channels import Outgoing, SendError
from denrei.channels.smtp.extensions import Extensions
from denrei.domain.failures import Reason
from denrei.domain.states import Phase
from tests.channels.smtp.letters import ALL, HEADERS, NONE, content, letter, text
from tests.channels.smtp.relay import outgoing


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (outgoing(address="taro@example.jp\r\nRSET"), Reason.BAD_ADDRESS),
        (outgoing(correlation="c\r\nX: y"), Reason.CONTENT),
        (outgoing(correlation="C"), Reason.CONTENT),
        (outgoing(return_token="t>\r\nRSET"), Reason.CONTENT),
        (outgoing(url="http://a/\r\n.\r\n"), Reason.CONTENT),
        (outgoing(url="http://a/ b"), Reason.CONTENT),
        (outgoing(url="http://日本/"), Reason.CONTENT),
        (outgoing(content=content(subject="a\nBcc: x@example.jp")), Reason.CONTENT),
        (outgoing(content=content(subject="a\0")), Reason.CONTENT),
        (outgoing(content=content(body="\ud800")), Reason.CONTENT),
        (outgoing(content=content(sender_name="a\rb")), Reason.CONTENT),
        (outgoing(content=content(sender_address="a\n@b.jp")), Reason.CONTENT),
        (outgoing(content=content(reply_to="a\n@b.jp")), Reason.CONTENT),
    ],
)
def test_a_part_that_could_add_a_line_is_refused(message: Outgoing, reason: Reason) -> None:
    with pytest.raises(SendError) as refused:
        letter(message)

    error = refused.value
    assert (reason, False, Phase.UNSENT) == (error.reason, error.retryable, error.phase)


NASTY = st.sampled_from(
    [
        "\r\n",
        "\n",
        "\r",
        "\0",
        "\x1b",
        "\x85",
        "\u2028",
        ".",
        "\r\n.\r\n",
        "Bcc: x@y.jp",
        "<",
        ">",
        "@",
        '"',
        " ",
        "%",
        "%b",
        "{{url}}",
        "=?",
        "あ",
        "ｶﾞ",
        "a",
        "\ud83d",
    ]
)
ANY = st.lists(NASTY | st.text(max_size=3), max_size=8).map("".join)


@given(
    address=ANY.map(lambda part: f"{part}@example.jp") | ANY,
    url=ANY,
    correlation=ANY | st.just("c"),
    return_token=ANY | st.just("t"),
    subject=ANY,
    body=ANY,
    name=ANY,
    offered=st.sampled_from([ALL, NONE]),
)
def test_no_value_adds_a_line_to_envelope_or_headers(
    address: str,
    url: str,
    correlation: str,
    return_token: str,
    subject: str,
    body: str,
    name: str,
    offered: Extensions,
) -> None:
    message = outgoing(
        address=address,
        url=url,
        correlation=correlation,
        return_token=return_token,
        content=content(subject=subject, body=body, sender_name=name),
    )
    try:
        mail, rcpt, data = letter(message, offered)
    except SendError:
        return

    assert re.fullmatch(rb"MAIL FROM:<[^\0-\x1f\x7f]+\r\n", mail)
    assert re.fullmatch(rb"RCPT TO:<[^\0-\x1f\x7f]+\r\n", rcpt)
    assert data.index(b"\r\n.\r\n") == len(data) - 5
    head = data[: data.index(b"\r\n\r\n")]
    fields = [line for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert HEADERS == [field.split(b":")[0].decode() for field in fields]
    assert not re.search(rb"[\0-\x09\x0b\x0c\x0e-\x1f\x7f]", head)


@given(body=ANY, url=st.sampled_from(["", ".", "http://a/", "http://a/?b=c%d"]))
def test_no_character_of_a_text_is_lost(body: str, url: str) -> None:
    if "\ud83d" in body:
        return
    data = letter(outgoing(url=url, content=content(body=body))).data
    expected = re.sub("\r\n?", "\n", body)
    expected = expected if expected.endswith("\n") else expected + "\n"

    assert expected.replace("{{url}}", url) == text(data)
