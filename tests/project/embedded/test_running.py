"""One owner, many guests: how a server is set up, shared, found and left."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from denrei.project.embedded import Cluster, running
from tests.project.embedded.servers import SECONDS, ask, begun, entered, is_gone, starting


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


def test_both_addresses_name_the_same_server_whatever_its_path() -> None:
    cluster = Cluster(socket_dir=Path("/var/災害 1'&?/s"), port=5433, owned=True, pid=1)
    expected = {"host": "/var/災害 1'&?/s", "port": "5433", "dbname": "d", "user": "u@x"}

    assert expected == conninfo_to_dict(cluster.conninfo("d", "u@x"))
    assert expected == conninfo_to_dict(cluster.url("d", "u@x"))
