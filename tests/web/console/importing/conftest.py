"""A file of people, and the page that takes it; all of a test happens in one transaction."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.directory.intake import beating
from denrei.directory.intake.models import PeopleImport

PEOPLE = """\
利用者コード,氏名,連絡グループ,メールアドレス,備考
1,山田太郎,1年,taro@example.jp,x
2,佐藤,1年,=1,y
3,髙﨑𠮷,2年,a..b@docomo.ne.jp,z
"""
IMPORT = "/console/people/import/"
Send = Callable[..., PeopleImport]


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give no sign of life by another connection: it would not see what is not committed."""
    monkeypatch.setattr(beating, "EVERY", 3_600.0)


def upload(content: str | bytes = PEOPLE, name: str = "名簿.csv") -> io.BytesIO:
    """Return a file as a browser would send it."""
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return file


def text_of(client: Client, address: str) -> str:
    """Return a page."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def send(city: Organization, admin: Client) -> Send:
    """Choose a file by the page; return the import that it began."""

    def sent(
        content: str | bytes = PEOPLE, *, client: Client = admin, create: bool = True
    ) -> PeopleImport:
        asked = {"file": upload(content), **({"create_missing": "on"} if create else {})}
        response = client.post(IMPORT, asked)
        assert response.status_code == 302, response.content.decode()
        with tenancy.acting_for(city.pk):
            one = PeopleImport.objects.newest_first()[0]
        assert response["Location"] == f"{IMPORT}{one.pk}/"
        return one

    return sent
