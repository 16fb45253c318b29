"""One line of the mail servers' log as a person with a phone would tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from denrei.deliveries import links
from denrei.domain import tokens
from denrei.project.demo import rules


class Fate(StrEnum):
    """What became of a mail at the servers."""

    #: It lies in the inbox.
    RECEIVED = "received"
    #: The server took it, and nobody ever sees it.
    HIDDEN = "hidden"
    #: The server would not have it now, and perhaps later.
    DELAYED = "delayed"
    #: The address was refused.
    REFUSED = "refused"
    #: The mail was refused after it had been read: a filter.
    FILTERED = "filtered"
    #: The connection was turned away or broke, before anybody was named or heard of.
    CUT = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One thing that the servers did with one address."""

    at: datetime
    address: str
    fate: Fate
    #: The delivery of the ledger that it was about, by what the mail itself says; None: none.
    delivery: int | None
    #: What the server said where it did not take the mail.
    reply: str = ""
    subject: str = ""
    author: str = ""
    text: str = ""
    #: Of the answer page; "" where the mail has none.
    url: str = ""
    #: With its brackets; "" where the mail was not taken.
    message_id: str = ""


def fate(event: Mapping[str, object]) -> Fate:
    """Tell what became of a mail."""
    if event["event"] == "accepted":
        return Fate.HIDDEN if event.get("hidden") else Fate.RECEIVED
    if event["event"] != "refused" or not event["rcpt"]:
        return Fate.CUT
    if int(str(event["code"])) < 500:
        return Fate.DELAYED
    return Fate.FILTERED if event["phase"] == "data" else Fate.REFUSED


def arrival(event: Mapping[str, object], answer_pages: str) -> Arrival:
    """Read a line; an address that begins with `answer_pages` is that of an answer page."""
    found = fate(event)
    urls = event.get("urls", ())
    assert isinstance(urls, list | tuple)
    return Arrival(
        at=datetime.fromtimestamp(float(str(event["at"])), UTC),
        address=str(event["rcpt"]),
        fate=found,
        delivery=_by_id(event) if event["event"] == "accepted" else _by_return_path(event),
        reply=_reply(event),
        subject=str(event.get("subject", "")),
        author=str(event.get("author", "")),
        text=str(event.get("text", "")),
        message_id=_message_id(event),
        url=next((str(url) for url in urls if str(url).startswith(answer_pages)), ""),
    )


def _message_id(event: Mapping[str, object]) -> str:
    written = str(event.get("id", "")).strip("<>")
    return f"<{written}>" if written and event["event"] == "accepted" else ""


def _reply(event: Mapping[str, object]) -> str:
    if event["event"] != "refused":
        return ""
    rule = rules.Rule(match="", code=int(str(event["code"])), text=str(event["text"]))
    return rule.reply(str(event["rcpt"]), str(event["sender"])).decode().strip()


def _by_id(event: Mapping[str, object]) -> int | None:
    found = links.named(str(event["id"]))
    return found.delivery_id if found else None


def _by_return_path(event: Mapping[str, object]) -> int | None:
    token = str(event["sender"]).partition("@")[0].partition("+")[2]
    opened = tokens.open_token(links.keyring(), tokens.Purpose.BOUNCE, token)
    return opened.subject_id if opened else None


def delivery_of(url: str) -> int | None:
    """Return the delivery whose answer page this is; None where it is no such address."""
    token = url.rpartition("/")[2]
    opened = tokens.open_token(links.keyring(), tokens.Purpose.ANSWER, token)
    return opened.subject_id if opened else None
