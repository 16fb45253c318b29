"""Whom the people themselves say to have answered: their other addresses need no mail any more.

One answer cancels what still waits for that person (EMC-5), so a mail that did not come is not
lost where everybody whom it was for had answered by another address. That is taken from the
people's own record of what the server took from them, never from the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from denrei.project.demo import worldlog
from denrei.project.demo.expectation import Expectation


def excused(log: Path, answers: Path, expectation: Expectation) -> dict[str, int]:
    """Return address -> messages that were not needed any more.

    An address that several people of a household hold tells that one of them answered, not which
    one: it counts for all of them when as many have answered as hold it.
    """
    by_url: dict[str, set[object]] = defaultdict(set)
    for event in worldlog.events(answers):
        by_url[str(event["url"])].add(event["person"])
    by_address: dict[str, list[int]] = defaultdict(list)
    for event in worldlog.events(log):
        urls = event.get("urls", ())
        if event["event"] == "accepted" and isinstance(urls, list):
            by_address[str(event["rcpt"])] += [len(by_url.get(str(url), ())) for url in urls]
    done = {
        code
        for address, households in expectation.holders.items()
        for code in _answered(households, by_address.get(address, []))
    }
    return {
        address: count
        for address, households in expectation.holders.items()
        if (count := sum(holders <= done for holders in households))
    }


def _answered(households: tuple[frozenset[str], ...], answers: list[int]) -> frozenset[str]:
    """Return who certainly answered by one address: all of its holders, or nobody is sure."""
    needed = sorted(len(holders) for holders in households)
    everybody = len(answers) >= len(needed) and all(
        given >= holders for given, holders in zip(sorted(answers), needed, strict=False)
    )
    return frozenset().union(*households) if everybody else frozenset()
