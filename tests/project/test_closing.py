"""連絡終了: the signed head of the chain leaves the house by mail, once for each end (NEW-1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Role
from denrei.deliveries import closing, seal, waves
from denrei.deliveries.waves import Again, Target
from denrei.domain.states import Medium
from denrei.project import closing as mailing
from denrei.project.demo import worldlog
from denrei.reports.proof.heads import head
from tests.deliveries.mailservers import MailServers
from tests.deliveries.world import World, wait_for, workers

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("NEW-1")]


@pytest.fixture(autouse=True)
def _as_worker(world: World) -> Iterator[None]:
    """Act as the clock of a worker does, which sees the waves of all organizations."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE denrei_worker")
    yield
    connection.close()


@pytest.fixture
def servers(tmp_path: Path, world: World) -> MailServers:
    """Mail servers by which the world sends; an administrator who reads there."""
    servers = MailServers(tmp_path / "mail.log")
    world.lane(channel=servers.gateway(1))
    world.people(2)
    with tenancy.acting_for(world.organization.pk):
        Operator.objects.create(
            organization=world.organization,
            login="admin",
            name="管理 花子",
            role=Role.ADMIN,
            email="admin@office.example",
        )
    return servers


def ended(world: World) -> int:
    """Launch, hand over, and let the end be a minute ago."""
    broadcast = world.launch().broadcast_id
    with workers(1):
        world.finished(broadcast)
    pass_time(world)
    wait_for(lambda: is_sealed(world, broadcast))
    return broadcast


def is_sealed(world: World, broadcast: int) -> bool:
    """Seal; False while a transaction of another test, in the same server, holds the seals back."""
    with tenancy.acting_for(world.organization.pk):
        seal.seal(world.organization.pk)
        return head(world.organization.pk, broadcast) is not None


def pass_time(world: World) -> None:
    world.change("UPDATE run SET finished_at = finished_at - interval '61 seconds'")


def again(world: World, broadcast: int) -> None:
    """Start a second wave."""
    asked = Again(broadcast_id=broadcast, wave=2, target=Target.SILENT, media=(Medium.MAIL,))
    with tenancy.acting_for(world.organization.pk):
        assert waves.again(world.organization, asked, None)


def mails(tmp_path: Path) -> list[str]:
    """Return the subjects of what came to the administrator."""
    return [
        str(event["subject"])
        for event in worldlog.events(tmp_path / "mail.log")
        if event["event"] == "accepted" and event["rcpt"] == "admin@office.example"
    ]


def test_it_is_mailed_once_when_a_broadcast_has_ended(
    world: World, servers: MailServers, tmp_path: Path
) -> None:
    with servers.listening():
        broadcast = ended(world)

        assert [1, 0] == [mailing.mail_heads() for _ in range(2)]

    assert head(world.organization.pk, broadcast) is not None
    assert [f"【伝令】連絡終了：地震発生（連絡番号 {broadcast}）"] == mails(tmp_path)


def test_before_the_end_and_in_its_first_minute_none_is_due(
    world: World, servers: MailServers
) -> None:
    with servers.listening():
        broadcast = world.launch().broadcast_id
        before = closing.due()
        with workers(1):
            world.finished(broadcast)

    assert ([], []) == (before, closing.due())


def test_after_a_later_wave_ended_it_is_mailed_again(
    world: World, servers: MailServers, tmp_path: Path
) -> None:
    with servers.listening():
        broadcast = ended(world)
        mailing.mail_heads()
        again(world, broadcast)
        with workers(1):
            world.finished(broadcast)
        world.change("UPDATE run SET head_told_at = head_told_at - interval '10 minutes'")
        pass_time(world)

        assert 1 == mailing.mail_heads()

    wait_for(lambda: len(mails(tmp_path)) == 2)  # the server writes its file after it has answered


def test_what_nobody_took_is_tried_again_after_a_pause(
    world: World, servers: MailServers, tmp_path: Path
) -> None:
    with servers.listening():
        ended(world)
    assert [0, 0] == [mailing.mail_heads() for _ in range(2)]
    assert [] == closing.due()

    world.change("UPDATE run SET head_next_at = now()")
    with servers.listening():
        assert 1 == mailing.mail_heads()

    assert 1 == len(mails(tmp_path))


def test_two_workers_mail_it_once(world: World, servers: MailServers) -> None:
    with servers.listening():
        broadcast = ended(world)

    taken = [closing.take(world.organization.pk, broadcast) for _ in range(2)]

    assert [1, None] == [one and one[0] for one in taken]


def test_a_later_wave_has_tries_of_its_own(world: World, servers: MailServers) -> None:
    with servers.listening():
        broadcast = ended(world)
        world.change("UPDATE run SET head_tries = 6")
        assert [] == closing.due()
        again(world, broadcast)
        with workers(1):
            world.finished(broadcast)
        pass_time(world)

        assert 1 == mailing.mail_heads()
