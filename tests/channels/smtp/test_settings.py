"""A configuration that can't work is refused with a sentence that says what to do."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from denrei import channels
from denrei.channels import Callback, Secret
from denrei.channels.smtp import Smtp, dkim
from denrei.channels.smtp.settings import LONGEST_WAITS, is_loopback
from denrei.domain.states import Medium
from tests.channels.smtp.relay import smtp

KEY = dkim.new_key("ed25519")
SIGN_IN = {"username": "kiki", "password": Secret("hidden")}
POP = {"pop_host": "127.0.0.1", "pop_username": "kiki", "pop_password": Secret("hidden")}


def test_it_is_a_channel_of_mail() -> None:
    channel: channels.Channel = smtp(25)
    callback = Callback(method="POST", path="/", query={}, headers={}, body=b"")

    assert ("smtp", Medium.MAIL) == (channel.kind, channel.medium)
    assert () == channel.outcomes(callback)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"host": ""},
        {"host": "relay\r\n.example.jp"},
        {"port": 0},
        {"port": 65_536},
        {"security": "ssl"},
        {"encoding": "shift_jis"},
        {"connections": 0},
        {"size_limit": 0},
        {"sender_address": ""},
        {"sender_address": "kiki"},
        {"sender_address": "kiki@example.jp\r\nBcc: x@example.jp"},
        {"sender_address": "危機@example.jp"},
        {"sender_name": "危機\n管理室"},
        {"reply_to": "a b@example.jp"},
        {"hello_name": "my host"},
        {"return_path_domain": "bounce@example.jp"},
        {"message_id_domain": "example.jp>"},
        {"username": "kiki"},
        {"password": Secret("hidden")},
        {"username": "ki\0ki", "password": Secret("hidden")},
        {"host": "relay.example.jp", **SIGN_IN},
        {**POP, "pop_host": ""},
        {**POP, "pop_host": "pop.example.jp\r\nQUIT"},
        {**POP, "pop_port": 0},
        {**POP, "pop_security": "stls"},
        {**POP, "pop_username": ""},
        {**POP, "pop_password": Secret("")},
        {**POP, "pop_username": "kiki\r\nDELE 1"},
        {**POP, "pop_password": Secret("hidden\nDELE 1")},
        {**POP, "pop_minutes": 0},
        {**POP, "pop_minutes": 1441},
        {**POP, "pop_host": "pop.example.jp", "pop_security": "none"},
        {"dkim_selector": "denrei"},
        {"dkim_key": Secret(KEY)},
        {"dkim_domain": "example.jp"},
        {"dkim_selector": "denrei", "dkim_key": Secret("hidden")},
        {"dkim_selector": "den rei", "dkim_key": Secret(KEY)},
        {"dkim_selector": "denrei", "dkim_key": Secret(KEY), "dkim_domain": "a@example.jp"},
        *({name: 0} for name in LONGEST_WAITS),
        *({name: most + 1} for name, most in LONGEST_WAITS.items()),
    ],
    ids=repr,
)
def test_nonsense_is_refused_in_japanese(nonsense: dict[str, object]) -> None:
    with pytest.raises(
        ValueError, match=r"^[^A-Za-z]*.*(ください|使えません|送れません).*。$"
    ) as refused:
        smtp(25, **nonsense)

    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    "sense",
    [
        {"host": "relay.example.jp", "security": "starttls", **SIGN_IN},
        {"host": "localhost", "security": "none", **SIGN_IN},
        {"sender_address": "a..b@docomo.ne.jp"},
        {"return_path_domain": ""},
        {"final_timeout": 600},
    ],
    ids=repr,
)
def test_what_makes_sense_is_taken(sense: dict[str, object]) -> None:
    assert (
        sense.items()
        <= {
            field.name: getattr(smtp(25, **sense), field.name) for field in dataclasses.fields(Smtp)
        }.items()
    )


def test_a_secret_is_never_shown() -> None:
    assert "hidden" not in repr(smtp(25, **SIGN_IN))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("LOCALHOST", True),
        ("localhost.example.jp", False),
        ("192.0.2.1", False),
    ],
)
def test_only_this_machine_is_this_machine(host: str, expected: bool) -> None:
    assert expected == is_loopback(host)


def test_the_channel_knows_no_other_channel() -> None:
    folder = Path(channels.__file__).parent
    others = {path.stem for path in folder.iterdir() if path.stem not in {"smtp", "__init__"}}
    source = "".join(path.read_text("utf-8") for path in (folder / "smtp").glob("*.py"))

    assert not [one for one in others if f"channels.{one}" in source]
