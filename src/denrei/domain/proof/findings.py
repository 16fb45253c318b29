"""What a verification finds: sentences, each true, not true, or only to be known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

#: Examples of one fault that are told.
MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was checked."""

    #: A name for programs, never changed.
    check: str
    #: None: nothing is proven or disproven, but it must be known.
    holds: bool | None
    words: str
    #: Examples of what does not hold.
    details: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """The word in front of the sentence."""
        return {True: "確認", False: "不一致", None: "注意"}[self.holds]


@dataclass(slots=True)
class Faults:
    """Faults of one kind: all are counted, the first few are kept."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, line: int, words: str) -> None:
        """Count one, at a line of the file; 0: of no line."""
        self.count += 1
        if len(self.examples) < MOST:
            self.examples.append(f"{line}行目：{words}" if line else words)

    @property
    def told(self) -> tuple[str, ...]:
        """The examples, and how many there are beside them."""
        more = self.count - len(self.examples)
        return (*self.examples, *([f"ほか{more:,}件"] if more else ()))


def judged(check: str, faults: Faults, held: str, broken: str) -> Finding:
    """Return the finding: `held` where there is no fault, `broken` with the number of faults."""
    if not faults.count:
        return Finding(check=check, holds=True, words=held)
    words = f"{broken}（{faults.count:,}件）"
    return Finding(check=check, holds=False, words=words, details=faults.told)


def counts(parts: Sequence[tuple[str, int]], unit: str = "件") -> str:
    """Return "引渡し 3件、失敗 1件" of those that are not 0."""
    return "、".join(f"{name} {count:,}{unit}" for name, count in parts if count) or f"0{unit}"
