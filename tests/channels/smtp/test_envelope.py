"""Envelopes: who sends and who receives, with what the server offered and no more."""

from __future__ import annotations

import pytest

from denrei.channels import SendError
from denrei.channels.smtp import Smtp
from denrei.domain.failures import Reason
from denrei.domain.states import Phase
from tests.channels.smtp.letters import NONE, letter
from tests.channels.smtp.relay import outgoing, smtp


def test_the_envelope_names_the_delivery() -> None:
    message = outgoing(correlation="d-12.a", return_token="r-34", address="a+b@example.jp")
    mail, rcpt, _ = letter(message)

    assert b"MAIL FROM:<b+r-34@bounce.example.jp> BODY=8BITMIME RET=HDRS ENVID=d-12.a\r\n" == mail
    assert (
        b"RCPT TO:<a+b@example.jp> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb@example.jp\r\n" == rcpt
    )


def test_nothing_is_asked_of_a_server_that_did_not_offer_it() -> None:
    mail, rcpt, _ = letter(outgoing(), NONE)

    assert b"MAIL FROM:<b+t1@bounce.example.jp>\r\n" == mail
    assert b"RCPT TO:<person1@example.jp>\r\n" == rcpt


def test_a_gateway_without_return_path_uses_its_own_address() -> None:
    assert isinstance(smtp(25), Smtp)
    assert (
        b"MAIL FROM:<kiki@city.example.jp>\r\n"
        == letter(outgoing(), NONE, return_path_domain="").mail
    )


def test_a_return_token_with_dots_at_the_end_is_quoted() -> None:
    assert (
        b'MAIL FROM:<"b+a..b"@bounce.example.jp>\r\n'
        == letter(outgoing(return_token="a..b"), NONE).mail
    )


def test_a_legacy_address_is_quoted_wherever_it_stands() -> None:
    composed = letter(outgoing(address="a..b@docomo.ne.jp"), NONE)

    assert b'RCPT TO:<"a..b"@docomo.ne.jp>\r\n' == composed.rcpt
    assert b'\r\nTo: "a..b"@docomo.ne.jp\r\n' in composed.data


def test_an_address_in_utf8_needs_a_server_that_takes_it() -> None:
    message = outgoing(address="太郎@example.jp")
    composed = letter(message)

    assert b" SMTPUTF8 " in composed.mail
    assert "RCPT TO:<太郎@example.jp> NOTIFY=FAILURE,DELAY\r\n".encode() == composed.rcpt
    with pytest.raises(SendError) as refused:
        letter(message, NONE)
    assert (Reason.BAD_ADDRESS, Phase.UNSENT) == (refused.value.reason, refused.value.phase)
