"""SPF records: their grammar, and whom they plainly allow (RFC 7208)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

_DOMAIN = r"[!-.0-~]+"
_LENGTHS = r"(?:/\d{1,2})?(?://\d{1,3})?"
#: What may follow the name of each mechanism (RFC 7208, 5).
_ARGUMENTS = {
    "all": r"",
    "include": rf":{_DOMAIN}",
    "a": rf"(?::{_DOMAIN})?{_LENGTHS}",
    "mx": rf"(?::{_DOMAIN})?{_LENGTHS}",
    "ptr": rf"(?::{_DOMAIN})?",
    "ip4": r":[\d.]+(?:/\d{1,2})?",
    "ip6": r":[\dA-Fa-f:.]+(?:/\d{1,3})?",
    "exists": rf":{_DOMAIN}",
}
_MECHANISM = re.compile(r"([-+?~]?)([A-Za-z][A-Za-z0-9._-]*)(.*)")
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)=(\S*)")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NETWORKS: dict[str, type[Network]] = {
    "ip4": ipaddress.IPv4Network,
    "ip6": ipaddress.IPv6Network,
}
#: Terms that make the receiver ask the DNS; more than ten are an error (RFC 7208, 4.6.4).
_ASKING = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
_MOST_QUESTIONS = 10


class SpfError(ValueError):
    """A record that receivers refuse as a whole ("permerror"); the message says why, in Japanese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One directive or modifier."""

    #: "+", "-", "~", "?"; "=" for a modifier.
    qualifier: str
    #: In small letters.
    name: str
    #: Domain or network, without lengths of prefixes for `a` and `mx`.
    value: str


def is_spf(record: str) -> bool:
    """Tell whether a TXT record is meant as SPF (RFC 7208, 4.5)."""
    return record.lower() == "v=spf1" or record.lower().startswith("v=spf1 ")


def parse(record: str) -> tuple[Term, ...]:
    """Return the terms of a record that `is_spf`. Raises SpfError."""
    terms = tuple(_term(word) for word in record.split(" ")[1:] if word)
    names = [term.name for term in terms]
    for name in ("redirect", "exp"):
        if names.count(name) > 1:
            raise SpfError(f"{name} が2つ以上あります")
    if sum(name in _ASKING for name in names) > _MOST_QUESTIONS:
        raise SpfError(f"DNS への問い合わせが{_MOST_QUESTIONS}回を超えます")
    return terms


def _term(word: str) -> Term:
    modifier = _MODIFIER.fullmatch(word)
    if modifier and modifier[1].lower() not in _ARGUMENTS:
        return Term(qualifier="=", name=modifier[1].lower(), value=modifier[2])
    found = _MECHANISM.fullmatch(word)
    name = found[2].lower() if found else ""
    if not found or name not in _ARGUMENTS or not re.fullmatch(_ARGUMENTS[name], found[3]):
        raise SpfError(f"「{word}」の書き方に誤りがあります")
    argument = found[3].removeprefix(":") if found[3].startswith(":") else ""
    if name in _NETWORKS:
        _check_network(name, argument, word)
    else:
        argument = argument.partition("/")[0]
    return Term(qualifier=found[1] or "+", name=name, value=argument)


def _check_network(name: str, network: str, word: str) -> None:
    try:
        _NETWORKS[name](network, strict=False)
    except ValueError as error:
        raise SpfError(f"「{word}」のアドレスに誤りがあります") from error


def networks(terms: tuple[Term, ...]) -> list[Network]:
    """Return the networks that are allowed by address."""
    return [
        _NETWORKS[term.name](term.value, strict=False)
        for term in terms
        if term.name in _NETWORKS and term.qualifier == "+"
    ]
