"""What a row makes of the contacts that a person has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from denrei.directory.importing.contacts import merge
from denrei.directory.importing.known import ContactEntry
from denrei.directory.importing.wanted import WantedContact
from denrei.directory.models import ContactState
from denrei.domain.states import Medium

A = ContactEntry(
    id=1,
    medium=Medium.MAIL,
    address="a@example.jp",
    key="a@example.jp",
    slot=1,
    receives=True,
    state=ContactState.CONFIRMED,
)
B = replace(A, id=2, address="b@example.jp", key="b@example.jp", slot=2)
RETIRED = int(ContactState.RETIRED)


def mail(address: str | None, slot: int = 1, receives: bool | None = None) -> WantedContact:
    """Return what a row says of a mail address."""
    key = address.lower() if address else ""
    return WantedContact(medium=Medium.MAIL, slot=slot, address=address, key=key, receives=receives)


@pytest.mark.parametrize(
    ("wanted", "touched", "titles"),
    [
        pytest.param((), (), (), id="nothing said"),
        pytest.param((mail("a@example.jp"),), (), (), id="the same said again"),
        pytest.param(
            (mail("A@example.jp"),),
            (replace(A, address="A@example.jp"),),
            ("メールアドレス1",),
            id="spelt otherwise: stays confirmed",
        ),
        pytest.param(
            (mail(""),), (replace(A, state=RETIRED),), ("メールアドレス1",), id="removed: retired"
        ),
        pytest.param(
            (mail("b@example.jp"),),
            (replace(B, slot=1), replace(A, state=RETIRED)),
            ("メールアドレス1",),
            id="moved up: the other gives way",
        ),
        pytest.param(
            (mail("b@example.jp", 1), mail("a@example.jp", 2)),
            (replace(B, slot=1), replace(A, slot=2)),
            ("メールアドレス1", "メールアドレス2"),
            id="changed places: both stay confirmed",
        ),
        pytest.param(
            (mail(None, 2, receives=False),),
            (replace(B, receives=False),),
            ("受信する2",),
            id="receives no longer",
        ),
        pytest.param((mail(None, 4, receives=False),), (), (), id="an empty slot receives nothing"),
    ],
)
def test_a_row_touches_what_it_names(
    wanted: tuple[WantedContact, ...], touched: tuple[ContactEntry, ...], titles: tuple[str, ...]
) -> None:
    merged = merge((A, B), wanted)

    assert (merged.touched, merged.titles) == (touched, titles)


def test_a_new_address_retires_the_old_one_and_has_to_be_confirmed() -> None:
    new, old = merge((A,), (mail("c@example.jp"),)).touched

    assert (new.id, new.state, new.receives) == (None, ContactState.UNCONFIRMED, True)
    assert old == replace(A, state=RETIRED)


def test_a_retired_address_comes_back_unconfirmed() -> None:
    (back,) = merge((replace(A, state=RETIRED),), (mail("a@example.jp", 3),)).touched

    assert (back.id, back.slot, back.state) == (1, 3, ContactState.UNCONFIRMED)
