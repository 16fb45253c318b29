"""Channel `simulator`: outcomes by script, for rehearsals that reach nobody, and for tests.

What happens to an address is decided by rules: the first whose pattern occurs in the address. A
rule tells the outcome of each try; the last one repeats. Without a rule everything is accepted.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from denrei.channels import (
    Accepted,
    Callback,
    Outcome,
    Outgoing,
    SendError,
    WithheldError,
)
from denrei.domain.failures import CONSEQUENCES, Reason
from denrei.domain.states import Medium, Phase

#: A rule's outcome that is no failure.
ACCEPT = "accept"
_KNOWN = {ACCEPT, *(reason.name for reason in Reason if reason is not Reason.NONE)}
#: Seconds.
_LONGEST_DELAY = 3600
_MOST_LINES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """Accepts, refuses or doubts by rule, after a delay."""

    kind: ClassVar[str] = "simulator"
    medium: ClassVar[Medium] = Medium.MAIL
    #: Part of an address → outcomes of the first, second, … try: "accept" or a Reason's name.
    rules: dict[str, list[str]] = field(default_factory=dict)
    #: Seconds that handing one message over takes.
    delay: float = 0.0
    #: How many at once.
    lines: int = 50

    def __post_init__(self) -> None:
        complaint = next(_complaints(self), None)
        if complaint is not None:
            raise ValueError(complaint)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SimulatorSender]:
        """Open it; nothing is connected."""
        yield SimulatorSender(self)

    def outcomes(self, callback: Callback) -> Sequence[Outcome]:
        """Tell nothing: nobody calls back."""
        del callback
        return ()


def _complaints(simulator: Simulator) -> Iterator[str]:
    """Yield what is wrong with settings, which may come from a form or a file: of any type."""
    rules: object = simulator.rules
    if not isinstance(rules, dict) or not all(_is_rule(words) for words in rules.values()):
        yield '規則は {"宛先の一部": ["結果", …]} の形で、結果を1つ以上書いてください。'
    else:
        unknown = {word for words in rules.values() for word in words} - _KNOWN
        if unknown:
            yield f"知らない結果です: {'、'.join(sorted(unknown))}"
    delay: object = simulator.delay
    if not isinstance(delay, int | float) or not 0 <= delay <= _LONGEST_DELAY:
        yield f"待ち時間（秒）は0から{_LONGEST_DELAY}までの数にしてください。"
    if type(simulator.lines) is not int or not 1 <= simulator.lines <= _MOST_LINES:
        yield f"同時に引き渡す数は1から{_MOST_LINES}までの整数にしてください。"


def _is_rule(words: object) -> bool:
    return isinstance(words, list) and bool(words) and all(isinstance(word, str) for word in words)


class SimulatorSender:
    """The opened simulator; remembers how often each delivery was tried."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._tries: Counter[str] = Counter()
        self._numbers = itertools.count(1)
        self.capacity = simulator.lines

    async def send(self, outgoing: Outgoing) -> Accepted:
        """Hand one message over, as the rules say."""
        if not outgoing.alive():
            raise WithheldError
        if self._simulator.delay:
            await asyncio.sleep(self._simulator.delay)
        outcome = self._outcome(outgoing)
        if outcome == ACCEPT:
            return Accepted(reply="accepted", provider_id=f"sim-{next(self._numbers)}")
        reason = Reason[outcome]
        phase = Phase.IN_DOUBT if reason is Reason.IN_DOUBT else Phase.ANSWERED
        raise SendError(
            reason, retryable=CONSEQUENCES[reason].retryable, phase=phase, detail=outcome
        )

    def _outcome(self, outgoing: Outgoing) -> str:
        tried = self._tries[outgoing.correlation]
        self._tries[outgoing.correlation] += 1
        for part, outcomes in self._simulator.rules.items():
            if part in outgoing.address:
                return outcomes[min(tried, len(outcomes) - 1)]
        return ACCEPT

    async def listen(self) -> AsyncIterator[Outcome]:
        """Yield nothing: everything is told by `send`."""
        nothing: tuple[Outcome, ...] = ()
        for outcome in nothing:
            yield outcome
