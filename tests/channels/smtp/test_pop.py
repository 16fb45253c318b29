"""POP before SMTP: one sign-in for all connections, renewed in time, and no recipient blamed for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from denrei.channels import Accepted, Found, Secret, SendError
from denrei.channels.smtp import Smtp, window
from denrei.channels.smtp.advice import NAMES
from denrei.channels.smtp.steps import Step
from denrei.domain.failures import Reason
from denrei.domain.replies import entry
from denrei.domain.replies.rules import Stage
from denrei.domain.states import Phase
from tests.channels.smtp.certificates import Identity, identity
from tests.channels.smtp.relay import Relay, Script, Talk, fates, on_both_loops, outgoing, relay
from tests.channels.smtp.relay import smtp as _smtp

pytestmark = pytest.mark.spec("MSG-6")
PASSWORD = "pass word-秘密"
DENIED = "554 5.7.1 <x@example.jp>: Relay access denied"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """Return the servers' certificate."""
    return identity(tmp_path_factory.mktemp("pop"))


def smtp(server: Relay, pop: Relay, **changes: object) -> Smtp:
    """Return a gateway to a relay that asks for a sign-in at `pop`."""
    given: dict[str, object] = {
        "pop_host": "127.0.0.1",
        "pop_port": pop.port,
        "pop_security": "none",
        "pop_username": "kiki",
        "pop_password": Secret(PASSWORD),
    }
    return _smtp(server.port, **(given | changes))


def answering(*replies: str) -> Script:
    """Return a POP server that says these, one after each command, and agrees to all that follows."""

    async def script(talk: Talk) -> None:
        await talk.say(replies[0] if replies else "+OK ready")
        for reply in replies[1:]:
            await talk.hear()
            await talk.say(reply)
        while True:
            await talk.hear()
            await talk.say("+OK")

    return script


async def obliging(talk: Talk) -> None:
    """Take every message."""
    await talk.greet("PIPELINING")
    while True:
        await talk.take_one()


def refusing(is_refused: Callable[[bytes], bool], reply: str) -> Script:
    """Return a relay that refuses a RCPT where `is_refused` says so of its line."""

    async def script(talk: Talk) -> None:
        await talk.greet()
        while True:
            line = await talk.hear()
            if line.startswith(b"RCPT") and is_refused(line):
                await talk.say(reply)
            elif line == b"DATA":
                await talk.say("354 go on")
                await talk.text()
                await talk.say("250 2.0.0 queued")
            else:
                await talk.say("250 ok")

    return script


def visits(pop: Relay) -> int:
    """Return how often a password was given."""
    return sum(line.startswith(b"PASS") for line in pop.heard)


@on_both_loops
async def test_all_connections_wait_for_one_sign_in() -> None:
    async with relay(obliging) as server, relay(answering()) as pop:
        async with smtp(server, pop, connections=5).open() as sender:
            ends = await fates(sender, *(outgoing(number) for number in range(100)))

        assert {Accepted} == {type(one) for one in ends}
        assert 5 == len(server.talks)
        assert [b"USER kiki", f"PASS {PASSWORD}".encode(), b"QUIT"] == pop.heard


@on_both_loops
async def test_nobody_signs_in_before_there_is_a_message() -> None:
    async with relay(obliging) as server, relay(answering()) as pop:
        async with smtp(server, pop).open():
            await asyncio.sleep(0.05)

        assert [] == pop.talks


@on_both_loops
async def test_a_connection_that_lives_long_is_let_in_anew() -> None:
    async with relay(obliging) as server, relay(answering()) as pop:
        async with smtp(server, pop, pop_minutes=0.2 / 60).open() as sender:
            for number in range(12):
                assert isinstance((await fates(sender, outgoing(number)))[0], Accepted)
                await asyncio.sleep(0.05)

        assert 1 == len(server.talks)
        assert visits(pop) > 2


@pytest.mark.parametrize(
    ("replies", "reason", "said"),
    [
        (["-ERR go away"], Reason.CONNECTION, "送信前のPOPサーバーの最初の応答: -ERR go away"),
        (
            ["HTTP/1.1 400"],
            Reason.CONNECTION,
            "送信前のPOPサーバーの最初の応答: not a reply of POP3",
        ),
        (["+OK", "-ERR who"], Reason.GATEWAY, "送信前のPOPサインイン: -ERR who"),
        (["+OK", "+OK", "-ERR [AUTH] no"], Reason.GATEWAY, "送信前のPOPサインイン: -ERR [AUTH] no"),
        (
            ["+OK", "+OK", "-ERR [IN-USE] x"],
            Reason.CONNECTION,
            "送信前のPOPサインイン: -ERR [IN-USE]",
        ),
        (
            ["+OK", "+OK", f"-ERR what is {PASSWORD}"],
            Reason.GATEWAY,
            "送信前のPOPサインイン: -ERR what is ***",
        ),
    ],
)
@on_both_loops
async def test_what_waits_is_put_off_and_the_relay_hears_nothing(
    replies: list[str], reason: Reason, said: str
) -> None:
    async with relay(obliging) as server, relay(answering(*replies)) as pop:
        async with smtp(server, pop, connections=3).open() as sender:
            ends = await fates(sender, *(outgoing(number) for number in range(30)))

        assert {(reason, Phase.UNSENT, True)} == {
            (one.reason, one.phase, one.retryable) for one in ends if isinstance(one, SendError)
        }
        assert {said} == {one.detail[: len(said)] for one in ends if isinstance(one, SendError)}
        assert (1, 0) == (len(pop.talks), len(server.talks))


