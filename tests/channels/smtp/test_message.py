"""Messages as bytes: read back by the standard library as they were written."""

from __future__ import annotations

import email
import email.utils
from datetime import UTC, datetime
from email.header import decode_header, make_header

import pytest

from denrei.channels import SendError
from denrei.channels.smtp.extensions import Extensions
from denrei.channels.smtp.message import Composer
from denrei.domain.failures import Reason
from denrei.domain.states import Phase
from tests.channels.smtp.letters import ALL, HEADERS, NONE, content, letter, lines, read, text
from tests.channels.smtp.relay import outgoing, smtp


@pytest.mark.spec("OPS-6")
@pytest.mark.parametrize("encoding", ["utf-8", "iso-2022-jp"])
def test_a_receiver_reads_what_was_written(encoding: str) -> None:
    body = "震度6弱です。\n\n{{url}}\n回答してください。\n"
    message = outgoing(7, content=content(subject="【緊急】安否確認のお願い" * 5, body=body))
    data = letter(message, encoding=encoding).data
    mail = read(data)

    assert HEADERS == mail.keys()
    assert "危機管理室 <kiki@city.example.jp>" == mail["From"]
    assert "person7@example.jp" == mail["To"]
    assert "【緊急】安否確認のお願い" * 5 == mail["Subject"]
    assert "Sun, 22 Nov 2026 05:55:00 +0000" == mail["Date"]
    assert "<c7@city.example.jp>" == mail["Message-ID"]
    assert "answer@city.example.jp" == mail["Reply-To"]
    assert "auto-generated" == mail["Auto-Submitted"]
    assert encoding == mail.get_content_charset()
    assert body.replace("{{url}}", "https://anpi.example.jp/a/7") == text(data)


def test_a_content_has_its_own_sender() -> None:
    own = content(sender_name="第一小学校", sender_address="school1@mail.example.jp")
    composed = letter(outgoing(content=own), return_path_domain="")

    assert "第一小学校 <school1@mail.example.jp>" == read(composed.data)["From"]
    assert composed.mail.startswith(b"MAIL FROM:<school1@mail.example.jp>")


@pytest.mark.parametrize(
    ("offered", "body", "encoding"),
    [
        (ALL, "本文\n", "8bit"),
        (NONE, "本文\n", "quoted-printable"),
        (NONE, "text\n", "7bit"),
        (ALL, "長" * 400, "quoted-printable"),
        (ALL, "{{url}}" + "長" * 332, "quoted-printable"),
        (ALL, "縦\x0bタブ\x00", "quoted-printable"),
    ],
)
def test_the_transfer_encoding_fits_the_server_and_the_lines(
    offered: Extensions, body: str, encoding: str
) -> None:
    composed = letter(outgoing(url="https://x.example/1", content=content(body=body)), offered)
    expected = body.replace("{{url}}", "https://x.example/1").removesuffix("\n") + "\n"

    assert encoding == read(composed.data)["Content-Transfer-Encoding"]
    assert (b"BODY=8BITMIME" in composed.mail) == (encoding == "8bit")
    assert expected == text(composed.data)
    assert max(map(len, lines(composed.data))) <= 998


def test_a_long_url_never_makes_a_line_too_long() -> None:
    url = "https://x.example/" + "=." * 900
    composed = letter(outgoing(url=url, content=content(body="開く {{url}}\n")))

    assert max(map(len, lines(composed.data))) <= 998
    assert f"開く {url}\n" == text(composed.data)


@pytest.mark.parametrize("offered", [ALL, NONE], ids=["8bit", "quoted"])
@pytest.mark.parametrize("url", ["", ".", "..x", "http://a/", "x=."])
@pytest.mark.parametrize(
    "body", ["{{url}}", "{{url}}.", ".{{url}}\n.\n..\n{{url}}{{url}}.x", "あ\n.\n"]
)
def test_dots_are_doubled_also_where_a_url_starts_a_line(
    body: str, url: str, offered: Extensions
) -> None:
    data = letter(outgoing(url=url, content=content(body=body)), offered).data

    assert b"\r\n.\r\n" not in data[:-3]
    assert body.replace("{{url}}", url).removesuffix("\n") + "\n" == text(data)


