"""`denrei retention`: what is over is told, and deleted when one says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.deliveries.world import World, settings_conninfo
from tests.project.commands import Said, denrei
from tests.reports.proof.eventful import simple
from tests.retention.past import age, details, keep_all, owner

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("OPS-8")]


def run(*words: object) -> Said:
    return denrei("retention", *words, DATABASE_URL=settings_conninfo())


def test_what_is_over_is_told_then_deleted_with_yes() -> None:
    world = World.create()
    told = simple(world, 3)
    keep_all(world.organization, but="broadcasts")
    age(world, told.broadcast, timedelta(days=366))

    shown, asked = run("preview", "--organization", world.organization.slug), run("run")
    assert (0, 0) == (shown.code, asked.code), (shown, asked)
    for said in (shown, asked):
        (line,) = [line for line in said.lines if "終了した連絡の明細" in line and "件" in line]
        assert line.endswith("1件")
    assert "ディスクの使用量（全団体の合計）" in shown.lines
    assert {} != details(told.broadcast)

    done = run("run", "--yes")

    assert (0, "") == (done.code, done.error)
    assert {} == details(told.broadcast)
    assert any("終了した連絡の明細　1件" in line for line in done.lines)
    board = denrei("broadcast", "show", told.broadcast, DATABASE_URL=settings_conninfo())
    assert 0 == board.code
    assert "明細は保存期間（1年）を過ぎたため削除しました" in board.out
    proof = denrei(
        "proof", "export", told.broadcast, "--to", "x.jsonl", DATABASE_URL=settings_conninfo()
    )
    assert 1 == proof.code
    assert "明細は保存期間（1年）を過ぎたため削除しました" in proof.error


def test_it_gives_way_to_a_broadcast() -> None:
    world = World.create()
    world.lane()
    world.people(1)
    world.launch()
    owner("INSERT INTO retention_run (night, kind, until) VALUES (current_date, 'sessions', now())")

    said = run("run", "--yes")

    assert 1 == said.code
    assert "送信しているため" in said.error


def test_an_organization_that_is_unknown_is_refused() -> None:
    assert 1 == run("preview", "--organization", "nobody").code


def test_a_setting_that_makes_no_sense_stops_every_command() -> None:
    said = denrei(
        "retention", "preview", DATABASE_URL=settings_conninfo(), DENREI_RETENTION="broadcasts=4y"
    )

    assert 1 == said.code
    assert "DENREI_RETENTION" in said.error
