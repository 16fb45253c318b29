"""Greeting, EHLO, TLS and sign-in: what is required is required, and a failure names its step."""

from __future__ import annotations

import socket
from base64 import b64decode
from pathlib import Path

import pytest

from denrei.channels import Accepted, Secret, SendError
from denrei.domain.failures import Reason
from denrei.domain.states import Phase
from tests.channels.smtp.certificates import Identity, identity
from tests.channels.smtp.relay import Script, Talk, fates, on_both_loops, outgoing, relay, smtp

PASSWORD = "pass word-秘密"
SIGN_IN = {"username": "kiki", "password": Secret(PASSWORD)}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """Return the server's certificate."""
    return identity(tmp_path_factory.mktemp("relay"))


async def first_fate(script: Script, **settings: object) -> Accepted | SendError:
    """Send one message to a server that follows `script`."""
    async with relay(script) as server, smtp(server.port, **settings).open() as sender:
        return (await fates(sender, outgoing()))[0]


async def failure(script: Script, **settings: object) -> tuple[Reason, Phase, str]:
    """Return reason, phase and detail of a message that could not be sent."""
    ended = await first_fate(script, **settings)
    assert isinstance(ended, SendError)
    assert ended.retryable
    return ended.reason, ended.phase, ended.detail


async def cut(talk: Talk) -> None:
    talk.cut()


async def silent(talk: Talk) -> None:
    await talk.gulp()


def saying(*replies: str) -> Script:
    """Return a script that greets with the first and answers each command with the next."""

    async def script(talk: Talk) -> None:
        await talk.say(replies[0])
        for reply in replies[1:]:
            await talk.hear()
            await talk.say(reply)
        await talk.gulp()

    return script


@pytest.mark.spec("MSG-6")
@pytest.mark.parametrize(
    ("script", "settings", "reason", "step"),
    [
        (cut, {}, Reason.CONNECTION, "greeting"),
        (silent, {"greeting_timeout": 0.1}, Reason.TIMEOUT, "greeting"),
        (saying("554 go away"), {}, Reason.GATEWAY, "greeting: 554 go away"),
        (saying("421 too many connections"), {}, Reason.THROTTLED, "greeting: 421"),
        (saying("421 closing"), {}, Reason.CONNECTION, "greeting: 421"),
        (saying("HTTP/1.1 400 Bad Request"), {}, Reason.CONNECTION, "greeting"),
        (saying("220 hi", "550 who are you"), {}, Reason.GATEWAY, "EHLO: 550 who"),
        (saying("220 hi", "502 what", "502 what"), {}, Reason.GATEWAY, "EHLO: 502 what"),
        (saying("220 hi", "250 hi"), {"security": "starttls"}, Reason.GATEWAY, "STARTTLS: not"),
        (
            saying("220 hi", "250-hi\r\n250 STARTTLS", "454 not now"),
            {"security": "starttls"},
            Reason.GATEWAY,
            "STARTTLS: 454 not now",
        ),
        (
            saying("220 hi", "250-hi\r\n250 STARTTLS", "220 go\r\n250 injected"),
            {"security": "starttls"},
            Reason.GATEWAY,
            "TLS: ",
        ),
        (
            saying("220 hi", "250-hi\r\n250 STARTTLS", "220 go", "what is this"),
            {"security": "starttls", "greeting_timeout": 0.5},
            Reason.GATEWAY,
            "TLS: ",
        ),
        (saying("220 hi"), {"security": "tls", "greeting_timeout": 0.5}, Reason.GATEWAY, "TLS: "),
        (saying("220 hi", "250 hi"), SIGN_IN, Reason.GATEWAY, "AUTH: the server offers"),
        (
            saying("220 hi", "250-hi\r\n250 AUTH PLAIN", "535 5.7.8 no"),
            SIGN_IN,
            Reason.GATEWAY,
            "AUTH: 535 5.7.8 no",
        ),
        (
            saying("220 hi", "250-hi\r\n250 AUTH PLAIN", "454 4.7.0 not now"),
            SIGN_IN,
            Reason.GATEWAY,
            "AUTH: 454",
        ),
    ],
)
@on_both_loops
async def test_a_failure_names_its_step_and_sends_nothing(
    script: Script, settings: dict[str, object], reason: Reason, step: str
) -> None:
    found, phase, detail = await failure(script, **settings)

    assert (reason, Phase.UNSENT) == (found, phase)
    assert step == detail[: len(step)]


@on_both_loops
async def test_a_closed_port_is_no_connection() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with smtp(unused.getsockname()[1]).open() as sender:
            [ended] = await fates(sender, outgoing())

    assert isinstance(ended, SendError)
    assert (Reason.CONNECTION, Phase.UNSENT) == (ended.reason, ended.phase)
    assert ended.detail.startswith("connect: ")


