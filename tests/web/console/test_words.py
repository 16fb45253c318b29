"""The console in English: the catalog holds what the source says, and no page forgets a word."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from django.conf import settings
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.test import Client
from django.urls import reverse

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import Organization, Preset
from denrei.broadcasts import presets
from denrei.broadcasts.models import AnswerChoice, IncidentType, Instruction, Situation
from tests.web.console.belongings import Belongings, belongings
from tests.web.console.conftest import browser, hire
from tests.web.console.reading import japanese_of
from tests.web.console.test_isolation import ask, every_address
from tools import messages

_PLACEHOLDER = re.compile(r"%\(\w+\)[ds]|\{\w+\}")
_TAG = re.compile(r"<[^>]+>")
#: What is Japanese in the data of these tests, and what a file of people says in Japanese.
DATA = frozenset({"さん", "の人", "の定型", "防災課"})
DATA |= {"削除", "日本語", "英語", "在籍", "退会", "メールアドレス"}


def translated() -> list[Message]:
    """Return the messages of the catalog without its head."""
    return [message for message in messages.catalog() if message.id]


def _forms(words: object) -> list[str]:
    return list(words) if isinstance(words, list | tuple) else [str(words)]


@pytest.mark.spec("ALL-6")
def test_the_catalog_holds_exactly_what_the_source_says() -> None:
    source = {str(message.id) for message in messages.renewed() if message.id}

    assert source == {str(message.id) for message in translated()}, "run: make messages"


@pytest.mark.spec("ALL-6")
def test_everything_is_translated_and_nothing_is_a_guess() -> None:
    left = [m.id for m in translated() if m.fuzzy or not messages.is_translated(m)]

    assert left == [], "translate them in django.po, then run: make messages"


@pytest.mark.spec("ALL-6")
def test_what_django_reads_is_compiled_from_the_catalog() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, messages.catalog())

    assert compiled.getvalue() == messages.CATALOG.with_suffix(".mo").read_bytes()


@pytest.mark.spec("ALL-6")
def test_a_translation_fills_in_what_its_source_fills_in() -> None:
    for message in translated():
        asked = sorted(_PLACEHOLDER.findall(_forms(message.id)[0]))
        for form in _forms(message.string):
            assert asked == sorted(_PLACEHOLDER.findall(form)), form


@pytest.mark.spec("ALL-6")
def test_a_translation_keeps_the_markup_of_its_source() -> None:
    for message in translated():
        for form in _forms(message.string):
            assert _TAG.findall(_forms(message.id)[0]) == _TAG.findall(form), form


@pytest.mark.spec("ALL-6")
def test_english_has_a_form_for_one_and_a_form_for_more() -> None:
    assert (2, "(n != 1)") == (messages.catalog().num_plurals, messages.catalog().plural_expr)


@pytest.fixture
def abroad(db: None) -> Organization:
    """An organization whose own words are not Japanese."""
    created = organizations.create("tideford", "Tideford", Preset.CITY)
    presets.furnish(created)
    with tenancy.acting_for(created.pk):
        for table in (AnswerChoice, IncidentType, Instruction, Situation):
            name = Concat(Value("Word "), Cast(F("pk"), CharField()))
            table.objects.update(name=name)
    return created


@pytest.fixture
def things(abroad: Organization) -> Belongings:
    """One of each thing that an address can name."""
    return belongings(abroad, units.add(abroad, "N1", "North School"), "mark")


def in_english(client: Client) -> Client:
    """Choose English as the header does."""
    client.post(reverse("console:language"), {"language": "en"})
    return client


def pages(client: Client, things: Belongings) -> Iterator[tuple[str, str]]:
    """Yield name and text of each page that an administrator can open."""
    for address in every_address():
        status, text = ask(client, "GET", address.path(things))
        if status == HTTPStatus.OK and "<html" in text[:200]:
            yield address.name, text


@pytest.mark.spec("ALL-6")
def test_no_page_of_the_console_forgets_to_speak_english(
    abroad: Organization, things: Belongings
) -> None:
    client = in_english(browser(abroad, hire(abroad, "admin")))

    found = {name: set(japanese_of(text)) - DATA for name, text in pages(client, things)}

    assert len(found) > 30
    assert [] == [f"{name}: {', '.join(sorted(runs))}" for name, runs in found.items() if runs]


@pytest.mark.spec("ALL-6")
def test_the_door_speaks_english(abroad: Organization) -> None:
    text = in_english(Client()).get(reverse("console:sign-in")).content.decode()

    assert [] == japanese_of(text)
    assert '<html lang="en">' in text


@pytest.mark.spec("ALL-6")
def test_dates_are_written_as_the_language_of_the_page_writes_them(
    abroad: Organization, things: Belongings
) -> None:
    client = browser(abroad, hire(abroad, "admin"))
    path = reverse("console:broadcast", args=[things.of("console:broadcast", "broadcast_id")])

    japanese = client.get(path).content.decode()
    english = in_english(client).get(path).content.decode()

    assert re.search(r"20\d\d年\d{1,2}月\d{1,2}日（[日月火水木金土]）\d\d:\d\d:\d\d", japanese)
    assert re.search(r"[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} 20\d\d, \d\d:\d\d:\d\d", english)


@pytest.mark.spec("ALL-6")
def test_the_language_is_changed_at_the_top_of_every_page_and_kept(abroad: Organization) -> None:
    client = browser(abroad, hire(abroad, "admin"))
    here = reverse("console:people") + "?q=x"

    response = client.post(reverse("console:language"), {"language": "en", "next": here})

    assert (HTTPStatus.FOUND, here) == (response.status_code, response.headers["Location"])
    assert '<html lang="en">' in client.get(here).content.decode()
    assert 'value="ja" lang="ja">日本語</button>' in client.get(here).content.decode()


@pytest.mark.spec("ALL-6")
def test_a_language_that_there_is_not_changes_nothing(db: None) -> None:
    client = Client()

    client.post(reverse("console:language"), {"language": "tlh"})

    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies
