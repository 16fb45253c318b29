"""A broadcast that was delivered to two people of a city, and its operators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization
from denrei.broadcasts import drafts
from denrei.broadcasts.models import AnswerChoice, Broadcast
from denrei.deliveries import launch, ordering
from denrei.directory.models import Recipient
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, Medium, Phase, State
from tests.web.console import town


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A broadcast, the operator who launched it, and the first of its people."""

    city: Organization
    operator: Operator
    broadcast: Broadcast
    person: Recipient

    @property
    def path(self) -> str:
        """Return the address of the person's story."""
        return f"/console/broadcasts/{self.broadcast.pk}/people/{self.person.pk}/"

    def write(self, sql: str, **given: Any) -> Any:
        """Write to the ledger as a worker would; return the first value that comes back, if any."""
        asked = {
            "organization": self.city.pk,
            "broadcast": self.broadcast.pk,
            "person": self.person.pk,
            **given,
        }
        with tenancy.acting_for(self.city.pk), connection.cursor() as cursor:
            cursor.execute(sql, asked)
            return cursor.fetchone()[0] if cursor.description else None

    def deliver(self, state: State = State.WAITING, reason: Reason = Reason.NONE) -> int:
        """Plan the person's mail; return the delivery."""
        taken = state is State.ACCEPTED
        return int(
            self.write(
                "INSERT INTO delivery (organization_id, broadcast_id, recipient_id, contact_id, lane,"
                " wave, medium, turn, state, reason, evidence, language, address)"
                " SELECT %(organization)s, %(broadcast)s, %(person)s, c.id, l.id, 1, %(medium)s, 1,"
                " %(state)s, %(reason)s, %(evidence)s, 'ja', c.address FROM contact c, lane l"
                " WHERE c.recipient_id = %(person)s AND l.organization_id = %(organization)s"
                " ORDER BY c.id LIMIT 1 RETURNING id",
                medium=Medium.MAIL,
                state=state,
                reason=reason,
                evidence=Evidence.HANDED_OVER if taken else Evidence.NONE,
            )
        )

    def attempt(self, delivery: int, phase: Phase, **given: Any) -> None:
        """Record an attempt."""
        self.write(
            "INSERT INTO attempt (organization_id, broadcast_id, delivery_id, generation, kind, state,"
            " reason, phase, took_ms, reply) VALUES (%(organization)s, %(broadcast)s, %(delivery)s,"
            " %(generation)s, %(kind)s, %(state)s, %(reason)s, %(phase)s, 420, %(reply)s)",
            **{
                "delivery": delivery,
                "generation": 1,
                "kind": 0,
                "state": State.ACCEPTED,
                "reason": Reason.NONE,
                "reply": "250 2.0.0 OK queued as 4F2k9B",
                "phase": phase,
                **given,
            },
        )


@pytest.fixture
def send(staffed: Organization, operator: Operator) -> Callable[..., Sent]:
    """Launch to everybody as an operator, or as `by`; `changes` are those of the form."""

    def send(by: Operator = operator, **changes: Any) -> Sent:
        with tenancy.acting_for(staffed.pk):
            choices = tuple(str(pk) for pk in AnswerChoice.objects.values_list("pk", flat=True))
            form = town.draft(staffed, by, **{"ask": True, "choices": choices, **changes})
            order = ordering.order(form, by, form.changed_at).order
            launched = launch.launch(staffed, order, by)
            broadcast = Broadcast.objects.get(pk=launched.broadcast_id)
            drafts.sent(form, broadcast)
            person = Recipient.objects.visible_to(by).order_by("pk")[0]
        return Sent(city=staffed, operator=by, broadcast=broadcast, person=person)

    return send


@pytest.fixture
def sent(send: Callable[..., Sent]) -> Sent:
    """One that asks for an answer."""
    return send()


@pytest.fixture
def desk_of(sent: Sent, signed_in: Callable[[Operator], Client]) -> Client:
    """A browser of the operator who launched it."""
    return signed_in(sent.operator)
