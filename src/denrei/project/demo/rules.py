"""How the mail world treats an address: rules as data, and real carriers' answers ready to use.

A rule is found by what its `match` looks like, the nearest first: an address (`a@b.example`), the
end of a local part (`+unknown`), a domain (`@b.example`), everybody (`*`).
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


class Act(StrEnum):
    """What the server does with one recipient."""

    #: 250, after `seconds`.
    ACCEPT = "accept"
    #: `code` and `text` in answer to RCPT, then on with the session.
    REFUSE_RCPT = "refuse-rcpt"
    #: `code` and `text` in answer to the final dot: nothing is stored.
    REFUSE_DATA = "refuse-data"
    #: `code` and `text` in answer to the first `times` RCPT for this address, then accepted.
    GREYLIST = "greylist"
    #: The connection ends as soon as a byte of the body has come: nothing is stored.
    CUT_IN_BODY = "cut-in-body"
    #: The message is stored, but the connection ends instead of an answer to the final dot.
    DROP_AFTER_DOT = "drop-after-dot"
    #: 250; some seconds later a report with `code` and `text` comes to the return path.
    RETURN = "return"
    #: `code` and `text` instead of a greeting for the first `times` connections (0: all). The
    #: address is not known then, so `match` is `*`; the rules for recipients are not touched.
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One behaviour and for whom. An answer of 421 ends the connection (RFC 5321, 3.8)."""

    match: str
    act: Act = Act.ACCEPT
    code: int = 550
    #: After the code; `{address}` and `{sender}` are filled in, `\n` makes a reply of many lines.
    text: str = "5.0.0 Refused"
    #: Thinking time before the answer that this rule decides.
    seconds: float = 0.0
    times: int = 1
    #: Answers of this transaction go out one byte at a time, each in a segment of its own.
    drip: bool = False
    #: Accepted with 250 and then thrown away or filed as spam: nobody ever reads it.
    hidden: bool = False

    def reply(self, address: str, sender: str) -> bytes:
        """Return the whole answer as it goes over the wire."""
        text = self.text.replace("{address}", address).replace("{sender}", sender)
        *before, last = text.split("\n")
        lines = [f"{self.code}-{line}" for line in before] + [f"{self.code} {last}"]
        return "".join(line + "\r\n" for line in lines).encode()


ACCEPT = Rule(match="*")

_GMAIL_FULL = (
    "4.2.2 The recipient's inbox is out of storage space. Please direct the\n"
    "4.2.2 recipient to https://support.example/mail/?p=OverQuotaTemp - gsmtp"
)
_GMAIL_UNKNOWN = (
    "5.1.1 The email account that you tried to reach does not exist. Please try\n"
    "5.1.1 double-checking the recipient's email address for typos - gsmtp"
)
_GMAIL_POLICY = (
    "5.7.26 This mail has been blocked because the sender is unauthenticated.\n"
    "5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM - gsmtp"
)


def _rcpt(code: int, text: str) -> Rule:
    return Rule(match="", act=Act.REFUSE_RCPT, code=code, text=text)


def _data(code: int, text: str) -> Rule:
    return Rule(match="", act=Act.REFUSE_DATA, code=code, text=text)


