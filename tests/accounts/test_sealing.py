"""Secrets at rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from denrei.accounts import sealing


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_is_opened_and_not_seen(secret: str) -> None:
    sealed = sealing.seal(secret)

    assert secret == sealing.unseal(sealed)
    assert len(secret) < 4 or secret not in sealed


def test_a_retired_key_opens_what_it_sealed(settings: Settings) -> None:
    settings.SECRET_KEY = "first"
    sealed = sealing.seal("secret")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second", ["first"]

    assert "secret" == sealing.unseal(sealed)


@pytest.mark.parametrize("broken", ["", "plain", "髙"])
def test_what_no_key_opens_is_an_error(broken: str) -> None:
    with pytest.raises(sealing.SealBrokenError):
        sealing.unseal(broken)


def test_another_key_opens_nothing(settings: Settings) -> None:
    sealed = sealing.seal("secret")
    settings.SECRET_KEY = "another"

    with pytest.raises(sealing.SealBrokenError):
        sealing.unseal(sealed)
