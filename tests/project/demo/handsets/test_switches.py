"""The switches of the page write what the processes of the demo follow."""

from __future__ import annotations

import time
from http import HTTPStatus

import pytest

from denrei.accounts.models import Role
from denrei.project.demo import faults, pace
from denrei.project.demo.controls import Control
from denrei.project.demo.faults import Fault
from denrei.project.demo.pace import Pace
from tests.project.demo.handsets.conftest import PAGE, Stage


def pace_of(stage: Stage) -> Pace:
    return pace.read(Control(stage.files.pace), 30.0)


def broken(stage: Stage) -> frozenset[Fault]:
    return faults.at(Control(stage.files.faults).read(), time.time()).kinds


def test_people_are_told_to_stop_to_go_on_and_to_hurry(stage: Stage) -> None:
    client = stage.hire()

    client.post(f"{PAGE}pace/", {"on": "no"})
    stopped = pace_of(stage)
    client.post(f"{PAGE}pace/", {"speed": "fast"})
    client.post(f"{PAGE}pace/", {"on": "yes"})

    assert Pace(on=False, speed=30.0) == stopped
    assert Pace(on=True, speed=pace.SPEEDS["fast"]) == pace_of(stage)


@pytest.mark.parametrize("fields", [{}, {"on": "maybe"}, {"speed": "1000000"}])
def test_nonsense_changes_no_pace(stage: Stage, fields: dict[str, str]) -> None:
    stage.hire().post(f"{PAGE}pace/", fields)

    assert Pace(on=True, speed=30.0) == pace_of(stage)


@pytest.mark.parametrize("fault", list(Fault))
def test_something_is_broken_for_a_time_and_mended(stage: Stage, fault: Fault) -> None:
    client = stage.hire()

    client.post(f"{PAGE}fault/", {"fault": fault.value, "seconds": "60", "person": "7"})
    during, page = broken(stage), client.get(f"{PAGE}standing/").content.decode()
    response = client.post(f"{PAGE}fault/", {"fault": fault.value, "seconds": "0", "person": "7"})

    assert {fault} == during
    assert "今すぐ元に戻す" in page
    assert "秒で元に戻ります" in page
    assert frozenset() == broken(stage)
    assert f"{PAGE}?person=7" == response.headers["Location"]


@pytest.mark.parametrize(
    "fields",
    [{}, {"fault": "flood", "seconds": "60"}, {"fault": "closed", "seconds": "86400"}],
)
def test_nonsense_breaks_nothing(stage: Stage, fields: dict[str, str]) -> None:
    client = stage.hire()

    response = client.post(f"{PAGE}fault/", fields)

    assert (
        "起こす故障と、時間を選んでください"
        in client.get(response.headers["Location"]).content.decode()
    )
    assert frozenset() == broken(stage)


@pytest.mark.parametrize("path", ["pace/", "fault/"])
def test_who_only_reads_switches_nothing(stage: Stage, path: str) -> None:
    client = stage.hire(Role.VIEWER)

    assert HTTPStatus.FORBIDDEN == client.post(f"{PAGE}{path}", {"on": "no"}).status_code
    assert "自動の回答を止める" not in client.get(PAGE).content.decode()
