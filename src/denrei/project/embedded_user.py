"""As whom PostgreSQL runs: it refuses root, so root steps down without creating any user.

A user namespace comes first: the files stay root's, and folders that only root may enter can be
used. Where namespaces are closed (often inside containers), the owner of the home folder or
`nobody` runs it, and our own `postgres` folder becomes theirs. No other folder is touched.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from denrei.project.embedded_errors import ELSEWHERE, EmbeddedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Starts programs as somebody."""

    #: How a message calls it.
    name: str
    #: Comes before each command.
    prefix: tuple[str, ...] = ()
    #: None: as whoever we are.
    uid: int | None = None
    gid: int | None = None

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a short command to its end. Raises OSError where it can't even be started."""
        return subprocess.run(
            [*self.prefix, *command],
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else (),
            env=_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )

    def start(self, *command: str | Path, log: int) -> subprocess.Popen[bytes]:
        """Start a server that writes to the descriptor `log`, out of reach of Ctrl-C."""
        return subprocess.Popen(
            [*self.prefix, *command],
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else (),
            env=_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def take(self, path: Path) -> None:
        """Make a file or folder of ours the runner's."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def obstacle(self, needed: tuple[Path, ...]) -> str:
        """Return why this runner won't do, in Japanese; "" where it reaches all that it needs."""
        try:
            if self.run("true").returncode:
                return "この環境では使えません"
            closed = (path for path in needed if self.run("test", "-x", path).returncode)
            return next((f"{path} を開く権限がありません" for path in closed), "")
        except OSError:
            return "この環境では使えません"


def refuse_stranger(folder: Path) -> None:
    """Raise EmbeddedError where the folder is somebody else's and we aren't root."""
    owner = folder.stat().st_uid
    if os.geteuid() not in (0, owner):
        raise EmbeddedError(
            f"{folder} は別の利用者（{_name(owner)}）のものです。前回と同じ利用者で起動するか、{ELSEWHERE}"
        )


def runner_for(folder: Path, needed: tuple[Path, ...]) -> Runner:
    """Return who shall run PostgreSQL on our `folder`, and hand the folder over where needed.

    `needed` are the files and folders it must reach besides. Raises EmbeddedError where nobody
    who may run PostgreSQL reaches them.
    """
    if os.geteuid() and _known(os.geteuid()):
        return Runner(name=_name(os.geteuid()))
    refused = []
    for runner in _candidates(folder):
        why = runner.obstacle(needed)
        if not why:
            _hand_over(folder, runner)
            return runner
        refused.append(f"・{runner.name}: {why}")
    raise EmbeddedError(
        "\n".join(
            (
                "PostgreSQL は root では動きません。かわりの利用者でも起動できませんでした。",
                *refused,
                f"root 以外の利用者で起動するか、誰でも入れる場所に導入して（例: /opt/denrei）{ELSEWHERE}",
            )
        )
    )


def _candidates(folder: Path) -> Iterator[Runner]:
    """Yield who may run it, best first; a folder handed over before stays with its owner."""
    owner, home = folder.stat(), folder.parent.stat()
    nobody = _nobody()
    if owner.st_uid not in (0, os.geteuid()):
        yield Runner(name=_name(owner.st_uid), uid=owner.st_uid, gid=owner.st_gid)
        return
    # initdb asks /etc/passwd for its own user, so the id inside must be one that exists there.
    yield Runner(
        name="ユーザー名前空間",
        prefix=("unshare", "-U", f"--map-user={nobody.uid}", f"--map-group={nobody.gid}"),
    )
    if os.geteuid():
        return
    if home.st_uid and _known(home.st_uid):
        yield Runner(name=_name(home.st_uid), uid=home.st_uid, gid=home.st_gid)
    yield nobody


def _nobody() -> Runner:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Runner(name="nobody", uid=65534, gid=65534)
    return Runner(name="nobody", uid=entry.pw_uid, gid=entry.pw_gid)


def _hand_over(folder: Path, runner: Runner) -> None:
    """Make our folder the runner's: its top always, the data only where it changes hands."""
    if runner.uid is None:
        return
    runner.take(folder)
    for path in folder.iterdir():
        if path.lstat().st_uid != runner.uid:
            for parent, folders, files in os.walk(path):
                for name in (*folders, *files):
                    runner.take(Path(parent, name))
            # Last, so that a change that was cut short is done again.
            runner.take(path)


def _environment() -> dict[str, str]:
    """Only what programs need: PGPORT, PGDATA and the like must not reach PostgreSQL."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}


def _known(uid: int) -> bool:
    try:
        return bool(pwd.getpwuid(uid))
    except KeyError:
        return False


def _name(uid: int) -> str:
    return pwd.getpwuid(uid).pw_name if _known(uid) else f"利用者番号 {uid}"
