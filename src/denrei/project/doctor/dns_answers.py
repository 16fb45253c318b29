"""Answers of the DNS within a bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, NoResolverConfiguration, Resolver

#: Seconds for one question and for all of them.
_QUESTION_SECONDS, _ALL_SECONDS = 3.0, 20.0

Address = IPv4Address | IPv6Address


class UnansweredError(Exception):
    """Nobody answered in time, or the answer was an error; the message is the DNS library's."""


class Answers:
    """Asks a resolver; after `seconds` in all, every further question is unanswered."""

    def __init__(
        self,
        resolver: Resolver,
        *,
        seconds: float = _ALL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._resolver = resolver
        self._clock = clock
        self._deadline = clock() + seconds

    def knows_the_world(self, name: str) -> bool:
        """Tell whether the top-level domain of a name exists: not in a network that is closed."""
        return self._asked(name.rpartition(".")[2], "NS") is not None

    def texts(self, name: str) -> list[str] | None:
        """Return the TXT records of a name; None: the name and all below it do not exist."""
        found = self._asked(name, "TXT")
        return found and [b"".join(record.strings).decode("utf-8", "replace") for record in found]

    def addresses(self, name: str) -> set[Address]:
        """Return the addresses of a host, or the one that it is."""
        try:
            return {ip_address(name.strip("[]"))}
        except ValueError:
            found = [*(self._asked(name, "A") or ()), *(self._asked(name, "AAAA") or ())]
            return {ip_address(record.address) for record in found}

    def mail_servers(self, name: str) -> list[str]:
        """Return the hosts that take mail for a domain."""
        return [str(record.exchange) for record in self._asked(name, "MX") or ()]

    def _asked(self, name: str, kind: str) -> list[Any] | None:
        seconds = min(_QUESTION_SECONDS, self._deadline - self._clock())
        if seconds <= 0:
            raise UnansweredError("no time is left")
        try:
            return list(self._resolver.resolve(name, kind, lifetime=seconds, search=False))
        except NXDOMAIN:
            return None
        except NoAnswer:
            return []
        except DNSException as error:
            raise UnansweredError(str(error)) from error


def of_this_machine() -> Answers | None:
    """Return answers by this machine's own resolver; None where it has none."""
    try:
        return Answers(Resolver())
    except NoResolverConfiguration:
        return None