@on_both_loops
async def test_after_a_failed_sign_in_the_next_one_lets_all_go() -> None:
    calls = 0

    async def recovering(talk: Talk) -> None:
        nonlocal calls
        calls += 1
        await answering(*(["-ERR not now"] if calls == 1 else []))(talk)

    async with relay(obliging) as server, relay(recovering) as pop:
        async with smtp(server, pop, connections=2).open(jitter=lambda: 0.0) as sender:
            first = await fates(sender, outgoing(1), outgoing(2))
            second = await fates(sender, outgoing(3), outgoing(4))

        assert {SendError} == {type(one) for one in first}
        assert {Accepted} == {type(one) for one in second}


@on_both_loops
async def test_it_can_be_closed_in_the_middle_of_a_sign_in() -> None:
    came = asyncio.Event()

    async def silent(talk: Talk) -> None:
        came.set()
        await talk.gulp()

    async with relay(obliging) as server, relay(silent) as pop:
        async with smtp(server, pop).open() as sender:
            waiting = asyncio.ensure_future(fates(sender, outgoing()))
            await came.wait()
        [ended] = await waiting

        assert isinstance(ended, SendError)
        assert Phase.UNSENT == ended.phase


@pytest.mark.parametrize("security", ["starttls", "tls"])
@on_both_loops
async def test_the_password_goes_encrypted(shown: Identity, security: str) -> None:
    async def script(talk: Talk) -> None:
        await talk.say("+OK ready")
        if security == "starttls":
            await talk.hear()
            await talk.say("+OK begin")
            await talk.starttls(shown.context)
        while True:
            await talk.hear()
            await talk.say("+OK")

    context = shown.context if security == "tls" else None
    async with relay(obliging) as server, relay(script, context) as pop:
        trusted = smtp(server, pop, pop_security=security, ca_file=shown.ca_file)
        async with trusted.open() as sender:
            [ended] = await fates(sender, outgoing())
        async with smtp(server, pop, pop_security=security).open() as sender:
            [strange] = await fates(sender, outgoing())

        assert isinstance(ended, Accepted)
        assert isinstance(strange, SendError)
        assert (Reason.GATEWAY, Phase.UNSENT) == (strange.reason, strange.phase)
        assert 1 == visits(pop)


@pytest.mark.parametrize("address", ["p@example.jp", "p@ezweb.ne.jp", "p@docomo.ne.jp"])
@pytest.mark.parametrize("reply", [DENIED, "450 4.7.1 Access denied", "530 POP before SMTP"])
@on_both_loops
async def test_a_relay_that_forgot_us_is_signed_in_at_once_more(
    monkeypatch: pytest.MonkeyPatch, reply: str, address: str
) -> None:
    monkeypatch.setattr(window, "FRESH", 0.0)
    async with relay(answering()) as pop:
        async with (
            relay(refusing(lambda _: visits(pop) < 2, reply)) as server,
            smtp(server, pop, connections=3).open() as sender,
        ):
            ends = await fates(sender, *(outgoing(n, address=address) for n in range(9)))

        assert {Accepted} == {type(one) for one in ends}
        assert 2 <= visits(pop)


@pytest.mark.parametrize("address", ["p@example.jp", "p@ezweb.ne.jp"])
@on_both_loops
async def test_a_relay_that_goes_on_refusing_is_the_gateways_fault(address: str) -> None:
    async with relay(answering()) as pop, relay(refusing(lambda _: True, DENIED)) as server:
        async with smtp(server, pop).open() as sender:
            ends = await fates(sender, *(outgoing(n, address=address) for n in range(5)))

        assert {(Reason.GATEWAY, Phase.ANSWERED, True)} == {
            (one.reason, one.phase, one.retryable) for one in ends if isinstance(one, SendError)
        }
        assert 10 == sum(line.startswith(b"RCPT") for line in server.heard)
        assert 1 == visits(
            pop
        )  # it had just signed in: a flood of refusals is no flood of sign-ins


@on_both_loops
async def test_who_is_taken_back_is_sent_once_though_the_connection_breaks() -> None:
    async def breaking(talk: Talk) -> None:
        await talk.greet()
        await talk.hear()
        await talk.say("250 ok")
        await talk.hear()
        await talk.say(DENIED)
        await talk.hear()  # RSET
        talk.cut()

    calls = 0

    async def first_breaking(talk: Talk) -> None:
        nonlocal calls
        calls += 1
        await (breaking if calls == 1 else obliging)(talk)

    async with relay(answering()) as pop, relay(first_breaking) as server:
        async with smtp(server, pop).open(jitter=lambda: 0.0) as sender:
            [ended] = await fates(sender, outgoing())

        assert isinstance(ended, Accepted)


