"""What a command needs before it begins: above all a secret key, made once and never again."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from denrei.project.environment import SettingError
from denrei.project.starting import stored_key

START = """
from denrei.project import starting
from denrei.project.environment import SettingError
try:
    with starting.ready("app", pool=3):
        from django.conf import settings
        print(settings.SECRET_KEY, settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"])
except SettingError as error:
    print("refused:", error)
"""


def started(**variables: str) -> str:
    """Return what a process of its own says that starts with these variables alone."""
    environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **variables}
    command = [sys.executable, "-c", START]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_key_is_made_once_for_us_only(tmp_path: Path) -> None:
    key = stored_key(tmp_path)

    assert len(key) >= 64
    assert key == stored_key(tmp_path)
    assert 0o600 == stat.S_IMODE((tmp_path / "secret-key").stat().st_mode)
    assert ["secret-key"] == [path.name for path in tmp_path.iterdir()]


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    homes = tmp_path / "one", tmp_path / "two"
    for home in homes:
        home.mkdir()

    assert stored_key(homes[0]) != stored_key(homes[1])


def test_all_who_start_at_once_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(stored_key, [tmp_path] * 40))

    assert {stored_key(tmp_path)} == set(keys)
    assert ["secret-key"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe"])
def test_a_broken_key_is_told_and_never_replaced(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    path.write_bytes(content)

    with pytest.raises(SettingError, match=f"{path} が壊れています。控えから戻してください"):
        stored_key(tmp_path)
    assert content == path.read_bytes()


@pytest.mark.parametrize("key", ["", "x" * 31])
def test_a_database_of_ones_own_needs_a_key_of_ones_own(key: str) -> None:
    said = started(DATABASE_URL="dbname=city", DENREI_SECRET_KEY=key)

    assert said.startswith("refused: DATABASE_URL を使うときは、DENREI_SECRET_KEY に32文字以上")


def test_key_and_pool_that_are_given_are_used() -> None:
    key = "k" * 40
    given = {"DATABASE_URL": "dbname=city", "DENREI_SECRET_KEY": key}

    assert f"{key} 3" == started(**given)
    assert f"{key} 7" == started(**given, DENREI_DATABASE_POOL="7")


def test_a_key_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("f" * 40 + "\n", encoding="utf-8")

    said = started(DATABASE_URL="dbname=city", DENREI_SECRET_KEY_FILE=str(path))

    assert "f" * 40 + " 3" == said
