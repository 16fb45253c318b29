"""Message id, subject and addresses are read from any encoding that a mail comes in."""

from __future__ import annotations

import base64
import quopri
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.project.demo import letters

URL = "https://denrei.example/r/Ab-9_x?k=1"
TEXT = f"回答はこちら：{URL}\r\nよろしくお願いします。\r\n"


def mail(body: bytes, *headers: str) -> bytes:
    """Return a message as it comes over the wire."""
    head = "".join(line + "\r\n" for line in ("Message-ID: <7@d.example>", *headers))
    return head.encode() + b"\r\n" + body


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(mail(TEXT.encode()), id="UTF-8, 8bit"),
        pytest.param(mail(f"こちら{URL}から".encode()), id="UTF-8 right behind"),
        pytest.param(mail(f"こちら{URL}から".encode("iso-2022-jp")), id="ISO-2022-JP"),
        pytest.param(
            mail(base64.encodebytes(TEXT.encode()), "Content-Transfer-Encoding: base64"),
            id="base64",
        ),
        pytest.param(
            mail(quopri.encodestring(TEXT.encode()), "content-transfer-encoding: Quoted-Printable"),
            id="quoted-printable",
        ),
        pytest.param(mail(f"({URL}).\r\n..dot\r\n".encode()).replace(b"(", b" "), id="punctuation"),
    ],
)
def test_the_address_is_found(raw: bytes) -> None:
    letter = letters.read(raw)

    assert (letter.message_id, letter.urls) == ("7@d.example", (URL,))


def test_the_address_is_found_in_a_part_of_many() -> None:
    message = MIMEMultipart("alternative")
    message.attach(MIMEText(TEXT, "plain", "utf-8"))
    message.attach(MIMEText("<p>x</p>", "html", "utf-8"))

    raw = message.as_bytes().replace(b"\n", b"\r\n")

    assert letters.read(raw).urls == (URL,)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Subject: plain", "plain"),
        ("SUBJECT: =?UTF-8?B?44CQ6KiT57e044CR5Zyw6ZyH?=", "【訓練】地震"),
        ("Subject: =?ISO-2022-JP?B?GyRCQ09MTBsoQg==?=\r\n =?UTF-8?B?44GC?=", "地面あ"),
        ("Subject: folded\r\n line", "folded line"),
        ("Subject: =?x-unknown?B?AAAA?=", "=?x-unknown?B?AAAA?="),
        ("X-Subject: no", ""),
        ("Subject: 地震", "地震"),
    ],
)
def test_the_subject_is_decoded(header: str, expected: str) -> None:
    assert letters.read(mail(b"x", header)).subject == expected


def test_a_doubled_dot_is_single_again() -> None:
    assert letters.read(mail(b"..https://a.example/x\r\n")).urls == ("https://a.example/x",)
    assert letters.read(mail(b"https://a.example/\r\n..x")).urls == ("https://a.example/",)


@given(st.binary(max_size=400), st.sampled_from(["7bit", "base64", "quoted-printable"]))
def test_any_bytes_are_a_letter(body: bytes, encoding: str) -> None:
    letters.read(mail(body, f"Content-Transfer-Encoding: {encoding}"))
    letters.read(body)


def test_a_person_reads_the_plain_text_whatever_it_is_packed_in() -> None:
    body = base64.encodebytes(TEXT.encode()).replace(b"\n", b"\r\n")
    headers = (
        "From: =?utf-8?b?5rGQ6KaL5Y6f5biC?= <a@b.example>",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
    )

    words = letters.words(mail(body, *headers))

    assert "汐見原市 <a@b.example>" == words.author
    assert TEXT.replace("\r\n", "\n").strip() == words.text


def test_a_doubled_dot_is_read_as_one_and_a_long_text_is_cut() -> None:
    assert ".a" == letters.words(mail(b"..a\r\n")).text
    assert 4000 == len(letters.words(mail(b"x" * 9000)).text)
