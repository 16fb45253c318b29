"""Whom a message goes to: counted both ways, found by any form of a name, within one's unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Role, Unit
from denrei.deliveries import ordering
from tests.web.console.compose.conftest import Desktop, draft_of, value_of, words
from tests.web.console.conftest import hire

COMPOSE = "/console/compose/"


@pytest.mark.spec("ALL-5")
def test_a_unit_s_operator_reaches_nobody_outside_it(
    desktop: Desktop, first_school: Unit, signed_in: Callable[[Operator], Client]
) -> None:
    operator = hire(desktop.city, "teacher", Role.SENDER, first_school)
    teacher = signed_in(operator)

    counted = teacher.post(COMPOSE, desktop.form(do="count", people=desktop.people["青木"]))
    assert "送信する人数 1 人" in words(counted)
    assert "選んだ宛先のうち1件は" in words(counted)
    searched = teacher.post(COMPOSE, desktop.form(do="find", person="青木"))
    assert "当てはまる人が見つかりません" in words(searched)

    teacher.post(COMPOSE, desktop.form(everybody="on"))
    draft = draft_of(desktop.city)
    with tenancy.acting_for(desktop.city.pk):
        order = ordering.order(draft, operator, datetime.now(ZoneInfo("Asia/Tokyo"))).order
        assert ["髙﨑 𠮷"] == [person.name for person in order.selection.people()]


@pytest.mark.spec("MSG-3")
def test_the_switch_shows_both_counts(desktop: Desktop, sender: Client) -> None:
    both = {"groups": [desktop.groups["消防団"]], "positions": [desktop.positions["課長"]]}

    page = sender.post(COMPOSE, desktop.form(do="count", **both))

    assert "いずれか 3人" in words(page)
    assert "両方に当てはまる人 1人" in words(page)
    assert "送信する人数 3 人3 件の連絡先" in words(page)


@pytest.mark.spec("MSG-3")
def test_people_are_found_by_any_form_of_their_name_and_added_one_by_one(
    desktop: Desktop, sender: Client
) -> None:
    found = sender.post(COMPOSE, desktop.form(do="find", person="高崎"))
    assert "髙﨑 𠮷" in words(found)

    added = sender.post(COMPOSE, desktop.form(do=f"add:{desktop.people['井上']}", groups=None))
    assert desktop.people["井上"] == value_of(added, "people")
    assert "送信する人数 1 人" in words(added)

    dropped = sender.post(
        COMPOSE,
        desktop.form(do=f"drop:{desktop.people['井上']}", people=desktop.people["井上"]),
    )
    assert "" == value_of(dropped, "people")
