"""Signatures as an independent verifier (dkimpy) judges them, after what the wire does to a message."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime

import dkim as verifier
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from denrei.channels import Outgoing, Secret
from denrei.channels.smtp import dkim
from denrei.channels.smtp.dkim import Signer
from tests.channels.smtp.letters import ALL, NONE, content, letter, lines
from tests.channels.smtp.relay import outgoing

#: Of this test alone: made anew for each run.
KEYS = {algorithm: dkim.new_key(algorithm) for algorithm in ("rsa", "ed25519")}
DOMAIN, SELECTOR = "city.example.jp", "denrei"
URL = "https://anpi.example.jp/a/7?x=1.2.3"
BODY = "震度6弱です。\n\n{{url}}\n回答してください。  \n\n\n"


def signing(algorithm: str = "ed25519", **settings: object) -> dict[str, object]:
    """Return settings of a gateway that signs."""
    key = Secret(KEYS[algorithm])
    return {"dkim_selector": SELECTOR, "dkim_key": key, "dkim_domain": DOMAIN, **settings}


def received(data: bytes) -> bytes:
    """Return the message as the last server keeps it."""
    return b"\r\n".join(lines(data)) + b"\r\n"


def is_genuine(message: bytes, algorithm: str = "ed25519") -> bool:
    """Tell what the verifier says, with the record that we tell an office to publish."""

    def texts(name: bytes, timeout: int = 5) -> bytes:
        assert f"{SELECTOR}._domainkey.{DOMAIN}.".encode() == name
        return dkim.record(dkim.read_key(KEYS[algorithm])).encode()

    return bool(verifier.verify(message, dnsfunc=texts))


def field(message: bytes) -> str:
    """Return the signature's field, unfolded."""
    return re.sub(rb"\r\n ", b" ", message.split(b"\r\nFrom:")[0]).decode()


@pytest.mark.spec("OPS-6")
@pytest.mark.parametrize("algorithm", KEYS)
@pytest.mark.parametrize("offered", [ALL, NONE], ids=["all", "none"])
@pytest.mark.parametrize(
    ("body", "settings"),
    [
        pytest.param(BODY, {}, id="a-url-for-each-person"),
        pytest.param("text\n", {}, id="the-same-for-all"),
        pytest.param("\n\n", {}, id="nothing"),
        pytest.param("a \t b\t\n.\n..\n.{{url}}\n{{url}}\n", {}, id="dots-and-spaces"),
        pytest.param(BODY, {"encoding": "iso-2022-jp"}, id="iso-2022-jp"),
        pytest.param("長" * 400 + "{{url}}", {}, id="a-long-line"),
        pytest.param("100%b %s {{url}} 50%\n", {"sender_name": "50%b"}, id="percent-signs"),
        pytest.param(BODY, {"reply_to": ""}, id="no-reply-to"),
    ],
)
def test_a_verifier_finds_the_signature_genuine(
    algorithm: str, offered: object, body: str, settings: dict[str, object]
) -> None:
    message = outgoing(7, url=URL, content=content(body=body, subject="【緊急】安否確認" * 9))
    signed = letter(message, offered, **signing(algorithm, **settings))  # type: ignore[arg-type]

    assert is_genuine(received(signed.data), algorithm)
    assert max(map(len, signed.data.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("address", ['"a  b"@example.jp', "a..b@docomo.ne.jp", "太郎@example.jp"])
def test_an_odd_recipient_is_signed_as_it_stands(address: str) -> None:
    assert is_genuine(received(letter(outgoing(address=address), **signing()).data))


def test_nothing_in_place_of_the_url_is_signed_too() -> None:
    message = outgoing(url="", content=content(body="開く  {{url}}\n\n{{url}}\n"))

    assert is_genuine(received(letter(message, **signing()).data))


def test_bytes_above_127_are_signed_where_a_template_has_them() -> None:
    head = b"From: a@city.example.jp\r\nTo: %b\r\nMessage-ID: <%b@x>\r\nSubject: a\r\n  b\r\n"
    segments = ("\r\n震度 ".encode(), "  \r\n回答\r\n".encode())
    signer = Signer(domain=DOMAIN, selector=SELECTOR, key=dkim.read_key(KEYS["rsa"]))
    seal = signer.prepare(head, segments, datetime(2026, 11, 29, tzinfo=UTC))
    whole = head % (b"t@example.jp", b"c1") + URL.encode().join(segments)

    assert is_genuine(seal.field(b"t@example.jp", b"c1", URL.encode()) + whole, "rsa")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"From: ", b"From: x@example.com\r\nFrom: "),
        (b"\r\nTo: person", b"\r\nTo: other"),
        (b"\r\nSubject: ", b"\r\nSubject: x"),
        (b"\r\nReply-To: ", b"\r\nReply-To: x"),
        (b"\r\nMessage-ID: <c", b"\r\nMessage-ID: <d"),
        (b"anpi.example.jp", b"anpi.example.com"),
    ],
)
def test_what_is_changed_on_the_way_is_noticed(old: bytes, new: bytes) -> None:
    message = received(letter(outgoing(url=URL, content=content(body=BODY)), **signing()).data)
    assert old in message

    assert not is_genuine(message.replace(old, new, 1))


