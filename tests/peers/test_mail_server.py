"""A mail server that wants encryption and a sign-in: Debian's postfix, asking dovecot who may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from denrei.channels import Found, Secret
from denrei.channels.smtp import Smtp
from denrei.deliveries import direct, gateways
from denrei.deliveries.models import Gateway
from tests.channels.smtp.relay import CONTENT
from tests.deliveries.world import SAFE, wait_for
from tests.peers import dovecot, postfix
from tests.peers.receiving import received, receiving

pytestmark = [
    pytest.mark.peers,
    pytest.mark.spec("MSG-6"),
    pytest.mark.skipif(bool(postfix.why_not()), reason=postfix.why_not()),
    pytest.mark.skipif(bool(dovecot.why_not()), reason=dovecot.why_not()),
]
WRAPPED = "smtpd_tls_wrappermode = yes"


@contextmanager
def server(log: Path, *settings: str) -> Iterator[tuple[int, str]]:
    """Run a relay for those who sign in; yield its port and the certificate to trust."""
    with ExitStack() as stack:
        port = stack.enter_context(receiving(log))
        who = stack.enter_context(dovecot.dovecot())
        lines = [
            "mynetworks = 192.0.2.0/24",
            "smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination",
            "smtpd_sasl_auth_enable = yes",
            "smtpd_sasl_type = dovecot",
            f"smtpd_sasl_path = inet:127.0.0.1:{who.auth}",
            "smtpd_tls_auth_only = yes",
            "smtpd_tls_security_level = may",
            f"smtpd_tls_cert_file = {who.folder}/cert.pem",
            f"smtpd_tls_key_file = {who.folder}/key.pem",
        ]
        relay = stack.enter_context(postfix.relay(port, *lines, *settings))
        yield relay, who.certificate


def smtp(port: int, **changes: Any) -> Smtp:
    """Return the settings of a gateway to it."""
    given: dict[str, Any] = {
        "host": "localhost",
        "port": port,
        "sender_address": "bousai@city.example",
        "username": dovecot.USER,
        "password": Secret(dovecot.PASSWORD),
    }
    return Smtp(**(given | changes))


@pytest.mark.parametrize(("security", "settings"), [("starttls", []), ("tls", [WRAPPED])])
def test_a_mail_goes_out_encrypted_and_signed_in(
    tmp_path: Path, security: str, settings: list[str]
) -> None:
    log = tmp_path / "mail.jsonl"
    with server(log, *settings) as (port, certificate):
        channel = smtp(port, security=security, ca_file=certificate)
        checks = gateways.examine(channel)
        way = Gateway(kind=channel.kind, name="庁内", settings=gateways.to_settings(channel, SAFE))
        [handed] = direct.hand_over([way], [direct.message("p@example.jp", CONTENT, "c1", "t1")])

        assert handed.accepted, handed
        wait_for(lambda: {"p@example.jp": 1} == received(log), seconds=30)

    needless = {"POPサインイン（POP before SMTP）"}
    needless |= {"暗号化の開始（STARTTLS）"} if security == "tls" else set()
    assert needless == {one.name for one in checks if one.found is Found.NEEDLESS}
    assert {Found.DONE, Found.NEEDLESS} == {one.found for one in checks}
    (cipher,) = [one.said for one in checks if one.name == "暗号化（TLS、証明書）"]
    assert cipher.startswith("TLSv1.")


@pytest.mark.parametrize(
    ("changes", "step", "what"),
    [
        ({"password": Secret("wrong")}, "サインイン（AUTH）", "サインインを断りました"),
        ({"ca_file": ""}, "暗号化（TLS、証明書）", "信頼されていません"),
        ({"host": "127.0.0.1"}, "暗号化（TLS、証明書）", "ホストの名前のものではありません"),
        ({"security": "tls"}, "暗号化（TLS、証明書）", "暗号化を始められません"),
        (
            {"security": "none"},
            "サインイン（AUTH）",
            "使えるサインインの方式がありません",
        ),
        ({"ca_file": "/nowhere.pem"}, "暗号化（TLS、証明書）", "ファイルを読めません"),
    ],
    ids=["password", "issuer", "name", "port", "plain", "file"],
)
def test_what_is_set_wrong_is_named(
    tmp_path: Path, changes: dict[str, Any], step: str, what: str
) -> None:
    with server(tmp_path / "mail.jsonl") as (port, certificate):
        given = {"security": "starttls", "ca_file": certificate} | changes
        checks = gateways.examine(smtp(port, **given))

    (failed,) = [one for one in checks if one.found is Found.FAILED]
    assert (step, True) == (failed.name, what in failed.what), failed
    assert failed.todo
