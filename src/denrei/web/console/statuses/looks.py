"""How each status looks: shape and icon tell what the colour tells, and where its help is."""

from __future__ import annotations

from collections.abc import Mapping

from denrei.domain.status import Status

#: Class of the tag and icon of each status.
LOOKS: Mapping[Status, tuple[str, str]] = {
    Status.WAITING: ("wait", "clock"),
    Status.IN_PROGRESS: ("busy", "going"),
    Status.DONE: ("ok", "check"),
    Status.BUSY: ("retry", "busy"),
    Status.NO_ANSWER: ("retry", "noans"),
    Status.ADDRESS_ERROR: ("act", "mailx"),
    Status.CALL_REJECTED: ("act", "phonex"),
    Status.WRONG_NUMBER: ("act", "numx"),
    Status.CANCELLED: ("off", "minus"),
    Status.KNOWN_BAD: ("stop", "mailstop"),
    Status.LINE_ERROR: ("retry", "line"),
    Status.NO_DEVICE: ("act", "devx"),
    Status.TOKEN_ERROR: ("act", "token"),
    Status.OTHER_ERROR: ("odd", "other"),
    Status.SMS_IN_PROGRESS: ("busy", "going"),
    Status.SMS_RESEND: ("retry", "going"),
    Status.SMS_DELIVERED: ("ok", "check"),
    Status.SMS_FAILED: ("act", "x"),
    Status.SMS_UNKNOWN: ("odd", "other"),
    Status.SMS_OPTED_OUT: ("off", "minus"),
}


def anchor(status: Status) -> str:
    """Return the name of a status in addresses, of its page and on the list: `address-error`."""
    return status.name.lower().replace("_", "-")