def test_percent_signs_are_text() -> None:
    odd = content(subject="100%b", body="100%b %s %% {{url}} 50%\n", sender_name="50%b")
    data = letter(outgoing(content=odd, url="http://a/%b"), sender_address="a%b@example.jp").data

    assert "100%b %s %% http://a/%b 50%\n" == text(data)
    assert "100%b" == read(data)["Subject"]


def test_iso_2022_jp_folds_what_only_looks_different() -> None:
    folded = content(subject="ｶﾞｽ～－∥", body="ﾊﾟﾄｶｰ｡ ￥ ﾞ\n".replace("￥", "￡"))
    data = letter(outgoing(content=folded), encoding="iso-2022-jp").data
    mail = read(data)

    assert "iso-2022-jp" == mail.get_content_charset()
    assert "ガス〜−‖" == mail["Subject"]
    assert "パトカー。 £ ゛\n" == text(data)


@pytest.mark.parametrize("lost", ["髙橋", "①", "🚨", "𠮷野家", "\x1b$B"])
def test_what_iso_2022_jp_cannot_carry_makes_the_content_utf8(lost: str) -> None:
    data = letter(outgoing(content=content(body=f"～{lost}\n")), encoding="iso-2022-jp").data

    assert "utf-8" == read(data).get_content_charset()
    assert f"～{lost}\n" == text(data)


def test_line_ends_of_every_kind_are_one() -> None:
    assert "a\nb\nc\nd\n" == text(letter(outgoing(content=content(body="a\r\nb\rc\nd"))).data)


@pytest.mark.parametrize("name", ["日本", 'Kiki, "the" <office>', "=?utf-8?q?x?=", "長い名前" * 20])
def test_a_sender_name_of_any_kind_is_read_back(name: str) -> None:
    data = letter(outgoing(content=content(sender_name=name))).data
    # Not by the policy `default`: it puts spaces between the words of a phrase (CPython 92081).
    field = email.message_from_bytes(data)["From"]
    phrase, address = email.utils.parseaddr(field)

    assert name == str(make_header(decode_header(phrase)))
    assert "kiki@city.example.jp" == address
    assert max(map(len, field.splitlines())) <= 78


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "plain",
        " leading",
        "=?utf-8?q?x?=",
        "a" * 2000,
        "あ" * 500,
        "👨‍👩‍👧‍👦" * 60,
        "a あ" * 99,
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "iso-2022-jp"])
def test_a_subject_of_any_length_is_folded_and_read_back(subject: str, encoding: str) -> None:
    data = letter(outgoing(content=content(subject=subject)), encoding=encoding).data
    header = data[: data.index(b"\r\n\r\n")]

    assert max(map(len, header.split(b"\r\n"))) <= 78
    assert subject == str(read(data)["Subject"])


@pytest.mark.parametrize(
    ("offered", "own", "taken"),
    [(0, 5_000, True), (2_000, 5_000, False), (9_000, 2_000, False), (9_000, 5_000, True)],
)
def test_a_message_above_either_limit_is_not_sent(offered: int, own: int, taken: bool) -> None:
    message = outgoing(content=content(body="text\n" * 500))
    server = Extensions(size=offered)
    if taken:
        assert letter(message, server, size_limit=own).data
        return
    with pytest.raises(SendError) as refused:
        letter(message, server, size_limit=own)

    assert (Reason.TOO_LARGE, Phase.UNSENT) == (refused.value.reason, refused.value.phase)


def test_a_content_is_rendered_once() -> None:
    times = [datetime(2026, 11, 22, hour, tzinfo=UTC) for hour in (1, 2, 3)]
    clock = iter(times)
    composer = Composer(smtp(25), lambda: next(clock))
    dates = [
        read(composer.compose(outgoing(number, content=content(key=key)), ALL).data)[
            "Date"
        ].datetime
        for number, key in ((1, "a"), (2, "a"), (3, "b"), (4, "a"))
    ]

    assert [times[0], times[0], times[1], times[0]] == dates
