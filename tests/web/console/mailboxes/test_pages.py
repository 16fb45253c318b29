"""Mailboxes are registered, tried out, changed and removed by the pages; passwords never come out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.test import Client

from denrei.accounts import sealing, tenancy
from denrei.accounts.models import AuditEntry, Organization, Role
from denrei.outcomes.mailboxes import registering
from denrei.outcomes.models import Mailbox, Protocol
from tests.web.console.conftest import browser, hire

pytestmark = pytest.mark.spec("MSG-7")
LIST = "/console/mailboxes/"
TYPED = {
    "name": "代表アドレス",
    "protocol": "imap",
    "host": "127.0.0.1",
    "security": "starttls",
    "username": "bousai",
    "password": "ヒミツ pass ",
    "folder": "",
    "after": "delete",
    "move_to": "",
    "every_seconds": "300",
    "enabled": "on",
}
UNTESTED = TYPED | {"untested": "on"}


def stored(organization: Organization) -> list[Mailbox]:
    with tenancy.acting_for(organization.pk):
        return list(Mailbox.objects.order_by("id"))


def registered(city: Organization) -> Mailbox:
    mailbox = Mailbox(
        organization=city,
        name="代表アドレス",
        protocol="imap",
        host="127.0.0.1",
        port=143,
        security="starttls",
        username="bousai",
        seen_to="1.7",
        trouble="だめでした",
    )
    return registering.add(mailbox, "old pass")


@contextmanager
def server(greeting: bytes, *answers: bytes) -> Iterator[int]:
    """Run a server that answers one command after the other, whatever they are; yield its port.

    `%t` in an answer is the tag of the command (IMAP).
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(30)

        def serve() -> None:
            peer, _ = listening.accept()
            with peer, peer.makefile("rwb") as stream:
                stream.write(greeting + b"\r\n")
                stream.flush()
                for answer in answers:
                    tag = stream.readline().split(b" ")[0]
                    stream.write(answer.replace(b"%t", tag) + b"\r\n")
                    stream.flush()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(timeout=30)


