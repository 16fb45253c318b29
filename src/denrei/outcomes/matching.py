"""Which deliveries mails are about: by our signature, by the mail that came back, by the address.

Asked for all mails of an organization at once, so that a storm of bounces costs two statements for
some hundred of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from denrei.deliveries import links
from denrei.deliveries.links import Correlation
from denrei.domain import email_address
from denrei.domain.bounces import Finding, Kind
from denrei.domain.states import Medium
from denrei.domain.tokens import Opened
from denrei.outcomes.doors import Named
from denrei.outcomes.models import FoundBy
from denrei.outcomes.opening import Letter
from denrei.outcomes.statements import ask

#: A mail counts as settled so many days after its hand-over (OPS-7); some servers try for five.
DAYS = 7
#: What a person or his program writes to whoever wrote to him.
_BY_PEOPLE = frozenset({Kind.OTHER, Kind.AUTOMATIC})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A delivery by mail, or a test of a contact (EMC-8)."""

    id: int
    #: 0: a test.
    broadcast_id: int
    recipient_id: int
    address: str

    @property
    def is_test(self) -> bool:
        """Whether it is of no broadcast."""
        return self.broadcast_id == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What a mail says about one delivery, or about none that we know."""

    letter: Letter
    findings: tuple[Finding, ...]
    sent: Sent | None
    found_by: FoundBy

    def is_proven(self, organization_id: int) -> bool:
        """Tell whether who wrote it surely had the mail of this delivery of the organization."""
        if self.found_by in (FoundBy.TOKEN, FoundBy.PAGE):
            return True
        named = self.letter.replied_to if self.letter.is_direct else None
        return self.found_by is FoundBy.MESSAGE and bool(named and named.is_signed(organization_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What mails of one batch could be about: deliveries and tests."""

    organization_id: int
    deliveries: Mapping[int, Sent]
    tests: Mapping[int, Sent]
    by_key: Mapping[str, Sent] = field(default_factory=dict)

    def signed(self, token: Named) -> Sent | None:
        return (self.tests if token.is_test else self.deliveries).get(token.subject_id)

    def named(self, found: Correlation | None) -> Sent | None:
        if found is None:
            return None
        sent = (self.deliveries if found.broadcast_id else self.tests).get(found.delivery_id)
        return sent if sent and sent.broadcast_id == found.broadcast_id else None

    def paged(self, page: Opened | None) -> Sent | None:
        is_own = page is not None and page.organization_id == self.organization_id
        return self.deliveries.get(page.subject_id) if page and is_own else None

    def at(self, address: str | None) -> Sent | None:
        return self.by_key.get(key(address)) if address else None


def place(organization_id: int, letters: Sequence[Letter]) -> list[Placed]:
    """Find the deliveries of mails; the transaction must act for the organization.

    A mail may be about several. One to a return path that we did not sign is about none.
    """
    known = _known(organization_id, letters)
    return [one for letter in letters for one in _placed(letter, known)]


def _placed(letter: Letter, known: _Known) -> Iterator[Placed]:
    if letter.token is not None:
        sent = known.signed(letter.token)
        found_by = FoundBy.TOKEN if sent else FoundBy.NOTHING
        yield Placed(letter=letter, findings=letter.findings, sent=sent, found_by=found_by)
        return
    found: dict[tuple[Sent | None, FoundBy], list[Finding]] = {}
    for finding in letter.findings:
        sent, found_by = (
            (None, FoundBy.NOTHING) if letter.is_forged else _found(letter, finding, known)
        )
        found.setdefault((sent, found_by), []).append(finding)
    if any(sent for sent, _ in found):  # what the mail says of others is no business of ours
        found = {place: said for place, said in found.items() if place[0]}
    for (sent, found_by), said in found.items():
        yield Placed(letter=letter, findings=tuple(said), sent=sent, found_by=found_by)


def _found(letter: Letter, finding: Finding, known: _Known) -> tuple[Sent | None, FoundBy]:
    if finding.kind in _BY_PEOPLE:
        sent = known.named(letter.replied_to)
        if sent is not None:
            return sent, FoundBy.MESSAGE
        sent = known.paged(letter.page)
        return (sent, FoundBy.PAGE) if sent else _or_nothing(known.at(letter.author_address))
    for written in (finding.message_id, finding.envelope_id):
        sent = known.named(links.named(written))
        if sent is not None:
            return sent, FoundBy.MESSAGE
    # Whom we wrote to goes before whom it was forwarded to, who may be another person of ours.
    return _or_nothing(known.at(finding.original_recipient) or known.at(finding.recipient))


def _or_nothing(sent: Sent | None) -> tuple[Sent | None, FoundBy]:
    return sent, FoundBy.ADDRESS if sent else FoundBy.NOTHING


def _known(organization_id: int, letters: Sequence[Letter]) -> _Known:
    open_ones = [letter for letter in letters if not (letter.token or letter.is_forged)]
    correlations = [found for letter in open_ones for found in _correlations(letter)]
    tokens = [letter.token for letter in letters if letter.token]
    ids = {one.subject_id for one in tokens if not one.is_test}
    ids |= {one.delivery_id for one in correlations if one.broadcast_id}
    ids |= {letter.page.subject_id for letter in open_ones if letter.page}
    tests = {one.subject_id for one in tokens if one.is_test}
    tests |= {one.delivery_id for one in correlations if not one.broadcast_id}
    asked = {"organization": organization_id, "mail": int(Medium.MAIL), "days": DAYS}
    keys = {key(address) for letter in open_ones for address in _strangers(letter)} - {""}
    rows = ask("handed_over", asked | {"keys": sorted(keys)}) if keys else []
    return _Known(
        organization_id=organization_id,
        deliveries=_by_id(ask("sent", asked | {"ids": sorted(ids)}) if ids else []),
        tests=_by_id(ask("tested", asked | {"ids": sorted(tests)}) if tests else []),
        by_key={row[0]: _sent(row[1:]) for row in rows},
    )


def _correlations(letter: Letter) -> Iterator[Correlation]:
    written = (one for f in letter.findings for one in (f.message_id, f.envelope_id))
    yield from (found for one in written if (found := links.named(one)))
    if letter.replied_to is not None:
        yield letter.replied_to


def _strangers(letter: Letter) -> Iterable[str]:
    yield letter.author_address
    for finding in letter.findings:
        yield from filter(None, (finding.original_recipient, finding.recipient))


def key(address: str) -> str:
    """Return an address as contacts are compared, "" for what is none."""
    try:
        return email_address.parse(address).key
    except email_address.InvalidAddressError:
        return ""


def _by_id(rows: Iterable[Sequence[object]]) -> dict[int, Sent]:
    return {sent.id: sent for sent in map(_sent, rows)}


def _sent(row: Sequence[object]) -> Sent:
    number, broadcast_id, recipient_id, address = row
    assert isinstance(number, int)
    assert isinstance(broadcast_id, int)
    assert isinstance(recipient_id, int)
    return Sent(
        id=number, broadcast_id=broadcast_id, recipient_id=recipient_id, address=str(address)
    )
