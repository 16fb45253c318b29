"""Broadcasts with people who stand in every way."""

from __future__ import annotations

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization
from denrei.audience import freezing
from denrei.broadcasts import drafts
from denrei.broadcasts.models import AnswerChoice, Broadcast, Draft
from denrei.deliveries import launch, ordering
from denrei.directory.models import Recipient
from denrei.domain.states import Grade, Look
from denrei.responses import noting
from denrei.responses.answering import Reply
from denrei.responses.models import Source
from tests.web.console import town
from tests.web.console.conftest import browser


def sent(city: Organization, operator: Operator, **changes: object) -> Broadcast:
    """Launch a broadcast as an operator."""
    draft: Draft = town.draft(city, operator, **changes)
    with tenancy.acting_for(city.pk):
        order = ordering.order(draft, operator, draft.changed_at).order
        broadcast = Broadcast.objects.get(pk=launch.launch(city, order, operator).broadcast_id)
        drafts.sent(draft, broadcast)
    return broadcast


class Town:
    """A broadcast that asks, and what its people do."""

    def __init__(self, city: Organization, operator: Operator) -> None:
        self.city = city
        self.operator = operator
        with tenancy.acting_for(city.pk):
            choices = list(AnswerChoice.objects.all())
        #: Codes of the answers that say all is well, and that call for help.
        self.well = next(choice.code for choice in choices if not choice.needs_help)
        self.help = next(choice.code for choice in choices if choice.needs_help)
        self.broadcast = sent(
            city, operator, ask=True, choices=tuple(str(choice.pk) for choice in choices)
        )
        self.address = f"/console/broadcasts/{self.broadcast.pk}/"

    def people(self) -> list[Recipient]:
        """Return who was meant."""
        with tenancy.acting_for(self.city.pk):
            return list(Recipient.objects.order_by("id"))

    def answers(self, person: Recipient, code: str, source: str = Source.PHONE) -> None:
        """Let an operator note what a person says."""
        reply = Reply(recipient_id=person.pk, choice=code, source=source, comment="ひとこと")
        noting.note(self.city, self.broadcast.pk, reply, self.operator)

    def reached(self, person: Recipient, grade: Grade, look: Look = Look.NOBODY) -> None:
        """Let better evidence come in about a person."""
        with tenancy.acting_for(self.city.pk):
            freezing.raise_grade(self.broadcast.pk, [person.pk], grade)
            if look:
                freezing.raise_looks(self.broadcast.pk, {person.pk: look})


@pytest.fixture
def asked(staffed: Organization, operator: Operator) -> Town:
    """A broadcast to five people that asks how they are."""
    town.people(staffed, 3)
    return Town(staffed, operator)


@pytest.fixture
def sender(staffed: Organization, operator: Operator) -> Client:
    """The browser of who sent it."""
    return browser(staffed, operator)
