"""A city with its words and people, and a file that describes a broadcast to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import Organization, Preset, Unit
from denrei.broadcasts import presets
from denrei.deliveries.models import Lane
from denrei.directory.models import ContactGroup, Position, Recipient, RecipientState
from denrei.domain.states import Medium
from tests.project.broadcast_file.written import File


@pytest.fixture
def city() -> Organization:
    """Return a city with its words, a unit, groups, positions and people."""
    made = organizations.create(
        "city", "伝令市", Preset.CITY, sender_name="伝令市役所", reply_to="kiki@example.jp"
    )
    presets.furnish(made)
    with tenancy.acting_for(made.pk):
        units.add(made, "H10", "本庁")
        school = units.add(made, "S1", "中央小学校")
        Unit.objects.filter(pk=school.pk).update(sender_address="chuo@example.jp")
        for table in (ContactGroup, Position):
            for code, name in (("1", "本部員"), ("2", "参集第1班"), ("3", "同名"), ("4", "同名")):
                table.objects.create(organization=made, code=code, name=name)
        Position.objects.create(organization=made, code="9", name="課長")
        for code, name in (("A1", "佐藤"), ("A2", "佐藤"), ("", "番号なし")):
            Recipient.objects.create(organization=made, code=code, name=name)
        Recipient.objects.create(
            organization=made, code="A9", name="退職者", state=RecipientState.LEFT
        )
        Lane.objects.create(organization=made, medium=Medium.MAIL, name="mail")
    return made


@pytest.fixture
def file(tmp_path: Path) -> File:
    """Return a file of the test's own."""
    return File(tmp_path)