@on_both_loops
async def test_a_server_that_only_knows_helo_is_enough() -> None:
    async def script(talk: Talk) -> None:
        await talk.say("220 old")
        await talk.hear()
        await talk.say("500 what")
        await talk.hear()
        await talk.say("250 hello")
        await talk.take_one()

    async with (
        relay(script) as server,
        smtp(server.port, hello_name="denrei.example.jp").open() as sender,
    ):
        [ended] = await fates(sender, outgoing())

        assert isinstance(ended, Accepted)
        assert [b"EHLO denrei.example.jp", b"HELO denrei.example.jp"] == server.heard[:2]


def tls_script(shown: Identity, *offers: str) -> Script:
    """Return a server that upgrades, and offers `offers` only then."""

    async def script(talk: Talk) -> None:
        await talk.greet("STARTTLS", "PIPELINING", "AUTH PLAIN")
        await talk.hear()
        await talk.say("220 go")
        await talk.starttls(shown.context)
        await talk.hear()
        await talk.say("250-relay.test", *(f"250-{offer}" for offer in offers), "250 HELP")
        await talk.take_one()

    return script


@on_both_loops
async def test_starttls_encrypts_and_forgets_what_was_offered_before(shown: Identity) -> None:
    script = tls_script(shown)
    trusted = {"security": "starttls", "ca_file": shown.ca_file}
    async with relay(script) as server, smtp(server.port, **trusted).open() as sender:
        [ended] = await fates(sender, outgoing())

        assert isinstance(ended, Accepted)
        assert [b"EHLO", b"STAR", b"EHLO", b"MAIL"] == [line[:4] for line in server.heard[:4]]


@pytest.mark.parametrize("security", ["starttls", "tls"])
@on_both_loops
async def test_a_certificate_nobody_vouches_for_is_refused(shown: Identity, security: str) -> None:
    context = shown.context if security == "tls" else None
    async with (
        relay(tls_script(shown), context) as server,
        smtp(server.port, security=security).open() as sender,
    ):
        [ended] = await fates(sender, outgoing())

    assert isinstance(ended, SendError)
    assert (Reason.GATEWAY, Phase.UNSENT) == (ended.reason, ended.phase)
    assert ended.detail.startswith("TLS: ")
    assert "CERTIFICATE_VERIFY_FAILED" in ended.detail


@on_both_loops
async def test_a_missing_file_of_certificates_is_the_gateways_fault(
    shown: Identity, tmp_path: Path
) -> None:
    missing = {"security": "starttls", "ca_file": str(tmp_path / "none.pem")}
    reason, phase, detail = await failure(tls_script(shown), **missing)

    assert (Reason.GATEWAY, Phase.UNSENT) == (reason, phase)
    assert detail.startswith("TLS: ")


@on_both_loops
async def test_verification_can_be_switched_off(shown: Identity) -> None:
    ended = await first_fate(tls_script(shown), security="starttls", verify=False)

    assert isinstance(ended, Accepted)


@on_both_loops
async def test_tls_from_the_first_byte(shown: Identity) -> None:
    async def script(talk: Talk) -> None:
        await talk.greet("PIPELINING")
        await talk.take_one()
        await talk.take_one()

    trusted = {"security": "tls", "ca_file": shown.ca_file}
    async with relay(script, shown.context) as server, smtp(server.port, **trusted).open() as it:
        ends = await fates(it, outgoing(1), outgoing(2))

        assert [Accepted, Accepted] == [type(one) for one in ends]


def signing_in(*replies: str) -> Script:
    """Return a script that answers the lines of a sign-in."""

    async def script(talk: Talk) -> None:
        await talk.greet(replies[0])
        for reply in replies[1:]:
            await talk.hear()
            await talk.say(reply)
        await talk.take_one()

    return script


@on_both_loops
async def test_sign_in_by_plain() -> None:
    script = signing_in("AUTH LOGIN PLAIN CRAM-MD5", "235 welcome")
    async with relay(script) as server, smtp(server.port, **SIGN_IN).open() as sender:
        [ended] = await fates(sender, outgoing())

        assert isinstance(ended, Accepted)
        verb, mechanism, token = server.heard[1].split()
        assert (b"AUTH", b"PLAIN") == (verb, mechanism)
        assert f"\0kiki\0{PASSWORD}" == b64decode(token).decode()


@on_both_loops
async def test_sign_in_by_login() -> None:
    script = signing_in("AUTH=LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 welcome")
    async with relay(script) as server, smtp(server.port, **SIGN_IN).open() as sender:
        [ended] = await fates(sender, outgoing())

        assert isinstance(ended, Accepted)
        assert b"AUTH LOGIN" == server.heard[1]
        assert ["kiki", PASSWORD] == [b64decode(line).decode() for line in server.heard[2:4]]


@on_both_loops
async def test_a_password_that_the_server_repeats_is_not_kept() -> None:
    async def script(talk: Talk) -> None:
        await talk.greet("AUTH PLAIN")
        line = await talk.hear()
        await talk.say(f"535 I do not know {line.decode()}")

    reason, _, detail = await failure(script, **SIGN_IN)

    assert Reason.GATEWAY == reason
    assert "AUTH: 535 I do not know AUTH PLAIN ***" == detail
