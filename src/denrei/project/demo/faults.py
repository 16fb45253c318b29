"""What can be broken on purpose while the demo runs, and what the mail servers then do.

The file of faults says of each until when (seconds since 1970): `{"closed": 1795942356.2}`.
"""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from denrei.project.demo.rules import Act, Rule


class Fault(StrEnum):
    """One way to break the mail servers."""

    #: Every new connection is turned away, and an open one at its next message.
    CLOSED = "closed"
    #: Each message is answered late.
    SLOW = "slow"
    #: Some addresses, always the same ones, are refused.
    REFUSING = "refusing"


#: Of a hundred addresses, how many are refused.
REFUSED_SHARE = 30
#: Seconds until each answer to a message.
SLOW_SECONDS = 3.0
_BUSY = Rule(
    match="*", act=Act.BUSY, code=421, text="4.3.2 Service not available, try again later", times=0
)
_REFUSAL = Rule(
    match="", act=Act.REFUSE_DATA, code=550, text="5.7.1 <{address}>: Message refused by policy"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is broken at one moment."""

    kinds: frozenset[Fault] = frozenset()

    @property
    def busy(self) -> Rule | None:
        """Return what every connection gets instead of service, where it gets none."""
        return _BUSY if Fault.CLOSED in self.kinds else None

    def upon(self, address: str, rule: Rule) -> Rule:
        """Return what becomes of an address whose own rule is `rule`."""
        if not self.kinds:
            return rule
        if Fault.REFUSING in self.kinds and rule.act is Act.ACCEPT and is_unlucky(address):
            rule = _REFUSAL
        if Fault.SLOW in self.kinds:
            rule = dataclasses.replace(rule, seconds=max(rule.seconds, SLOW_SECONDS))
        return rule


NOTHING = Faults()


def is_unlucky(address: str) -> bool:
    """Tell whether an address is among those that REFUSING refuses."""
    return zlib.crc32(address.encode()) % 100 < REFUSED_SHARE


def at(said: Mapping[str, Any], now: float) -> Faults:
    """Return what a file says is broken at `now`, in seconds since 1970."""
    kinds = frozenset(fault for fault in Fault if float(said.get(fault, 0)) > now)
    return Faults(kinds=kinds) if kinds else NOTHING
