"""An address or a number as somebody typed it, for one medium: as it is sent, and as it is compared."""

from __future__ import annotations

from dataclasses import dataclass

from denrei.domain import email_address, phone
from denrei.domain.states import Medium

#: Media whose contacts people type; a device of the app registers itself (EMC-10).
TYPED = (Medium.MAIL, Medium.SMS, Medium.PHONE)


class InvalidContactError(ValueError):
    """Nobody can be reached there by that medium; `str()` gives the words for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where one contact is."""

    #: As it is sent.
    address: str
    #: Two that are the same place have the same key.
    key: str


def read(typed: str, medium: Medium) -> Address:
    """Read what was typed. Raises InvalidContactError (SMS-2)."""
    try:
        if medium is Medium.MAIL:
            mail = email_address.parse(typed)
            return Address(address=mail.address, key=mail.key)
        number = phone.parse(typed, medium).e164
    except (email_address.InvalidAddressError, phone.InvalidNumberError) as error:
        raise InvalidContactError(str(error)) from error
    return Address(address=number, key=number)


def is_legacy(address: str) -> bool:
    """Tell whether a mail address has the form that docomo and au gave out before 2009."""
    return email_address.on_the_wire(address) != address


def shown(address: str, medium: Medium) -> str:
    """Return an address as pages and files show it; "" for a device of the app: nobody knows it by that."""
    return "" if medium is Medium.APP else written(address, medium)


def written(address: str, medium: Medium) -> str:
    """Return an address as people read it: a number of Japan with its 0 and with hyphens.

    The groups of a fixed line's number differ by place; here they follow the eight last digits.
    """
    if medium not in (Medium.SMS, Medium.PHONE) or not address.startswith("+81"):
        return address
    digits = f"0{address[3:]}"
    return f"{digits[:-8]}-{digits[-8:-4]}-{digits[-4:]}"
