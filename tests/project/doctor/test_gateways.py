"""The doctor and the gateways: each step of a handshake fails on a real socket."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from denrei.accounts import tenancy
from denrei.channels import Secret
from denrei.channels.simulator import Simulator
from denrei.channels.smtp import Smtp
from denrei.deliveries import gateways as sending
from denrei.deliveries.models import Gateway
from denrei.deliveries.registering import register
from denrei.project.doctor import gateways
from denrei.project.doctor.asking import Connection
from denrei.project.doctor.finding import State
from tests.deliveries.world import SAFE, World
from tests.project.doctor.mailserver import saying

GREETING = "220 mail.example.jp ESMTP"
EHLO = "250-mail.example.jp\r\n250 AUTH PLAIN"
STARTTLS = "250-mail.example.jp\r\n250 STARTTLS"


def smtp(port: int, **changes: Any) -> Smtp:
    """Return a gateway to a server of this test."""
    given: dict[str, Any] = {"security": "none", "greeting_timeout": 5.0}
    return Smtp(host="127.0.0.1", port=port, sender_address="anpi@example.jp", **(given | changes))


@pytest.mark.spec("MSG-6")
@pytest.mark.parametrize(
    ("replies", "changes", "step", "said"),
    [
        (["554 no service"], {}, "最初の応答", "554 no service"),
        (["421 too busy"], {}, "最初の応答", "421 too busy"),
        ([""], {"greeting_timeout": 0.2}, "最初の応答", "no answer in time"),
        (["SSH-2.0-OpenSSH"], {}, "最初の応答", "not a reply"),
        ([GREETING, "550 who are you"], {}, "名乗り（EHLO）", "550 who are you"),
        ([GREETING, EHLO], {"security": "starttls"}, "暗号化の開始（STARTTLS）", "not offered"),
        ([GREETING, STARTTLS, "454 no TLS now"], {"security": "starttls"}, "STARTTLS", "454 no"),
        (
            [GREETING, STARTTLS, "220 go\r\nplain"],
            {"security": "starttls"},
            "暗号化（TLS、証明書）",
            "",
        ),
        ([GREETING], {"security": "tls"}, "暗号化（TLS、証明書）", ""),
        (
            [GREETING, EHLO, "535 5.7.8 wrong"],
            {"username": "anpi", "password": Secret("s3cret")},
            "サインイン（AUTH）",
            "535 5.7.8 wrong",
        ),
        (
            [GREETING, "250 mail.example.jp"],
            {"username": "anpi", "password": Secret("s3cret")},
            "サインイン（AUTH）",
            "neither PLAIN nor LOGIN",
        ),
    ],
    ids=[
        "refused",
        "busy",
        "silent",
        "no-mail-server",
        "name-refused",
        "no-starttls",
        "starttls-refused",
        "broken-tls",
        "plain-on-the-port-of-tls",
        "wrong-password",
        "no-way-to-sign-in",
    ],
)
def test_the_step_that_fails_is_named(
    replies: list[str], changes: dict[str, object], step: str, said: str
) -> None:
    with saying(*replies) as port:
        found = gateways.probed("経路", smtp(port, **changes))

    assert State.FAULT == found.state
    assert step in found.words
    assert said in found.words
    assert found.remedy
    assert "s3cret" not in found.words


@pytest.mark.spec("MSG-6")
def test_a_closed_port_is_a_failed_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    found = gateways.probed("経路", smtp(port))

    assert State.FAULT == found.state
    assert found.words.startswith("接続の段階で失敗しました")


def test_a_mail_server_that_answers_is_in_order(tmp_path: Path) -> None:
    log = tmp_path / "world.jsonl"
    world = subprocess.Popen(
        [sys.executable, "-m", "denrei.project.demo.mailworld", "--log", log],
        stdout=subprocess.PIPE,
    )
    try:
        assert world.stdout is not None
        found = gateways.probed("経路", smtp(json.loads(world.stdout.readline())["port"]))
    finally:
        world.terminate()
        world.communicate(timeout=20)

    assert State.OK == found.state
    assert found.words.endswith("名乗り（EHLO）、差出人（MAIL FROM）に成功しました。")
    assert b"" == log.read_bytes()


def test_a_simulator_is_told_to_reach_nobody() -> None:
    found = gateways.probed("経路", Simulator())

    assert (State.OK, True) == (found.state, "だれにも送りません" in found.words)


def test_an_installation_without_organizations_is_told_what_to_add(
    committed: None, connection: Connection
) -> None:
    found = list(gateways.examine(connection, SAFE))

    assert [State.WARNING] == [finding.state for finding in found]
    assert "denrei organization add" in found[0].remedy


def test_each_organization_without_a_gateway_is_named(
    committed: None, connection: Connection
) -> None:
    served, bare, idle = World.create(), World.create(), World.create()
    served.lane()
    idle.lane()
    with tenancy.acting_for(idle.organization.id):
        Gateway.objects.update(enabled=False)
    found = [
        finding.words
        for finding in gateways.examine(connection, SAFE)
        if finding.state is State.WARNING
    ]

    assert sorted([f"団体 {bare.organization} に", f"団体 {idle.organization} に"]) == sorted(
        words.removesuffix("送信経路がありません。") for words in found
    )


def test_a_gateway_of_the_installation_serves_everybody(
    committed: None, connection: Connection
) -> None:
    world = World.create()
    world.lane()
    World.create()
    connection.execute("UPDATE gateway SET organization_id = NULL")
    found = list(gateways.examine(connection, SAFE))

    assert [State.OK] == [finding.state for finding in found]
    assert "すべての団体" in found[0].title


def test_a_password_of_another_key_is_a_fault(committed: None, connection: Connection) -> None:
    channel = smtp(25, username="anpi", password=Secret("s3cret"))
    register(World.create().organization, channel, sending.vault(["another key" * 4]))
    found = list(gateways.examine(connection, SAFE))

    assert [State.FAULT] == [finding.state for finding in found]
    assert "DENREI_RETIRED_SECRET_KEYS" in found[0].remedy


@pytest.mark.spec("OPS-5")
def test_what_workers_recorded_of_a_gateway_is_told(
    committed: None, connection: Connection
) -> None:
    World.create().lane()
    connection.execute("UPDATE gateway SET trouble = '接続できません', trouble_since = now()")
    found = list(gateways.examine(connection, SAFE))

    assert [State.OK, State.WARNING] == [finding.state for finding in found]
    assert "接続できません" in found[1].words
