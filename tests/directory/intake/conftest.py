"""An organization and an operator whose work is committed, so that a worker sees it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Operator, Organization, Preset, Unit
from denrei.directory.intake import receiving
from denrei.directory.intake.models import PeopleImport

PEOPLE = """\
利用者コード,氏名,連絡グループ,メールアドレス,備考
1,山田太郎,1年,taro@example.jp,x
2,佐藤,1年,=1,y
3,髙﨑𠮷,2年,takasaki@example.jp,z
"""


def hire(organization: Organization, login: str, unit: Unit | None = None) -> Operator:
    """Create an operator."""
    with tenancy.acting_for(organization.pk):
        return Operator.objects.create(
            organization=organization, login=login, name=f"{login}さん", role="admin", unit=unit
        )


@pytest.fixture
def town(committed: None) -> Organization:
    return organizations.create("town", "汐見町", Preset.CITY)


@pytest.fixture
def clerk(town: Organization) -> Operator:
    """An operator of the whole town."""
    return hire(town, "clerk")


@pytest.fixture
def receive(town: Organization, clerk: Operator) -> Callable[..., PeopleImport]:
    """Return the verb with an operator at hand: text or bytes, and what it allows."""

    def received(
        content: str | bytes = PEOPLE, *, create: bool = True, actor: Operator = clerk
    ) -> PeopleImport:
        data = content.encode() if isinstance(content, str) else content
        return receiving.receive(town, actor, io.BytesIO(data), "名簿.csv", create_missing=create)

    return received


def now_of(one: PeopleImport) -> PeopleImport:
    """Return an import as it is by now."""
    with tenancy.acting_for(one.organization_id):
        return PeopleImport.objects.select_related("unit").get(pk=one.pk)
