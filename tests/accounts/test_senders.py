"""Whom a receiver sees."""

from __future__ import annotations

import pytest

from denrei.accounts import organizations, senders, tenancy, units


@pytest.mark.django_db
@pytest.mark.spec("OPS-6", "SCH-1")
def test_a_school_sends_as_itself_and_takes_the_rest_from_above() -> None:
    city = organizations.create(
        "city", "市", sender_address="city@example.jp", reply_to="r@example.jp"
    )
    with tenancy.acting_for(city.pk):
        board = units.add(city, "B", "教育委員会")
        school = units.add(city, "S", "中央小学校", parent=board)
        school.sender_name, school.sender_address = "中央小学校", "chuo@mail.example.jp"
        school.save(update_fields=["sender_name", "sender_address"])
        board.reply_to = "board@example.jp"
        board.save(update_fields=["reply_to"])

        found = senders.identity(city, school)
        whole = senders.identity(city)

    assert found == senders.Identity(
        name="中央小学校", address="chuo@mail.example.jp", reply_to="board@example.jp"
    )
    assert whole == senders.Identity(address="city@example.jp", reply_to="r@example.jp")
