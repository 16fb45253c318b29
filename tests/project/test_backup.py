"""An installation with the embedded database as one file: written, brought into an empty home, and sound."""

from __future__ import annotations

import json
import os
import stat
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from denrei.project import embedded
from denrei.project.embedded import Cluster
from tests.project.commands import Said, denrei, running

pytestmark = pytest.mark.spec("OPS-8")

#: A transaction number that a fresh cluster does not reach by a restore.
_BURNT = 6_000
_PEOPLE = "利用者コード,氏名,メールアドレス1\n" + "".join(
    f"{n},人{n},p{n}@example.jp\n" for n in range(30)
)
_BROADCAST = """
key = "{key}"
drill = true
incident = "地震発生"
place = "市内全域"
sender = "防災課"
occurred_at = 2026-09-01T09:00:00
audience.everybody = true
"""
_FAST = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB"}
_UNSEALED = """
SELECT count(*) FROM (SELECT xid FROM attempt UNION ALL SELECT xid FROM event) leaf
 WHERE xid >= coalesce((SELECT max(xid) FROM seal_horizon), 0)
"""
#: A round that knows last night would delete at once.
_ROUND = """
INSERT INTO retention_run (organization_id, night, kind, until, ended_at)
SELECT id, current_date - 1, 'trail', now(), now() FROM organization;
UPDATE retention_run SET until = now()
"""
_WAITS = "SELECT count(*) FROM retention_run WHERE organization_id IS NOT NULL AND kind = 'armed' AND until > now()"
#: A mail of the first broadcast came back, after everything.
_LATE = """
INSERT INTO event (organization_id, source, event_key, broadcast_id, delivery_id, fold_rank, state, evidence, reason)
SELECT organization_id, 2, 'late', broadcast_id, id, 0, 1, 1, 0 FROM delivery ORDER BY id LIMIT 1
"""


@dataclass
class Host:
    """A home with its server, and the commands that run on it."""

    home: Path
    cluster: Cluster

    def denrei(self, *words: object) -> Said:
        """Run a command here."""
        return denrei(*words, **self.variables)

    @property
    def variables(self) -> dict[str, str]:
        """Return what a command finds set."""
        return {"DATABASE_URL": "", "DENREI_SECRET_KEY": "", "DENREI_HOME": str(self.home)}

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the database as its owner, whom row-level security does not bind."""
        with psycopg.connect(self.cluster.conninfo(), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def sends(self, key: str) -> int:
        """Send a broadcast to everybody; return it when all is recorded and sealed."""
        file = self.home / f"{key}.toml"
        file.write_text(_BROADCAST.format(key=key), encoding="utf-8")
        with running("worker", **self.variables):
            said = self.denrei("broadcast", "send", file, "--organization", "city", "--yes")
            assert 0 == said.code, said
            ((broadcast,),) = self.ask("SELECT max(broadcast_id) FROM run")
            assert isinstance(broadcast, int)
            _until(lambda: self.ask("SELECT count(*) FROM run WHERE stage < 2") == [(0,)])
            _until(lambda: self.ask(_UNSEALED) == [(0,)])
        return broadcast

    def proves(self, broadcast: int) -> list[str]:
        """Return what the broadcast's file proves; everything in it holds."""
        file = self.home / f"{broadcast}-{time.time_ns()}.jsonl"
        assert 0 == self.denrei("proof", "export", broadcast, "--to", file).code
        said = self.denrei("verify", file)
        assert 0 == said.code, said
        return said.lines

    def heads(self, broadcast: int) -> list[tuple[object, ...]]:
        """Return the chain of seals."""
        return self.ask(f"SELECT no, hash FROM seal WHERE broadcast_id = {broadcast} ORDER BY no")


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.2)


@pytest.fixture
def host() -> Iterator[Callable[[], Host]]:
    """Return what makes empty hosts; their paths are short, for the sake of sockets."""
    with ExitStack() as stack:

        def make() -> Host:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="b-")))
            return Host(home, stack.enter_context(embedded.running(home, settings=_FAST)))

        yield make


@pytest.fixture
def furnished(host: Callable[[], Host]) -> Host:
    """Return a host with people and a broadcast that has ended."""
    made = host()
    people = made.home / "people.csv"
    people.write_text(_PEOPLE, encoding="utf-8")
    for words in (
        ("migrate",),
        ("organization", "add", "city", "--name", "伝令市", "--preset", "city"),
        ("gateway", "add", "simulator", "--organization", "city"),
        ("people", "import", people, "--organization", "city", "--yes"),
    ):
        said = made.denrei(*words)
        assert 0 == said.code, said
    with psycopg.connect(made.cluster.conninfo(), autocommit=True) as connection:
        for _ in range(_BURNT):
            connection.execute("SELECT pg_current_xact_id()")
    made.sends("first")
    return made


