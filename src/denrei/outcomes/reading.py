"""Reading stored mails: whose they are, what they say, and telling the ledger; each exactly once.

A mail is given to its organization in the transaction that tells the ledger. Any number of readers
may run: rows that another has are skipped.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.db.models.functions import Now

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.deliveries import fold
from denrei.deliveries.contact_tests import sending as contact_tests
from denrei.domain.bounces import Kind
from denrei.outcomes import answers, judging, matching
from denrei.outcomes.answers import Taken
from denrei.outcomes.judging import Verdict
from denrei.outcomes.matching import Placed, Sent
from denrei.outcomes.models import ReceivedMail
from denrei.outcomes.opening import Letter, open_mail
from denrei.outcomes.statements import ask

_log = logging.getLogger(__name__)

#: Mails of one transaction.
BATCH = 200
#: Characters of what a mail says that are kept beside it, and with the event.
_ADDRESS, _EVIDENCE = 320, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One mail about one delivery, as it is written down."""

    placed: Placed
    verdict: Verdict

    @property
    def mail(self) -> ReceivedMail:
        return self.placed.letter.mail

    @property
    def told(self) -> bytes:
        """Same for the same words about the same delivery, whatever way they came."""
        letter, sent = self.placed.letter, self.placed.sent
        place = _place(sent) if sent else f"to {letter.mail.envelope_to.lower()}"
        kind = self.verdict.finding.kind
        return hashlib.sha256(letter.identity + f"\0{place}\0{kind}".encode()).digest()


def read_some(most: int = BATCH) -> int:
    """Read some of what is stored; return how many mails that were.

    One that can't be read keeps no other waiting. django.db.OperationalError: the database is away,
    and everything is as it was.
    """
    try:
        return _read(most)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - whatever one mail breaks, the others are read
        _log.exception("mails can't be read together")
        return sum(_read_alone(number) for number in _unread(most))


def _read(most: int) -> int:
    with transaction.atomic():
        tenancy.as_worker()
        mails = list(ReceivedMail.objects.unread()[:most].select_for_update(skip_locked=True))
        _take_in([open_mail(mail) for mail in mails])
    return len(mails)


def _unread(most: int) -> list[int]:
    with transaction.atomic():
        tenancy.as_worker()
        return list(ReceivedMail.objects.unread().values_list("pk", flat=True)[:most])


def _read_alone(number: int) -> int:
    """Read one mail, or leave it unread to the installation's operator."""
    try:
        with transaction.atomic():
            tenancy.as_worker()
            found = ReceivedMail.objects.unread().filter(pk=number)
            _take_in([open_mail(mail) for mail in found.select_for_update(skip_locked=True)])
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - as above
        _log.exception("mail can't be read", extra={"mail": number})
        with transaction.atomic():
            tenancy.as_worker()
            ReceivedMail.objects.unread().filter(pk=number).update(read_at=Now(), is_broken=True)
    return 1


def _take_in(letters: Sequence[Letter]) -> None:
    organizations = set(Organization.objects.values_list("pk", flat=True)) if letters else set()
    owned: defaultdict[int, list[Letter]] = defaultdict(list)
    for letter in letters:
        owned[_owner(letter, organizations)].append(letter)
    _leave(owned.pop(0, []))
    for organization_id, own in sorted(owned.items()):
        with tenancy.acting_for(organization_id):
            _give(organization_id, [_entry(one) for one in matching.place(organization_id, own)])


def _owner(letter: Letter, organizations: set[int]) -> int:
    """Return whose a mail is, 0 for nobody's: our signature says so, or where it came to."""
    named = letter.token.organization_id if letter.token else letter.mail.came_to_id
    return named if named in organizations and named is not None else 0


def _leave(letters: Sequence[Letter]) -> None:
    """Keep what is nobody's where the installation's operator alone finds it."""
    mails = ReceivedMail.objects.filter(pk__in=[letter.mail.pk for letter in letters])
    mails.update(read_at=Now(), kind=Kind.OTHER)