def test_servers_may_fold_and_add_what_a_relaxed_signature_allows() -> None:
    message = received(letter(outgoing(content=content(body=BODY)), **signing()).data)
    changed = b"Received: by relay\r\n" + message.replace(b"\r\nTo: ", b"\r\nTO:\r\n\t ", 1)

    assert is_genuine(changed + b"\r\n\r\n")


def test_the_field_says_who_signed_what_and_when() -> None:
    message = outgoing(content=content())
    said = field(letter(message, **signing("rsa", dkim_domain="")).data)

    assert "a=rsa-sha256; c=relaxed/relaxed; d=city.example.jp; s=denrei; t=1795326900;" in said
    names = re.sub(r"\s", "", said.partition("h=")[2].partition(";")[0]).split(":")
    assert ["From", "To", "Subject", "Date", "Message-ID", "Reply-To"] == names[:6]
    assert {"Auto-Submitted", "MIME-Version", "Content-Type"} < set(names)
    assert 2 == names.count("From")


def test_what_is_signed_needs_no_server_that_takes_bytes_above_127() -> None:
    signed = letter(outgoing(content=content(body=BODY)), ALL, **signing())

    assert signed.data.isascii()
    assert b"BODY=8BITMIME" not in signed.mail


@given(
    body=st.lists(
        st.sampled_from([" ", "  ", "\t", "\n", "{{url}}", ".", "あ", "a", "=", "\r", "%b"]),
        max_size=12,
    ).map("".join),
    url=st.sampled_from(["", ".", URL]),
    offered=st.sampled_from([ALL, NONE]),
)
def test_every_body_is_signed_as_it_arrives(body: str, url: str, offered: object) -> None:
    message: Outgoing = outgoing(url=url, content=content(body=body))

    assert is_genuine(received(letter(message, offered, **signing()).data))  # type: ignore[arg-type]


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_record_holds_the_key_in_strings_that_fit(algorithm: str) -> None:
    key = dkim.read_key(KEYS[algorithm])
    text = dkim.record(key)

    assert text.startswith(f"v=DKIM1; k={algorithm}; p=")
    assert text == "".join(dkim.strings(text))
    assert max(map(len, dkim.strings(text))) <= 255
    assert dkim.public_part(key) == dkim.published(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v=DKIM1; p=", b""),
        ("k=rsa;p=YQ = =", b"a"),
        ("v=DKIM1; k=rsa", None),
        ("v=DKIM2; p=YQ==", None),
        ("v=DKIM1; p=!", None),
        ("v=spf1 -all", None),
        ("", None),
    ],
)
def test_a_record_is_read_as_receivers_do(text: str, expected: bytes | None) -> None:
    assert expected == dkim.published(text)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, password: bytes = b"") -> str:
    """Return a private key as PEM, encrypted where there is a password."""
    encryption: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, encryption).decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("hidden", "読み取れません", id="none"),
        pytest.param(b64encode(b"hidden").decode(), "読み取れません", id="no-pem"),
        pytest.param(
            pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
            "2048",
            id="too-short",
        ),
        pytest.param(pem(ec.generate_private_key(ec.SECP256R1())), "RSA", id="of-no-use"),
        pytest.param(
            pem(ec.generate_private_key(ec.SECP256R1()), b"hidden"), "パスフレーズ", id="encrypted"
        ),
    ],
)
def test_a_key_that_cannot_sign_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        dkim.read_key(text)

    assert text not in str(refused.value)
