"""Tokens that are derived and never stored."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain import tokens
from denrei.domain.tokens import ALPHABET, Keyring, Opened, Purpose

OLD, NEW = b"o" * 32, b"n" * 32
RING = Keyring(keys={"a": OLD, "b": NEW}, current="b")
ID = st.integers(0, tokens.MAX_ID) | st.integers(0, 300)
PURPOSE = st.sampled_from(Purpose)


@given(PURPOSE, ID, ID)
def test_a_token_names_what_it_was_made_for(purpose: Purpose, organization: int, sub: int) -> None:
    token = tokens.seal(RING, purpose, organization, sub)

    opened = Opened(organization_id=organization, subject_id=sub)
    assert opened == tokens.open_token(RING, purpose, token)
    assert opened == tokens.open_token(RING, purpose, token.upper())
    assert token == tokens.seal(RING, purpose, organization, sub)
    assert set(token) <= set(ALPHABET)


@given(PURPOSE, ID, ID, st.data())
def test_any_changed_character_closes_it(
    purpose: Purpose, organization: int, sub: int, data: st.DataObject
) -> None:
    token = tokens.seal(RING, purpose, organization, sub)
    place = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.characters() | st.sampled_from(ALPHABET + "ilouILOU"))
    changed = token[:place] + character + token[place + 1 :]
    opened = tokens.open_token(RING, purpose, changed)

    assert (opened is not None) == (character.isascii() and changed.lower() == token)


@given(PURPOSE, ID, ID, st.text(st.sampled_from(ALPHABET), min_size=1, max_size=4))
def test_a_longer_or_shorter_text_is_no_token(
    purpose: Purpose, organization: int, sub: int, more: str
) -> None:
    token = tokens.seal(RING, purpose, organization, sub)
    for forged in (token + more, more + token, token[: -len(more)], token[len(more) :]):
        assert tokens.open_token(RING, purpose, forged) is None


@given(PURPOSE, PURPOSE, ID, ID)
def test_a_token_opens_for_its_own_purpose_only(
    made: Purpose, asked: Purpose, organization: int, sub: int
) -> None:
    token = tokens.seal(RING, made, organization, sub)

    assert (tokens.open_token(RING, asked, token) is not None) == (made is asked)


@given(st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from(ALPHABET)), PURPOSE)
def test_no_text_raises(text: str, purpose: Purpose) -> None:
    assert tokens.open_token(RING, purpose, text) is None


def test_a_retired_key_opens_and_a_removed_one_does_not() -> None:
    token = tokens.seal(Keyring(keys={"a": OLD}, current="a"), Purpose.ANSWER, 7, 4711)

    opened = Opened(organization_id=7, subject_id=4711)
    assert opened == tokens.open_token(RING, Purpose.ANSWER, token)
    assert tokens.open_token(Keyring(keys={"b": NEW}, current="b"), Purpose.ANSWER, token) is None


def test_another_key_of_the_same_id_does_not_open() -> None:
    token = tokens.seal(RING, Purpose.ANSWER, 7, 4711)

    assert tokens.open_token(Keyring(keys={"b": OLD}, current="b"), Purpose.ANSWER, token) is None


@given(st.binary(min_size=32, max_size=200), st.binary(max_size=64))
def test_the_tag_is_an_hmac_of_rfc_2104(key: bytes, message: bytes) -> None:
    ring = Keyring(keys={"0": key}, current="0")

    assert hmac.digest(key, message, hashlib.sha256) == ring.mac("0", message)


@pytest.mark.parametrize(("purpose", "bits"), [(Purpose.ANSWER, 128), (Purpose.BOUNCE, 80)])
def test_mail_links_carry_128_bits_and_return_paths_80(purpose: Purpose, bits: int) -> None:
    nothing_named = len(tokens.seal(RING, purpose, 0, 0)) - 1

    assert 5 * nothing_named >= bits + 8 > 5 * (nothing_named - 2)


@pytest.mark.parametrize("purpose", Purpose)
def test_the_longest_return_token_fits_the_contract_of_channels(purpose: Purpose) -> None:
    longest = len(tokens.seal(RING, purpose, tokens.MAX_ID, tokens.MAX_ID))

    assert longest <= (48 if purpose is Purpose.BOUNCE else 64)


@pytest.mark.parametrize(
    ("keys", "current"),
    [({}, "a"), ({"a": OLD}, "b"), ({"aa": OLD}, "aa"), ({"i": OLD}, "i"), ({"a": b"short"}, "a")],
    ids=["no keys", "current missing", "long id", "id outside the alphabet", "short key"],
)
def test_a_keyring_that_could_not_work_is_refused(keys: dict[str, bytes], current: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Keyring(keys=keys, current=current)


@pytest.mark.parametrize(("organization", "sub"), [(-1, 0), (0, -1), (2**63, 0), (0, 2**63)])
def test_an_id_no_table_has_is_refused(organization: int, sub: int) -> None:
    with pytest.raises(ValueError, match="an id"):
        tokens.seal(RING, Purpose.ANSWER, organization, sub)


def test_keys_are_not_printed() -> None:
    assert "oooo" not in repr(RING)
    assert "nnnn" not in repr(RING)