def _entry(placed: Placed) -> _Entry:
    if placed.sent is None:
        verdict = judging.unplaced(placed.findings, is_forged=placed.letter.is_forged)
    else:
        verdict = judging.judge(placed.findings, placed.sent.address, placed.found_by)
    return _Entry(placed=placed, verdict=verdict)


def _give(organization_id: int, entries: Sequence[_Entry]) -> None:
    """Write down what is new, and tell the ledger of it."""
    asked = {"organization": organization_id}
    known = {row[0] for row in ask("known", asked | {"tolds": [one.told for one in entries]})}
    first: dict[int, _Entry] = {}
    further: list[_Entry] = []
    for entry in entries:
        if entry.told in known:
            continue
        known.add(entry.told)
        if entry.mail.pk in first:
            further.append(entry)
        else:
            first[entry.mail.pk] = entry
    ReceivedMail.objects.filter(pk__in={one.mail.pk for one in entries} - first.keys()).delete()
    taken = answers.take(organization_id, [one.placed for one in first.values()])
    if first:
        ask("attribute", asked | _columns(first.values(), taken))
    if further:
        ask("copy", _columns(further, {}))
    events = [event for one in (*first.values(), *further) for event in _events(one)]
    if events:
        fold.take_in(organization_id, events)
    for one in (*first.values(), *further):
        _tell_test(one)


def _place(sent: Sent) -> str:
    return f"test {sent.id}" if sent.is_test else str(sent.id)


def _tell_test(entry: _Entry) -> None:
    """Tell a test of a contact that it came back; of what is less sure the mail itself tells."""
    sent, verdict = entry.placed.sent, entry.verdict
    if sent is not None and sent.is_test and verdict.came_back:
        contact_tests.came_back(sent.id, verdict.reason, _words(entry))


def _events(entry: _Entry) -> Iterable[fold.Event]:
    sent, verdict = entry.placed.sent, entry.verdict
    if sent is not None and not sent.is_test and verdict.fold is not None:
        yield fold.Event(
            source=fold.Source.BOUNCE,
            key=entry.told,
            broadcast=sent.broadcast_id,
            delivery=sent.id,
            fold=verdict.fold,
            reason=verdict.reason,
            raw=_words(entry),
        )


def _words(entry: _Entry) -> str:
    """Return what the story shows of a mail; the address only where it is another one."""
    finding, sent = entry.verdict.finding, entry.placed.sent
    is_other = finding.recipient and sent and not judging.is_same(finding.recipient, sent.address)
    place = f"<{finding.recipient}> " if is_other else ""
    return _storable(place + finding.evidence)[:_EVIDENCE]


def _columns(entries: Iterable[_Entry], taken: Mapping[int, Taken]) -> dict[str, list[object]]:
    rows = [_row(entry) | _answer(entry, taken.get(entry.mail.pk)) for entry in entries]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _row(entry: _Entry) -> dict[str, object]:
    letter, sent, finding = entry.placed.letter, entry.placed.sent, entry.verdict.finding
    return {
        "ids": entry.mail.pk,
        "tolds": entry.told,
        "kinds": finding.kind.value,
        "reasons": int(finding.reason),
        "found_bys": entry.placed.found_by.value,
        "broadcasts": sent.broadcast_id if sent and not sent.is_test else None,
        "deliveries": sent.id if sent and not sent.is_test else None,
        "recipients": sent.recipient_id if sent else None,
        "authors": letter.author,
        "subjects": letter.subject,
        "reporteds": _storable(finding.recipient or "")[:_ADDRESS],
        "evidences": _storable(finding.evidence)[:_EVIDENCE],
    }


def _answer(entry: _Entry, taken: Taken | None) -> dict[str, object]:
    return {
        "choices": taken.choice if taken else "",
        "responses": taken.response_id if taken else None,
        "waiting": taken.waits if taken else entry.verdict.waits,
    }


def _storable(words: str) -> str:
    return words.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
