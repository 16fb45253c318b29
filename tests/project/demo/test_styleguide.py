"""The page of samples shows every component that there is."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.template.engine import Engine
from django.test import Client
from pytest_django import Settings

from denrei.project.demo.styleguide.colours import colours, contrast

COMPONENTS = Path(Engine.get_default().get_template("cotton/say.html").origin.name).parent


@pytest.fixture
def page(settings: Settings) -> str:
    settings.ROOT_URLCONF = "tests.project.demo.handsets.urls"
    return Client().get("/styleguide/").content.decode()


def test_each_component_has_a_sample(page: str) -> None:
    shown = set(re.findall(r"<c-([a-z]+)", html.unescape(page)))

    assert {file.stem for file in COMPONENTS.glob("*.html")} - shown == {"icon", "title"}


def test_text_on_white_can_be_read_or_is_no_text() -> None:
    text = {"ink", "text", "sub", "act", "ok-ink", "warn-ink", "bad-ink", "drill", "live"}

    assert {
        one.name: one.on_white >= 4.5 for one in colours() if one.name in text
    } == dict.fromkeys(text, True)


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("000000", "ffffff", 21.0), ("777777", "ffffff", 4.48)]
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)