@pytest.mark.spec("NEW-1", "OPS-8")
def test_a_backup_in_an_empty_home_passes_the_audit_and_its_chain_goes_on(
    furnished: Host, host: Callable[[], Host], tmp_path: Path
) -> None:
    ((first,),) = furnished.ask("SELECT max(broadcast_id) FROM run")
    assert isinstance(first, int)
    furnished.ask(_ROUND)
    heads, file = furnished.heads(first), tmp_path / "denrei.zip"
    written = furnished.denrei("backup", file)
    assert (0, "") == (written.code, written.error)
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)

    new = host()
    looked = new.denrei("restore", file)
    assert 0 == looked.code
    assert "壊れていません" in looked.out
    restored = new.denrei("restore", file, "--yes")

    assert (0, "") == (restored.code, restored.error)
    assert "団体 1、人 30、連絡 1。" in restored.lines[0]
    assert "検算：すべての連絡で、台帳と集計が一致しました。" == restored.lines[-1]
    keys = [(one.home / "secret-key").read_bytes() for one in (furnished, new)]
    assert keys[0] == keys[1]
    assert heads == new.heads(first)
    assert [(1,)] == new.ask(_WAITS)
    new.proves(first)
    new.ask(_LATE)
    second = new.sends("second")
    assert new.heads(second)
    assert [*heads] == new.heads(first)[:-1]
    for broadcast in (first, second):
        assert not [
            line for line in new.proves(broadcast) if "封印前" in line or "封印されていない" in line
        ]


def test_a_home_that_is_not_empty_and_a_key_that_differs_are_left_alone(
    furnished: Host, host: Callable[[], Host], tmp_path: Path
) -> None:
    file = tmp_path / "denrei.zip"
    assert 0 == furnished.denrei("backup", file).code
    assert 1 == furnished.denrei("backup", file).code  # never over another one

    again = furnished.denrei("restore", file, "--yes")
    assert 1 == again.code
    assert "空ではありません" in again.error
    other = host()
    (other.home / "secret-key").write_text("x" * 40)
    strange = other.denrei("restore", file, "--yes")
    assert 1 == strange.code
    assert "鍵が違います" in strange.error
    assert other.ask("SELECT count(*) FROM pg_class WHERE relname = 'delivery'") == [(0,)]


@pytest.mark.parametrize("at", [5_000, -22])
def test_a_file_that_was_damaged_or_is_another_restores_nothing(at: int, tmp_path: Path) -> None:
    file = tmp_path / "denrei.zip"
    with zipfile.ZipFile(file, "w") as bundle:
        bundle.writestr("about.json", '{"layout": 1, "made_at": "2026-11-29T00:00:00+00:00"}')
        bundle.writestr("secret-key", "k" * 64)
        bundle.writestr("database.dump", os.urandom(10_000))
    octets = bytearray(file.read_bytes())
    octets[at] ^= 0xFF
    file.write_bytes(octets)
    home = tmp_path / "home"
    nothing = {"DATABASE_URL": "", "DENREI_SECRET_KEY": "", "DENREI_HOME": str(home)}

    for path in (file, tmp_path / "none.zip"):
        said = denrei("restore", path, "--yes", **nothing)
        assert 1 == said.code
        assert str(path) in said.error
    assert not home.exists()


def test_a_rehearsal_restores_into_a_database_that_is_thrown_away(
    furnished: Host, tmp_path: Path
) -> None:
    file, scratch = tmp_path / "denrei.zip", Path(tempfile.mkdtemp(prefix="s-"))
    never = furnished.denrei("doctor").out
    written = furnished.denrei("backup", file)
    before = furnished.ask("SELECT count(*), max(id) FROM delivery")

    # also beside a server of one's own, as on the machine that keeps the backups
    said = denrei(
        "restore",
        file,
        "--rehearse",
        **{
            **furnished.variables,
            "TMPDIR": str(scratch),
            "DATABASE_URL": "postgresql://127.0.0.1:1/x",
        },
    )

    assert (0, "") == (said.code, said.error), said
    assert 0 == written.code
    assert "  名簿の人　復元 30　控えたとき 30" in said.lines
    assert "  配信　復元 30　控えたとき 30" in said.lines
    assert "検算：すべての連絡で、台帳と集計が一致しました。" in said.lines
    assert [] == list(scratch.iterdir())
    scratch.rmdir()
    assert before == furnished.ask("SELECT count(*), max(id) FROM delivery")
    told = json.loads((furnished.home / "safe-copies.json").read_text(encoding="utf-8"))
    assert str(file) == told["backup"]["file"] == told["rehearsal"]["file"]
    assert file.stat().st_size == told["backup"]["octets"]
    assert 0o600 == stat.S_IMODE((furnished.home / "safe-copies.json").stat().st_mode)
    assert "まだ一度も控えていません" in never
    now = furnished.denrei("doctor").out
    assert "[正常] 控え：" in now
    assert "[正常] 復元の予行：" in now


def test_a_rehearsal_finds_a_backup_that_lost_something(furnished: Host, tmp_path: Path) -> None:
    file, worse = tmp_path / "denrei.zip", tmp_path / "worse.zip"
    assert 0 == furnished.denrei("backup", file).code
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(worse, "w") as bundle:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "about.json":
                about = json.loads(content)
                about["counts"]["people"] += 1
                content = json.dumps(about).encode()
            bundle.writestr(name, content)

    said = furnished.denrei("restore", worse, "--rehearse")

    assert 1 == said.code
    assert "控えたときと数が違います：名簿の人" in said.error
    told = json.loads((furnished.home / "safe-copies.json").read_text(encoding="utf-8"))
    assert told["rehearsal"] is None


def test_a_server_of_one_s_own_is_for_its_own_tools(tmp_path: Path) -> None:
    for word in ("backup", "restore"):
        said = denrei(word, tmp_path / "denrei.zip", DATABASE_URL="postgresql://127.0.0.1:1/none")
        assert 1 == said.code
        assert "pg_basebackup" in said.error
