"""Commands and jobs killed with -9 at a random moment: what they left is whole or not there, and they work again."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Operator, Organization, Preset, Role
from denrei.directory.intake import deciding, receiving
from denrei.directory.intake.models import SILENCE, ImportState, PeopleImport
from denrei.directory.models import Recipient
from tests.deliveries.world import World, workers
from tests.project.commands import command, denrei, environment

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("ALL-1")]

#: How often each is killed.
KILLS = 3
_PEOPLE = 4_000


def killed(words: list[str], seconds: float, **variables: str) -> bool:
    """Start a process and kill it after a random part of `seconds`; tell whether it had not ended."""
    with subprocess.Popen(
        words,
        env=environment(**variables),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            process.wait(timeout=seconds * random.uniform(0.3, 1.0))
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    return False


def timed(act: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.monotonic()
    act()
    return time.monotonic() - began


@pytest.fixture
def clerk(committed: None) -> Operator:
    """Return an operator of a town."""
    town = organizations.create("town", "汐見町", Preset.CITY)
    with tenancy.acting_for(town.pk):
        return Operator.objects.create(
            organization=town, login="clerk", name="係", role=Role.ADMIN.value
        )


def _received(clerk: Operator, prefix: str) -> PeopleImport:
    rows = "".join(f"{prefix}{n},人{n},{prefix}{n}@example.jp\n" for n in range(_PEOPLE))
    file = f"利用者コード,氏名,メールアドレス1\n{rows}".encode()
    return receiving.receive(
        clerk.organization, clerk, io.BytesIO(file), "名簿.csv", create_missing=True
    )


def _work(one: PeopleImport) -> list[str]:
    named = (one.organization_id, one.pk, one.run)
    return [sys.executable, "-m", "denrei.directory.intake", *map(str, named)]


def _now(one: PeopleImport) -> PeopleImport:
    with tenancy.acting_for(one.organization_id):
        return PeopleImport.objects.select_related("unit").get(pk=one.pk)


def _people(organization: Organization) -> int:
    with tenancy.acting_for(organization.pk):
        return Recipient.objects.count()


@pytest.mark.spec("MSG-5")
def test_an_import_is_written_whole_or_not_at_all_and_begins_anew(clerk: Operator) -> None:
    def examined(prefix: str) -> PeopleImport:
        one = _received(clerk, prefix)
        subprocess.run(_work(one), env=environment(), check=True)
        deciding.order(_now(one), clerk, run=one.run)
        return _now(one)

    first = examined("a")
    took = timed(lambda: subprocess.run(_work(first), env=environment(), check=True))
    assert _people(clerk.organization) == _PEOPLE
    one = examined("b")
    for _ in range(KILLS):
        if not killed(_work(one), took):
            break
        one = _now(one)
        written = _people(clerk.organization) - _PEOPLE
        assert written == (_PEOPLE if one.state == ImportState.APPLIED else 0)
        if one.has_ended:
            break
        with suppress(
            deciding.ImportMovedError
        ):  # what the server was committing ended after the kill
            deciding.again(one, timezone.now() + 20 * SILENCE)
        one = _now(one)
        if one.has_ended:
            break
    subprocess.run(_work(one), env=environment(), check=True)

    assert _now(one).state == ImportState.APPLIED
    assert _people(clerk.organization) == 2 * _PEOPLE


@contextmanager
def _empty_database() -> Iterator[str]:
    name, server = f"killed_{os.getpid()}", os.environ["DATABASE_URL"]
    admin = make_conninfo(server, dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield make_conninfo(server, dbname=name)
        finally:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_a_migration_that_was_killed_goes_on_where_it_was() -> None:
    with _empty_database() as address:
        for _ in range(KILLS):
            killed(command("migrate"), 12.0, DATABASE_URL=address)
        done = denrei("migrate", DATABASE_URL=address)
        listed = denrei("organization", "list", DATABASE_URL=address)
        again = denrei("migrate", DATABASE_URL=address)

    assert (0, "") == (done.code, done.error)
    assert (0, "") == (listed.code, listed.out)
    assert "No migrations to apply" in again.out


@pytest.mark.spec("NEW-1")
def test_a_proof_file_is_there_whole_or_not_at_all(world: World, tmp_path: Path) -> None:
    world.lane()
    world.people(300)
    broadcast = world.launch().broadcast_id
    with workers():
        world.finished(broadcast)
    words = ("proof", "export", broadcast, "--to")
    took = timed(lambda: denrei(*words, tmp_path / "first.jsonl"))

    for number in range(KILLS):
        path = tmp_path / f"{number}.jsonl"
        killed(command(*words, path), took)
        assert not path.exists() or 0 == denrei("verify", path).code
    said = denrei(*words, path)

    assert 0 == said.code
    assert 0 == denrei("verify", path).code
