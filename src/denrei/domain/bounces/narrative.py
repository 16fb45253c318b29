"""The part of a notice that people read: which addresses it names, and what it says of each."""

from __future__ import annotations

import re
from typing import NamedTuple

from denrei.domain.bounces import addresses, systems
from denrei.domain.bounces.quoting import Notice
from denrei.domain.bounces.report import MOST_RECIPIENTS
from denrei.domain.bounces.said import Said

#: Lines after an address that still speak of it.
_NEAR = 25
#: Texts kept of one recipient.
_MOST_WORDS = 8
#: The weight of an address that failed for sure, and of one that is named and not the sender's own.
SURE, NAMED = 4, 1


class _Mention(NamedTuple):
    """An address in a line of the notice."""

    line: int
    address: str
    #: The more, the surer it is one that failed.
    weight: int
    #: Stands after the sentence that leads to the recipients, or in it.
    introduced: bool


def recipients(notice: Notice, least: int = SURE) -> list[Said]:
    """Return what the text says of each recipient that it names; [] where it names none."""
    mentions = _chosen(_mentions(notice), least)
    by_key: dict[str, Said] = {}
    starts = [(mention.line, addresses.key(mention.address)) for mention in mentions]
    for mention in mentions[: 4 * MOST_RECIPIENTS]:
        key = addresses.key(mention.address)
        said = by_key.setdefault(key, Said(recipient=mention.address))
        foreign = (line for line, other in starts if line > mention.line and other != key)
        until = next(foreign, mention.line + _NEAR)
        if len(said.words) < _MOST_WORDS:
            said.words += _words(notice.lines[mention.line : min(until, mention.line + _NEAR)])
    for said in by_key.values():
        # A dialogue that is quoted: what was answered says more than what stands before it.
        said.words.sort(key=lambda words: _CODE.match(words) is None)
    return list(by_key.values())[:MOST_RECIPIENTS]


def words_of(notice: Notice, said: Said, others: list[Said]) -> list[str]:
    """Return what the text says of a recipient whom the report names, for want of its own words."""
    mine = addresses.key(said.recipient)
    foreign = {addresses.key(other.recipient) for other in others} - {mine}
    words: list[str] = []
    lines, named = notice.lines, notice.named
    for at, keys in enumerate(named):
        if mine not in keys or len(words) >= _MOST_WORDS:
            continue
        until = at + 1
        while until < min(len(lines), at + _NEAR) and named[until].isdisjoint(foreign):
            until += 1
        words += _words(lines[at:until])
    return words


def paragraphs(notice: Notice) -> list[str]:
    """Return the paragraphs of the notice without the sentences that every notice has."""
    found: list[list[str]] = [[]]
    for line in notice.lines[:200]:
        said = telling(line)
        if said and systems.INTRO.search(said[:300].lower()) and not _CODE.search(said):
            why = systems.BECAUSE.search(said[:300].lower())
            said = said[why.end() :].strip() if why else said.partition(":")[2].strip()
        if said:
            found[-1].append(said)
        else:
            found.append([])
    return [text for lines in found if (text := "\n".join(lines)[:1_000])][:40]


def telling(line: str) -> str:
    """Return what a line tells of a delivery: its sentences, or the reply at its end."""
    bare = line.strip()
    if systems.BOILERPLATE.search(bare[:300].lower()) is None:
        return bare
    reply = _CODE.search(bare)
    if reply is not None:
        return bare[reply.start() :]
    sentences = _SENTENCE.split(bare[:300])
    return " ".join(one for one in sentences if systems.BOILERPLATE.search(one.lower()) is None)


def _mentions(notice: Notice) -> list[_Mention]:
    addressees = {addresses.key(address) for address in notice.addressees()}
    senders = notice.senders()
    found = []
    introduced = False
    for at, line in enumerate(notice.lines):
        introduced = introduced or systems.INTRO.search(line[:300].lower()) is not None
        for place, address in addresses.all_in(line):
            key = addresses.key(address)
            weight = _weight(line[:place]) + 2 * introduced + 3 * (key in addressees)
            weight -= 4 * _is_aside(line, place)
            weight -= 5 * (key in senders) + 6 * addresses.is_of_a_daemon(address)
            found.append(_Mention(at, address, weight, introduced))
    return found


def _is_aside(line: str, place: int) -> bool:
    """Does the line name who can help? English says so before the address, Japanese behind it."""
    found = systems.ASIDE.search(line[:300].lower())
    return found is not None and (found.start() < place or not found[0].isascii())


def _weight(before: str) -> int:
    lead = before.lower().strip().strip("<\"'([&;").strip()[-120:]
    if systems.MISLEADS.search(lead):
        return -2
    return 4 if systems.LEADS.search(lead) else 1


def _chosen(mentions: list[_Mention], least: int) -> list[_Mention]:
    """Return the mentions of those who failed, in order; one that leads to them is none of them."""
    best: dict[str, int] = {}
    for mention in mentions:
        key = addresses.key(mention.address)
        best[key] = max(best.get(key, mention.weight), mention.weight)
    if best and least == NAMED:
        least = max(least, *best.values())
    sure = [one for one in mentions if best[addresses.key(one.address)] >= least]
    if any(one.introduced for one in sure):
        late = {addresses.key(one.address) for one in sure if one.introduced}
        return [one for one in sure if addresses.key(one.address) in late]
    return sure


_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|(?<=。)")
_CODE = re.compile(r"(?<![\w.])[45]\d\d(?:[ \-:]|\n)")
_NEW = re.compile(r"^\s*(?:[245]\d\d[ -]|<<<|>>>|<?[^\s@<>]{1,64}@)")


def _words(lines: list[str]) -> list[str]:
    """Return the words about the address in the first line: its sentence, the reply, all lines."""
    first = [lines[0]]
    for line in lines[1:]:
        if not line.strip() or _NEW.match(line):
            break
        first.append(line)
    everything = "\n".join(telling(line) for line in lines)
    words = ["\n".join(first)]
    reply = _CODE.search(everything)
    if reply is not None:
        words.append(everything[reply.start() :].partition("\n\n")[0])
    words.append(everything)
    return [one[:1_500] for one in words]
