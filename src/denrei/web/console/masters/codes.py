"""The code that a form proposes for a new entry."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection

#: Characters that a code may have.
LONGEST = 20
_NUMBERED = re.compile(r"\A(?P<prefix>.*?)(?P<number>[0-9]+)\Z", re.DOTALL)


def propose(codes: Collection[str], *, fill_gaps: bool) -> str:
    """Return a code that is free: the number after the last, or the lowest one left out.

    A prefix and leading zeros go on as most codes have them. A number that was used before is not
    taken up again where it can be helped: old files may still mean the deleted entry by it.

    >>> propose(["G01", "G02", "X"], fill_gaps=False)
    'G03'
    """
    found = [match for code in codes if (match := _NUMBERED.match(code))]
    if not fill_gaps and found:
        prefix = Counter(match["prefix"] for match in found).most_common(1)[0][0]
        last = max((match["number"] for match in found if match["prefix"] == prefix), key=_by_value)
        proposed = f"{prefix}{int(last) + 1:0{len(last)}d}"
        if len(proposed) <= LONGEST and proposed not in codes:
            return proposed
    return next(code for code in map(str, itertools.count(1)) if code not in codes)


def _by_value(number: str) -> tuple[int, int]:
    return int(number), len(number)
