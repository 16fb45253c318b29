"""Bounces that Amazon SES tells by SNS: a mail whose text is JSON (SES developer guide).

Read by its fields, not parsed: relays fold the one long line, and JSON may nest without a bound.
"""

from __future__ import annotations

import re

from denrei.domain.bounces import addresses
from denrei.domain.bounces.mime import Mail
from denrei.domain.bounces.said import Said

_MOST_TEXT = 16_000
_SNS = re.compile(r'"Type"\s?:|"notificationType"\s?:')
_TYPE = re.compile(r'"notificationType":"(Bounce|Complaint|Delivery)"')
_RECIPIENT = re.compile(r'"emailAddress":"([^"@]{1,64}@[^"@]{1,189})"([^{}]{0,2000})')
_FIELD = re.compile(r'"(action|status|diagnosticCode)":"([^"]{0,1000})"')
#: Of a delivery the addresses alone are given.
_DELIVERED = re.compile(r'"recipients":\[([^\]]{1,4000})\]')
#: A line longer than RFC 5321's 998 is folded so by Sendmail.
_FOLD = re.compile(r"!\s")


def read_notification(mail: Mail) -> list[Said] | None:
    """Return what a notification says of each recipient; None where the mail is none."""
    given = next((part.text for part in mail.parts if part.kind == "text/plain"), "")
    if _SNS.search(given[:200]) is None:
        return None
    text = _FOLD.sub("", "".join(given[:_MOST_TEXT].split("\n"))).replace('\\"', '"')
    kind = _TYPE.search(text)
    if kind is None:
        return None
    if kind[1] == "Bounce":
        return [_bounced(found) for found in _RECIPIENT.finditer(text)] or None
    reached = _RECIPIENT.finditer(text) if kind[1] == "Complaint" else _DELIVERED.finditer(text)
    named = [address for found in reached for _, address in addresses.all_in(found[1])]
    return [Said(recipient=address, action="delivered") for address in named] or None


def _bounced(found: re.Match[str]) -> Said:
    fields = dict(_FIELD.findall(found[2]))
    return Said(
        recipient=found[1],
        action=fields.get("action", "failed"),
        status=fields.get("status", ""),
        words=[fields.get("diagnosticCode", "")],
    )
