"""Writing the audit trail: what was done, by whom, to what, before and after (ALL-3)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models

from denrei.accounts import tenancy
from denrei.accounts.models import AuditEntry, Operator


def record(
    organization_id: int,
    action: str,
    subject: models.Model,
    actor: Operator | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Add one entry in the transaction of the act itself: both happened or neither did.

    `action` is dotted (`people.imported`), `subject` any saved row, `before` and `after` JSON.
    """
    with tenancy.acting_for(organization_id):
        return AuditEntry.objects.create(
            organization_id=organization_id,
            actor=actor,
            actor_name=actor.name if actor else "",
            action=action,
            subject_kind=subject._meta.model_name or "",
            subject_id=str(subject.pk),
            before=before,
            after=after,
        )
