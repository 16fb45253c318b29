"""An organization that has more of everything than a page was drawn for: 40-character names, 500 groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import Operator, Organization, Preset, Role, Unit
from denrei.broadcasts import presets
from denrei.broadcasts.models import AnswerChoice, IncidentType, Instruction, Situation
from denrei.deliveries.models import Attention
from denrei.directory.models import Contact, ContactGroup, GroupMember, Position, Recipient
from denrei.domain.bounces import Kind
from denrei.domain.failures import Reason
from denrei.domain.states import Medium
from denrei.outcomes.models import ReceivedMail, Way
from tests.web.console import town
from tests.web.console.belongings import Belongings, belongings
from tests.web.console.conftest import hire

#: As long as a name may be, without a place to break it, and with letters that are as wide as can be.
LONG = "国立研究開発法人汐見原広域災害医療情報連携推進機構附属第二災害対策実務研修センタ"
LATIN = "Shiomihara-Regional-Disaster-Coordination"[:40]
MANY, PEOPLE, LINES = 500, 120, 60


def long(number: int) -> str:
    """Return a name of 40 characters with a number in it."""
    return f"{(LATIN if number % 5 == 4 else LONG)[: 40 - len(str(number))]}{number}"


def overfull(slug: str = "overfull") -> tuple[Organization, Belongings]:
    """Create it; return it with one of each thing that an address names."""
    city = organizations.create(slug, long(1), Preset.CITY)
    presets.furnish(city)
    with tenancy.acting_for(city.pk):
        last = list(_units(city))[-1]
        _words(city)
    own = belongings(city, last, LONG[:20])  # as long as a place may be
    with tenancy.acting_for(city.pk):
        _people(city, last)
        clerk = hire(city, "clerk" * 8, Role.SENDER, last)
        _work(city, clerk)
        _incoming(city)
    return city, own


def _units(city: Organization) -> Iterator[Unit]:
    """Yield units, five of them below each other."""
    above: Unit | None = None
    for number in range(LINES):
        made = units.add(city, f"U{number:039}", long(number), parent=above)
        above = made if number < 5 else above
        yield made


def _words(city: Organization) -> None:
    for number in range(100, 100 + LINES):
        incident = IncidentType.objects.create(
            organization=city, code=f"{number}", name=long(number), name_en=LATIN, order=number
        )
        for table in (Situation, Instruction):
            table.objects.create(
                organization=city,
                incident_type=incident,
                code="1",
                name=long(number),
                order=1,
            )
    known = set(AnswerChoice.objects.values_list("code", flat=True))
    for code in sorted(set("123456789") - known):
        AnswerChoice.objects.create(
            organization=city, code=code, name=long(int(code)), order=int(code)
        )


def _people(city: Organization, unit: Unit) -> None:
    groups = ContactGroup.objects.bulk_create(
        ContactGroup(organization=city, code=f"G{number}", name=long(number), order=number)
        for number in range(MANY)
    )
    Position.objects.bulk_create(
        Position(organization=city, code=f"P{number}", name=long(number), order=number)
        for number in range(LINES)
    )
    made = Recipient.objects.bulk_create(
        Recipient(
            organization=city, code=f"C{n:038}", name=long(n), kana="ながいなまえ" * 6, unit=unit
        )
        for n in range(PEOPLE)
    )
    Contact.objects.bulk_create(
        Contact(
            organization=city,
            recipient=one,
            medium=Medium.MAIL,
            slot=slot,
            address=f"{'a-very-long-local-part' * 2}-{one.pk}-{slot}@{'sub.' * 9}example.jp",
            address_key=f"{one.pk}-{slot}@example.jp",
        )
        for one in made
        for slot in range(1, 10)
    )
    GroupMember.objects.bulk_create(
        GroupMember(organization=city, group=group, recipient=one)
        for one in made[:2]
        for group in groups
    )


def _work(city: Organization, clerk: Operator) -> None:
    for number in range(LINES):
        town.draft(city, clerk, situation_note=long(number) * 2, place=long(number)[:20])
        town.ready(city, clerk, long(number), instruction_note=long(number))


def _incoming(city: Organization) -> None:
    contacts = list(Contact.objects.select_related("recipient").order_by("-pk")[:LINES])
    now = datetime.now(UTC)
    Attention.objects.bulk_create(
        Attention(
            organization=city,
            contact=one,
            recipient=one.recipient,
            medium=one.medium,
            address_key=one.address_key,
            status=1,
            reason=Reason.UNKNOWN_USER,
            since=now,
            last_at=now,
            broadcast_id=0,
            delivery_id=0,
        )
        for one in contacts
    )
    ReceivedMail.objects.bulk_create(
        ReceivedMail(
            organization=city,
            key=f"overfull {one.pk}".encode(),
            way=Way.LMTP,
            raw=b"x",
            size=1,
            read_at=now,
            kind=Kind.FAILED,
            reason=Reason.UNKNOWN_USER,
            recipient_id=one.recipient_id,
            author=f"{long(one.pk)} <{one.address}>",
            subject=long(one.pk) * 3,
            reported=one.address,
            evidence="550 5.1.1 " + "unknown-user" * 20,
            waits=True,
        )
        for one in contacts
    )
