"""The part of a report that machines read: RFC 3464, and what its readers made of it.

Some systems leave out the blank line between two recipients, write the fields into the text, or give
`Original-Recipient` alone; all of that is read.
"""

from __future__ import annotations

import re

from denrei.domain.bounces import addresses
from denrei.domain.bounces.said import Said

MOST_RECIPIENTS = 200
_FIELD = re.compile(r"([A-Za-z][\w-]{0,60})[ \t]*:[ \t]*(.*)")
_RECIPIENT_FIELDS = ("final-recipient", "original-recipient", "x-actual-recipient")
_ANY_RECIPIENT = re.compile(r"(?im)^(?:final|original)-recipient[ \t]*:")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_MESSAGE_FIELDS = frozenset(
    {"reporting-mta", "original-envelope-id", "arrival-date", "received-from-mta"}
)
#: `smtp;`, `X-Postfix;`: RFC 3464, 2.3.6.
_DIAGNOSTIC_TYPE = re.compile(r"^\s*(?:smtp|x-[\w-]{1,40}|unknown|dns|local)\s*;\s*", re.IGNORECASE)

Block = dict[str, str]


def is_report(text: str) -> bool:
    """Do the lines of a text have a recipient's field of a report?"""
    return _ANY_RECIPIENT.search(text) is not None


def read_report(text: str) -> tuple[str, list[Said]]:
    """Return the envelope id, "" without one, and what is said of each recipient."""
    envelope, found = "", dict[tuple[str, str], Said]()
    for block in _blocks(text):
        envelope = envelope or block.get("original-envelope-id", "").strip()[:200]
        if (said := _of_block(block)) is not None and len(found) < MOST_RECIPIENTS:
            # An alias that leads to itself is reported once for each round.
            found.setdefault((addresses.key(said.recipient), said.action), said)
    return envelope, list(found.values())


def _of_block(block: Block) -> Said | None:
    final = addresses.of_field(block.get("final-recipient", ""))
    original = addresses.of_field(block.get("original-recipient", ""))
    actual = addresses.of_field(block.get("x-actual-recipient", ""))
    recipient = final or original or actual
    if not recipient:
        return None
    status = _STATUS.search(block.get("status", ""))
    diagnostic = _DIAGNOSTIC_TYPE.sub("", block.get("diagnostic-code", ""))
    words = [diagnostic, _comment(block.get("status", ""))]
    return Said(
        recipient=recipient,
        original=original if original and not addresses.same(original, recipient) else "",
        action=block.get("action", "").strip().lower().partition(" ")[0],
        status=status[1] if status else "",
        words=[said for said in words if said.strip()],
        host=block.get("remote-mta", "").partition(";")[2].strip()[:255],
    )


def _comment(status: str) -> str:
    """Return the words that some systems put after a status: `5.2.2 (Over quota)`."""
    return _STATUS.sub("", status).strip(" ();")


def _blocks(text: str) -> list[Block]:
    """Return the groups of fields; a second recipient, action or status begins a new one."""
    blocks: list[Block] = [{}]
    name = ""
    for line in text.split("\n"):
        if not line.strip():
            name = ""
            if blocks[-1]:
                blocks.append({})
        elif line[:1] in {" ", "\t"} and name:
            blocks[-1][name] += f"\n{line.strip()}"
        elif (given := _FIELD.match(line)) is not None:
            name = given[1].lower()
            if _begins(name, blocks[-1]):
                blocks.append({})
            blocks[-1].setdefault(name, given[2].strip())
        elif name == "diagnostic-code":
            # A diagnostic that was not folded: Exchange and some gateways.
            blocks[-1][name] += f"\n{line.strip()}"
    return _joined(blocks)


def _begins(name: str, block: Block) -> bool:
    if name in {"final-recipient", "action"}:
        return name in block
    return (
        name == "original-recipient"
        and "final-recipient" in block
        and "original-recipient" in block
    )


def _joined(blocks: list[Block]) -> list[Block]:
    """Give action and status that stand apart from their recipient to the block before."""
    joined: list[Block] = []
    for block in blocks:
        has_recipient = any(name in block for name in _RECIPIENT_FIELDS)
        before = joined[-1] if joined else {}
        if (
            not has_recipient
            and any(name in block for name in ("action", "status", "diagnostic-code"))
            and not _MESSAGE_FIELDS & set(block)
            and any(name in before for name in _RECIPIENT_FIELDS)
            and "action" not in before
        ):
            before.update({name: value for name, value in block.items() if name not in before})
        elif block:
            joined.append(block)
    return joined