#: What carriers and big providers really say. The same text means an unknown user at RCPT and the
#: recipient's own filter after DATA (docomo, au); many filters say 250 and show nobody the mail.
ANSWERS: Mapping[str, Rule] = {
    "docomo-unknown": _rcpt(550, "Unknown user {address}"),
    "docomo-filter": _data(550, "Unknown user {address}"),
    "docomo-full": _data(552, "Too much mail data"),
    "docomo-longline": _data(500, "Line Too Long"),
    "docomo-spam": Rule(match="", hidden=True),
    "au-unknown": _rcpt(550, "<{address}>: User unknown"),
    "au-filter": _data(550, "<{address}>: User unknown"),
    "au-form": _rcpt(554, "<{address}>: Relay access denied"),
    "au-silent": Rule(match="", hidden=True),
    "softbank-unknown": _rcpt(550, "Invalid recipient: <{address}>"),
    "softbank-sender": _rcpt(553, "5.1.8 Domain of sender address {sender} does not exist"),
    "softbank-silent": Rule(match="", hidden=True),
    "gmail-unknown": _rcpt(550, _GMAIL_UNKNOWN),
    "gmail-full": _rcpt(452, _GMAIL_FULL),
    "gmail-policy": _data(550, _GMAIL_POLICY),
    "yahoo-unknown": _data(
        554, "delivery error: dd This user doesn't have a yahoo.co.jp account ({address})"
    ),
    "icloud-unknown": _rcpt(550, "5.1.1 <{address}>: user does not exist"),
    "icloud-filter": _data(550, "5.2.0 <{address}>: message refused"),
    "relay-unknown": Rule(
        match="",
        act=Act.RETURN,
        text="5.1.1 <{address}>: Recipient address rejected: User unknown",
        hidden=True,
    ),
    "greylisted": Rule(
        match="", act=Act.GREYLIST, code=451, text="4.7.1 <{address}>: Greylisted, try again later"
    ),
    "slow": Rule(match="", seconds=2.0),
    "cut": Rule(match="", act=Act.CUT_IN_BODY),
    "drop": Rule(match="", act=Act.DROP_AFTER_DOT),
    "drip": Rule(match="", drip=True),
}


def answer(name: str, match: str) -> Rule:
    """Return the ready answer `name` for whoever `match` means. KeyError: no such answer."""
    return dataclasses.replace(ANSWERS[name], match=match)


#: Every ready answer by the end of the local part: `anybody+docomo-filter@any.example`.
BY_SUFFIX: tuple[Rule, ...] = tuple(answer(name, f"+{name}") for name in ANSWERS)


class RuleBook:
    """Finds the rule of an address; the first rule given wins among equally near ones."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._exact: dict[str, Rule] = {}
        self._domains: dict[str, Rule] = {}
        self._suffixes: dict[str, Rule] = {}
        self._all = ACCEPT
        #: The rule for connections, where there is one.
        self.busy: Rule | None = None
        # The last write wins in a dictionary, the first rule shall.
        for rule in reversed(list(rules)):
            self._take(rule)
        self._ends = tuple(self._suffixes)

    def _take(self, rule: Rule) -> None:
        if rule.act is Act.BUSY:
            self.busy = rule
        elif rule.match == "*":
            self._all = rule
        elif rule.match.startswith("@"):
            self._domains[rule.match.lower()] = rule
        elif "@" in rule.match:
            self._exact[rule.match] = rule
        else:
            self._suffixes[rule.match] = rule

    def find(self, address: str) -> Rule:
        """Return the rule for `address`, whose domain is in lower case."""
        exact = self._exact.get(address)
        if exact is not None:
            return exact
        local, at, domain = address.rpartition("@")
        if self._ends and local.endswith(self._ends):
            return next(self._suffixes[end] for end in self._ends if local.endswith(end))
        return self._domains.get(at + domain, self._all)


def from_tables(tables: Iterable[Mapping[str, Any]]) -> list[Rule]:
    """Read rules given as tables of `Rule`'s fields; `like` takes a ready answer's as a start.

    TypeError: an unknown field. KeyError: an unknown answer. ValueError: an unknown act.
    """
    return [_from_table(dict(table)) for table in tables]


def _from_table(table: dict[str, Any]) -> Rule:
    like = str(table.pop("like", ""))
    if "act" in table:
        table["act"] = Act(str(table["act"]))
    start = ANSWERS[like] if like else ACCEPT
    return dataclasses.replace(start, **table)


def load(path: Path) -> list[Rule]:
    """Read a rules file: an array `rule` of tables, as TOML (`.toml`) or as JSON."""
    text = path.read_text(encoding="utf-8")
    tables = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    return from_tables(tables["rule"])


def dump(rules: Iterable[Rule], path: Path) -> None:
    """Write rules as JSON that `load` reads."""
    tables = [dataclasses.asdict(rule) for rule in rules]
    path.write_text(json.dumps({"rule": tables}, ensure_ascii=False), encoding="utf-8")
