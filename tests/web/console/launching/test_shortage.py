"""The console when the database can't work: refused in plain words, and what was typed is kept (ALL-1)."""

from __future__ import annotations

import html
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.test import Client

from denrei.accounts.models import Organization
from denrei.broadcasts.models import Draft
from tests.web.console.launching import pages

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("ALL-1")]

#: What PostgreSQL says: class 53, insufficient resources; class 57, operator intervention.
_FULL, _AWAY = "53100", "57P01"
_TRIGGER = """
CREATE FUNCTION nothing_goes() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{}'; END $$;
CREATE TRIGGER nothing_goes BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION nothing_goes();
"""
_NO_TRIGGER = "DROP FUNCTION nothing_goes() CASCADE"


@contextmanager
def failing(code: str, table: str) -> Iterator[None]:
    """Let every write to a table fail as PostgreSQL itself fails."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        owner.execute(_TRIGGER.format(code, table).encode())
        try:
            yield
        finally:
            owner.execute(_NO_TRIGGER.encode())


@pytest.mark.parametrize(
    ("code", "words"), [(_FULL, "ディスクに空きがない"), (_AWAY, "少し待ってから")]
)
def test_a_press_is_refused_and_can_be_pressed_again(
    code: str, words: str, staffed: Organization, desk_of_sender: Client, draft: Draft
) -> None:
    fields = pages.fields(pages.show(desk_of_sender, draft))
    desk_of_sender.raise_request_exception = False

    with failing(code, "broadcast"):
        typed = fields | {"typed": "<3>", "password": "secret"}
        refused = desk_of_sender.post(pages.address(draft), typed)
    assert b'name="typed" value="&lt;3&gt;"' in refused.content
    assert b"secret" not in refused.content
    page = html.unescape(refused.content.decode())

    assert (503, "30") == (refused.status_code, refused.headers["Retry-After"])
    assert words in page
    assert f'action="{pages.address(draft)}"' in page
    assert fields == pages.fields(page)
    assert [] == pages.broadcasts(staffed)
    assert 302 == desk_of_sender.post(pages.address(draft), pages.fields(page)).status_code
    assert 1 == len(pages.broadcasts(staffed))
