"""Django's settings can be imported with nothing set, and refuse nonsense by name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

IMPORT = """
from denrei.project import settings
print(settings.PUBLIC_URL, *settings.ALLOWED_HOSTS, len(settings.SECRET_KEY) > 31, settings.HOME)
print(*settings.SECRET_KEY_FALLBACKS, settings.DATABASES["default"]["OPTIONS"])
print(*settings.CSRF_TRUSTED_ORIGINS, settings.SECURE_PROXY_SSL_HEADER)
"""


def imported(**variables: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a process of its own, with these variables alone."""
    environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **variables}
    return subprocess.run(
        [sys.executable, "-c", IMPORT], env=environment, capture_output=True, text=True, check=False
    )


def test_nothing_need_be_set(tmp_path: Path) -> None:
    said = imported(HOME=str(tmp_path)).stdout.splitlines()

    home = f"{tmp_path}/.local/share/denrei"
    assert f"http://127.0.0.1:8000 127.0.0.1 localhost [::1] True {home}" == said[0]
    assert " -c role=denrei_app " in said[1]


def test_what_is_set_counts(tmp_path: Path) -> None:
    keys = tmp_path / "retired"
    keys.write_text("older,oldest\n", encoding="utf-8")

    said = imported(
        DENREI_HOME=str(tmp_path),
        DENREI_PUBLIC_URL="https://anpi.example.jp/",
        DENREI_HOSTS="anpi.example.jp, anpi2.example.jp",
        DENREI_RETIRED_SECRET_KEYS_FILE=str(keys),
        DENREI_DATABASE_ROLE="owner",
    ).stdout.splitlines()

    assert f"https://anpi.example.jp anpi.example.jp anpi2.example.jp True {tmp_path}" == said[0]
    assert said[1].startswith("older oldest {")
    assert "role=" not in said[1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DENREI_PUBLIC_URL", "anpi.example.jp"),
        ("DENREI_DATABASE_ROLE", "superuser"),
        ("DENREI_DATABASE_POOL", "many"),
        ("DENREI_DATABASE_POOL", "201"),
        ("DATABASE_URL", "db.example.jp"),
        ("DENREI_SECRET_KEY_FILE", "/nowhere/key"),
    ],
)
def test_nonsense_is_loud_and_names_the_setting(name: str, value: str) -> None:
    refused = imported(**{name: value})

    assert 1 == refused.returncode
    assert refused.stderr.splitlines()[-1].startswith(
        f"denrei.project.environment.SettingError: {name}"
    )


@pytest.mark.parametrize("name", ["DATABASE_URL", "DENREI_PUBLIC_URL", "DENREI_HOME"])
def test_a_value_and_a_file_at_once_are_refused(name: str) -> None:
    refused = imported(**{name: "x", f"{name}_FILE": "y"})

    assert f"{name} と {name}_FILE はどちらか一方だけを設定してください。" in refused.stderr


@pytest.mark.parametrize(
    ("proxies", "believed"), [("0", "None"), ("1", "('HTTP_X_FORWARDED_PROTO', 'https')")]
)
def test_forms_come_from_the_public_address_though_tls_ends_before(
    proxies: str, believed: str
) -> None:
    said = imported(
        DENREI_PUBLIC_URL="https://anpi.example.jp:8443/somewhere", DENREI_TRUSTED_PROXIES=proxies
    ).stdout.splitlines()

    assert f"https://anpi.example.jp:8443 {believed}" == said[2]