@pytest.mark.parametrize(
    ("reply", "stage", "refused", "doubtful"),
    [
        (DENIED, Stage.RCPT, True, True),
        ("454 4.7.1 <a@b>: Relay access denied", Stage.RCPT, True, True),
        ("550 5.7.1 Relaying denied. Proper authentication required", Stage.RCPT, True, True),
        ("553 sorry, that domain isn't in my list of allowed rcpthosts", Stage.RCPT, True, True),
        ("550 Please POP before you SMTP", Stage.MAIL, True, True),
        ("530 5.7.0 Must sign on", Stage.MAIL, True, True),
        ("554 5.7.1 <h[192.0.2.1]>: Client host rejected: Access denied", Stage.RCPT, True, True),
        ("550 メールを受信してから送信してください", Stage.RCPT, True, True),
        ("554 5.7.1 <a@b>: Recipient address rejected: Access denied", Stage.RCPT, False, True),
        ("450 4.7.1 try again", Stage.RCPT, False, True),
        ("550 5.1.1 <pop@example.jp>: User unknown", Stage.RCPT, False, False),
        ("550 5.1.1 User unknown", Stage.RCPT, False, False),
        ("552 5.2.2 Mailbox full", Stage.RCPT, False, False),
        ("550 5.7.26 DMARC authentication failed", Stage.FINAL, False, False),
        ("554 Relay access denied", Stage.FINAL, True, True),
    ],
)
def test_which_refusals_are_about_who_sends(
    reply: str, stage: Stage, *, refused: bool, doubtful: bool
) -> None:
    raw = reply.encode()

    assert (refused, doubtful) == (entry.is_refused(raw, stage), entry.is_doubtful(raw, stage))


@on_both_loops
async def test_a_connection_test_names_the_sign_in_and_leaves_the_relay_alone() -> None:
    async with relay(answering("+OK", "+OK", "-ERR no")) as pop, relay(obliging) as server:
        checks = await smtp(server, pop).examine()

        (failed,) = [one for one in checks if one.found is Found.FAILED]
        assert (NAMES[Step.POP_SIGN_IN], "-ERR no") == (failed.name, failed.said)
        assert failed.what
        assert failed.todo
        later = checks[checks.index(failed) + 1 :]
        assert {Found.AHEAD, Found.NEEDLESS} == {one.found for one in later}
        assert [] == server.talks


@on_both_loops
async def test_a_connection_test_that_meets_nothing_wrong_sends_no_mail() -> None:
    async def script(talk: Talk) -> None:
        await talk.greet()
        for _ in range(3):
            await talk.hear()
            await talk.say("250 ok")

    async with relay(script) as server, relay(answering()) as pop:
        checks = await smtp(server, pop).examine()

        assert {Found.DONE, Found.NEEDLESS} == {one.found for one in checks}
        assert [b"EHLO", b"MAIL", b"RSET", b"QUIT"] == [line[:4] for line in server.heard]


@on_both_loops
async def test_a_sender_who_is_refused_is_told() -> None:
    async def script(talk: Talk) -> None:
        await talk.greet()
        await talk.hear()
        await talk.say("553 5.7.1 not your address")

    async with relay(script) as server:
        checks = await _smtp(server.port).examine()

    assert ("差出人（MAIL FROM）", Found.FAILED) == (checks[-1].name, checks[-1].found)
    assert Found.NEEDLESS == checks[0].found


@pytest.mark.parametrize("host", ["nobody.invalid", "a..b", "x" * 64 + ".example"])
@on_both_loops
async def test_a_name_that_nobody_has_fails_at_the_name(host: str) -> None:
    async with relay(obliging) as server, relay(answering()) as pop:
        checks = await smtp(server, pop, host=host, security="starttls").examine()
        async with smtp(server, pop, host=host).open() as sender:
            [ended] = await fates(sender, outgoing())

    assert [NAMES[Step.NAME]] == [one.name for one in checks if one.found is Found.FAILED]
    assert isinstance(ended, SendError)
    assert (Reason.CONNECTION, Phase.UNSENT) == (ended.reason, ended.phase)


@on_both_loops
async def test_a_refusal_that_may_be_about_one_person_does_not_shut_the_others_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window, "FRESH", 0.0)
    is_gone = False

    async def busy(talk: Talk) -> None:
        if is_gone:
            await talk.say("-ERR [LOGIN-DELAY] too soon")
        else:
            await answering()(talk)

    async with (
        relay(refusing(lambda line: b"person1@" in line, "550 5.7.1 Access denied")) as server,
        relay(busy) as pop,
        smtp(server, pop, pop_minutes=10.0).open() as sender,
    ):
        first = await fates(sender, outgoing(0))
        is_gone = True
        after = await fates(sender, *(outgoing(number) for number in (1, 2, 3)))

    assert [Accepted, SendError, Accepted, Accepted] == [type(one) for one in (*first, *after)]
