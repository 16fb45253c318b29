"""PostgreSQL does not run as root: whose server it is, and who is told that it can't be."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from denrei.project.embedded import EmbeddedError, binaries, running
from tests.project.embedded.allowed import as_root, in_namespaces
from tests.project.embedded.servers import begun, is_gone

SOURCE = Path(__file__).resolve().parents[3] / "src"

NOBODY = pwd.getpwnam("nobody").pw_uid


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
