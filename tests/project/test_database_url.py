"""DATABASE_URL: whatever libpq reads is taken, and the process acts in its role."""

from __future__ import annotations

from typing import Any

import pytest

from denrei.project.database_url import databases
from denrei.project.environment import SettingError


def default(url: str, role: str = "owner", pool: int = 0) -> dict[str, Any]:
    """Return Django's settings of the one database."""
    return databases(url, role=role, pool=pool)["default"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param(
            "postgresql://user:p%40ss@db.example.jp:6432/city",
            {
                "NAME": "city",
                "USER": "user",
                "PASSWORD": "p@ss",
                "HOST": "db.example.jp",
                "PORT": "6432",
            },
            id="address",
        ),
        pytest.param("postgres:///city", {"NAME": "city"}, id="short scheme, this machine"),
        pytest.param(
            "postgresql://user@/city?host=%2Frun%2Fpg&port=5433",
            {"NAME": "city", "USER": "user", "HOST": "/run/pg", "PORT": "5433"},
            id="unix socket",
        ),
        pytest.param(
            "postgresql://a:1,b:2/city",
            {"NAME": "city", "HOST": "a,b", "PORT": "1,2"},
            id="two servers",
        ),
        pytest.param(
            "postgresql://[::1]:5432/city",
            {"NAME": "city", "HOST": "::1", "PORT": "5432"},
            id="IPv6",
        ),
        pytest.param(
            "host=/run/pg dbname='my city' user=me",
            {"NAME": "my city", "USER": "me", "HOST": "/run/pg"},
            id="keys and values",
        ),
        pytest.param("service=denrei", {"NAME": ""}, id="a service names its own database"),
    ],
)
def test_every_form_of_libpq_is_read(url: str, expected: dict[str, str]) -> None:
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT")

    assert expected == {name: default(url)[name] for name in names if name in default(url)}


def test_what_django_has_no_name_for_is_handed_to_libpq() -> None:
    url = "postgresql://db/city?sslmode=verify-full&application_name=x"

    assert {"sslmode": "verify-full", "application_name": "x"}.items() <= default(url)[
        "OPTIONS"
    ].items()


@pytest.mark.spec("ALL-9")
def test_a_connection_ends_when_the_other_side_fell_silent_unless_the_address_says_otherwise() -> (
    None
):
    plain, patient = default("dbname=city"), default("dbname=city tcp_user_timeout=60000")

    assert "10000" == plain["OPTIONS"]["tcp_user_timeout"]
    assert "60000" == patient["OPTIONS"]["tcp_user_timeout"]
    assert "-c tcp_user_timeout=10s" in plain["OPTIONS"]["options"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        pytest.param("app", "-c role=denrei_app -c denrei.shard=0", id="app"),
        pytest.param("worker", "-c role=denrei_worker -c denrei.shard=0", id="worker"),
    ],
)
def test_a_process_acts_in_its_role(role: str, expected: str) -> None:
    assert default("dbname=city", role)["OPTIONS"]["options"].endswith(expected)


def test_the_owner_stays_what_the_login_is_and_may_think_for_as_long_as_he_likes() -> None:
    options = default("dbname=city", "owner")["OPTIONS"]["options"]

    assert ("role=" in options, "idle_in_transaction" in options) == (False, False)


@pytest.mark.parametrize("role", ["app", "worker", "owner"])
def test_no_statement_is_compiled_before_it_runs(role: str) -> None:
    assert "-c jit=off" in default("dbname=city", role)["OPTIONS"]["options"]


def test_options_that_are_given_stay() -> None:
    options = default("dbname=city options='-c work_mem=1MB'", "app")["OPTIONS"]["options"]

    assert options.startswith("-c work_mem=1MB -c ")


def test_a_pool_takes_the_place_of_lasting_connections() -> None:
    one_each, pooled = default("dbname=city"), default("dbname=city", pool=8)

    assert (None, False) == (one_each["CONN_MAX_AGE"], "pool" in one_each["OPTIONS"])
    assert (0, 8) == (pooled["CONN_MAX_AGE"], pooled["OPTIONS"]["pool"]["max_size"])


def test_nothing_is_an_address_too() -> None:
    assert "denrei" == default("")["NAME"]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql//me:hidden@db/city", id="no colon"),
        pytest.param("postgresql://me:hid%zzden@db/city", id="a bare percent sign"),
        pytest.param("postgresql://me:hidden@db/city?colour=hidden", id="unknown parameter"),
        pytest.param("mysql://me:hidden@db/city", id="another database"),
        pytest.param("postgresql://me:hidden@[::1/city", id="open bracket"),
    ],
)
def test_nonsense_is_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL を読み取れません") as refused:
        default(url)

    assert "hid" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("url", ["postgresql://db", "postgresql://db/", "host=db user=me"])
def test_an_address_names_its_database(url: str) -> None:
    with pytest.raises(SettingError, match="データベースの名前がありません"):
        default(url)