@pytest.fixture
def at_port(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let all protocols be spoken at one port."""

    def let(port: int) -> None:
        for key in registering.PORTS:
            monkeypatch.setitem(registering.PORTS, key, port)

    return let


def test_what_is_registered_is_listed_without_its_password(
    admin: Client, city: Organization
) -> None:
    response = admin.post(f"{LIST}new/", UNTESTED)
    (mailbox,) = stored(city)
    page = admin.get(LIST).content.decode()

    assert (302, LIST) == (response.status_code, response.headers["Location"])
    assert sealing.unseal(mailbox.password) == "ヒミツ pass "
    assert (mailbox.port, mailbox.folder, mailbox.every_seconds) == (143, "INBOX", 300)
    assert "代表アドレス" in page
    assert "ヒミツ" not in page


@pytest.mark.parametrize(
    ("protocol", "security", "port"),
    [("imap", "tls", 993), ("pop3", "tls", 995), ("imap", "starttls", 143), ("pop3", "starttls", 110)],
)  # fmt: skip
def test_the_port_follows_from_the_protocol(
    admin: Client, city: Organization, protocol: str, security: str, port: int
) -> None:
    admin.post(f"{LIST}new/", UNTESTED | {"protocol": protocol, "security": security})

    assert [port] == [one.port for one in stored(city)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"protocol": "pop3", "after": "mark"}, "「削除する」か「残す」"),
        ({"after": "move"}, "移す先のフォルダーを入力してください。"),
        ({"password": ""}, "パスワードを入力してください。"),
        ({"security": "none"}, "選んだ項目は、もう使えません。"),
        ({"every_seconds": "1"}, "選んだ項目は、もう使えません。"),
        ({"host": ""}, "ホストを入力してください。"),
        ({"username": "a\r\nb", "untested": "on"}, ""),
    ],
)
def test_what_can_not_be_is_told_beside_its_field(
    admin: Client, city: Organization, typed: dict[str, str], words: str
) -> None:
    response = admin.post(f"{LIST}new/", UNTESTED | typed)

    assert words in response.content.decode()
    assert all("\r" not in one.username for one in stored(city))
    if words:
        assert (422, []) == (response.status_code, stored(city))


def test_a_name_is_taken_once(admin: Client, city: Organization) -> None:
    registered(city)

    response = admin.post(f"{LIST}new/", UNTESTED)

    assert response.status_code == 422
    assert "すでにあります" in response.content.decode()


def test_who_does_not_answer_is_not_saved_and_the_step_is_told(
    admin: Client, city: Organization, at_port: Callable[[int], None]
) -> None:
    at_port(1)

    response = admin.post(f"{LIST}new/", TYPED)
    page = response.content.decode()

    assert (422, []) == (response.status_code, stored(city))
    assert page.index("失敗") < page.index("接続</li>")
    assert "ファイアウォール" in page
    assert "ヒミツ" not in page


@pytest.mark.parametrize(
    ("protocol", "answers"),
    [
        (
            "imap",
            [
                b"* OK ready",
                b"* CAPABILITY IMAP4rev1\r\n%t OK done",
                b"%t NO wrong password",
                b"* BYE\r\n%t OK bye",
            ],
        ),
        ("pop3", [b"+OK ready", b"+OK who", b"-ERR wrong password", b"+OK bye"]),
    ],
)
def test_the_step_that_failed_is_told(
    admin: Client, city: Organization, protocol: str, answers: list[bytes]
) -> None:
    mailbox = registered(city)
    with server(*answers) as port:
        with tenancy.acting_for(city.pk):
            Mailbox.objects.update(port=port, security="none", protocol=protocol)
        page = admin.post(f"{LIST}{mailbox.pk}/test/").content.decode()

    assert page.index("接続</li>") < page.index("失敗") < page.index("サインイン</li>")
    assert "wrong password" in page
    assert "利用者名とパスワードを確認してください。" in page
    assert ("フォルダーを開く</li>" in page) is (protocol == "imap")


def test_a_change_keeps_the_password_and_what_was_seen(admin: Client, city: Organization) -> None:
    mailbox = registered(city)

    response = admin.post(f"{LIST}{mailbox.pk}/", UNTESTED | {"name": "新しい名前", "password": ""})
    (changed,) = stored(city)

    assert response.status_code == 302
    assert (changed.name, changed.seen_to, changed.trouble) == ("新しい名前", "1.7", "")
    assert sealing.unseal(changed.password) == "old pass"
    with tenancy.acting_for(city.pk):
        (entry,) = AuditEntry.objects.filter(action="mailbox.changed")
    assert (entry.before or {})["name"] == "代表アドレス"
    assert "pass" not in str(entry.before) + str(entry.after)


@pytest.mark.parametrize(
    "place", [{"host": "192.0.2.9"}, {"username": "other"}, {"protocol": "pop3"}, {"security": "tls"}]
)  # fmt: skip
def test_a_saved_password_goes_to_no_other_place(
    admin: Client, city: Organization, place: dict[str, str]
) -> None:
    mailbox = registered(city)

    response = admin.post(f"{LIST}{mailbox.pk}/", UNTESTED | {"password": ""} | place)

    assert response.status_code == 422
    assert "パスワードも入力してください" in response.content.decode()
    assert [("127.0.0.1", "bousai")] == [(one.host, one.username) for one in stored(city)]


def test_another_place_is_read_from_its_beginning(admin: Client, city: Organization) -> None:
    mailbox = registered(city)

    admin.post(f"{LIST}{mailbox.pk}/", UNTESTED | {"protocol": Protocol.POP3, "password": "new"})
    (changed,) = stored(city)

    assert (changed.seen_to, changed.port) == ("", 110)
    assert sealing.unseal(changed.password) == "new"


def test_what_is_removed_is_asked_no_longer(admin: Client, city: Organization) -> None:
    mailbox = registered(city)

    response = admin.post(f"{LIST}{mailbox.pk}/remove/")

    assert (302, []) == (response.status_code, stored(city))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SENDER])
def test_only_administrators_of_the_whole_see_mailboxes(city: Organization, role: Role) -> None:
    assert browser(city, hire(city, "clerk", role)).get(LIST).status_code == 403
