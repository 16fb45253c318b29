"""What belongs to somebody: one of each thing that an address of the console can name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings

from denrei.accounts import sealing, tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.broadcasts.models import AnswerChoice, Broadcast, Draft
from denrei.channels.smtp import Smtp
from denrei.deliveries import gateways, launch, ordering, registering, reminding, scheduling
from denrei.deliveries.appointed import Reminder
from denrei.deliveries.models import Attention, ContactTest, Gateway
from denrei.directory.intake.models import ImportState, PeopleImport
from denrei.directory.models import Contact, Household, Recipient
from denrei.domain.bounces import Kind
from denrei.outcomes.models import Mailbox, ReceivedMail, Way
from tests.web.console import town
from tests.web.console.conftest import hire

#: Addresses about what all of an organization share: who is of another unit may see them.
SHARED = frozenset(
    {"console:master-entry", "console:master-delete"}
    | {"console:mailbox", "console:mailbox-test", "console:mailbox-remove"}
    | {"console:gateway", "console:gateway-test", "console:gateway-remove"}
    | {"console:gateway-stop", "console:gateway-start"}
)
#: Parts of addresses that name no row: words of a few.
WORDS = frozenset({"kind", "name", "act"})
#: Addresses whose last part is one of a few words.
_WORDS = {
    "console:settings-section/name": "sending",
    "console:status/name": "address-error",
    "console:operator-act/act": "unlock",
    "console:story-help/act": "take",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """Ids of things that carry a mark."""

    #: A word in the names of all of them.
    mark: str
    #: By "name of the address/name in it", or the latter alone.
    ids: Mapping[str, object]

    def of(self, address: str, key: str) -> object:
        """Return what an address is given under a key. KeyError: make one of it here."""
        asked = f"{address}/{key}"
        if asked in _WORDS:
            return _WORDS[asked]
        return self.ids[asked] if asked in self.ids else self.ids[key]


def belongings(organization: Organization, unit: Unit | None, mark: str) -> Belongings:
    """Create one of each thing; whoever made them works in the unit."""
    owner = hire(organization, f"owner-{mark}", Role.SENDER, unit)
    town.lane(organization)
    with tenancy.acting_for(organization.pk):
        person = _person(organization, unit, mark)
        draft = town.draft(organization, owner, situation_note=mark, people=(str(person.pk),))
        ready = town.ready(organization, owner, f"{mark}の定型", people=(str(person.pk),))
        passkey = Authenticator.objects.create(
            user=owner, type=Authenticator.Type.WEBAUTHN, data={"name": mark}
        )
        broadcast = _broadcast(organization, owner, mark)
        ids = {
            "broadcast_id": broadcast.pk,
            "mail_id": _mail(person, mark),
            "reminder_id": _reminder(organization, broadcast).pk,
            "draft_id": draft.pk,
            "import_id": _file(organization, unit, mark),
            "kind": "answers",
            "entry_id": AnswerChoice.objects.all()[0].pk,
            "reservation_id": _reservation(organization, owner, mark),
            "pk": person.pk,
            "recipient_id": person.pk,
            "contact": _tested(person),
            "console:household/pk": person.household_id,
            **dict.fromkeys(_of("attention-case", "attention-release"), _case(person)),
            "mfa_edit_webauthn/pk": passkey.pk,
            "mfa_remove_webauthn/pk": passkey.pk,
            **dict.fromkeys(_of("template", "template-use", "template-delete"), ready.pk),
            **dict.fromkeys(_of("operator", "operator-password", "operator-act"), owner.pk),
            **dict.fromkeys(_of("unit", "unit-delete"), unit.pk if unit else 0),
            **dict.fromkeys(
                _of("gateway", "gateway-test", "gateway-stop", "gateway-start", "gateway-remove"),
                _gateway(organization, "" if unit else mark),
            ),
            **dict.fromkeys(
                _of("mailbox", "mailbox-test", "mailbox-remove"),
                _mailbox(organization, "" if unit else mark),
            ),
        }
    return Belongings(mark=mark, ids=ids)


def _of(*names: str) -> list[str]:
    key = {"template": "draft_id"}
    return [f"console:{name}/{key.get(name.partition('-')[0], 'pk')}" for name in names]


def _tested(person: Recipient) -> int:
    """Return a contact to which a test was sent."""
    contact = Contact.objects.get(recipient=person)
    ContactTest.objects.create(
        organization_id=person.organization_id,
        contact=contact,
        recipient=person,
        medium=contact.medium,
        address=contact.address,
        address_key=contact.address_key,
    )
    return contact.pk


def _person(organization: Organization, unit: Unit | None, mark: str) -> Recipient:
    home = Household.objects.create(organization=organization, code=mark, name=mark)
    person = town.person(organization, f"{mark}の人", "somebody@example.jp", unit=unit, search=mark)
    Recipient.objects.filter(pk=person.pk).update(household=home)
    person.refresh_from_db()
    return person


def _file(organization: Organization, unit: Unit | None, mark: str) -> int:
    return PeopleImport.objects.create(
        organization=organization,
        unit=unit,
        file_name=f"{mark}.csv",
        size=1,
        digest="",
        state=ImportState.EXAMINED,
    ).pk


def _reminder(organization: Organization, broadcast: Broadcast) -> Reminder:
    at = broadcast.launched_at + timedelta(hours=1)
    reminding.add(organization.pk, broadcast.pk, at, broadcast.launched_by)
    return Reminder.objects.get(broadcast=broadcast)


def _mail(person: Recipient, mark: str) -> int:
    return ReceivedMail.objects.create(
        organization_id=person.organization_id,
        key=mark.encode(),
        way=Way.LMTP,
        raw=mark.encode(),
        size=1,
        read_at=datetime.now(UTC),
        kind=Kind.OTHER,
        recipient_id=person.pk,
        author=mark,
        subject=mark,
        waits=True,
    ).pk


def _mailbox(organization: Organization, mark: str) -> int:
    """Make one; those of one organization are of all its units."""
    return Mailbox.objects.create(
        organization=organization,
        name=mark or f"main {Mailbox.objects.count()}",
        protocol="imap",
        host="localhost",
        port=1,  # nobody listens there
        security="tls",
        username=mark,
        password=sealing.seal("pass"),
    ).pk


def _gateway(organization: Organization, mark: str) -> int:
    """Make one that nobody uses; those of one organization are of all its units."""
    channel = Smtp(host="localhost", port=1, security="none", sender_address="a@city.example")
    safe = gateways.vault([settings.SECRET_KEY])
    made = registering.register(organization, channel, safe, mark or "main")
    Gateway.objects.filter(pk=made.pk).update(enabled=False)
    return made.pk


def _case(person: Recipient) -> int:
    contact = person.contacts.get()
    return Attention.objects.create(
        organization_id=person.organization_id,
        contact=contact,
        recipient=person,
        medium=contact.medium,
        address_key=contact.address_key,
        status=1,
        reason=1,
        since=datetime.now(UTC),
        last_at=datetime.now(UTC),
        broadcast_id=0,
        delivery_id=0,
    ).pk


def _broadcast(organization: Organization, owner: Operator, mark: str) -> Broadcast:
    draft = town.draft(organization, owner, place=mark)
    now = datetime.now(UTC)
    launched = launch.launch(organization, _order(draft, owner, now), owner)
    return Broadcast.objects.get(pk=launched.broadcast_id)


def _reservation(organization: Organization, owner: Operator, mark: str) -> int:
    draft = town.draft(organization, owner, place=mark)
    now = datetime.now(UTC)
    at = now + timedelta(days=1)
    return scheduling.schedule(draft, _order(draft, owner, now), at, None, owner).pk


def _order(draft: Draft, owner: Operator, now: datetime) -> launch.Order:
    return ordering.order(draft, owner, now).order
