"""Writing drafts and 定型連絡, and who has one open. The only writer of `draft`, `draft_reader`.

Every call runs in a transaction that acts for the organization.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models.functions import Now

from denrei.accounts import audit
from denrei.accounts.models import Operator, Organization
from denrei.broadcasts.models import Broadcast, Draft, DraftKind, DraftReader
from denrei.broadcasts.typed import Typed

#: Whoever was seen within this has the draft open.
SEEN = timedelta(seconds=30)


class DraftError(Exception):
    """A draft could not be changed; nothing was. See the classes below."""


class ChangedMeanwhileError(DraftError):
    """Somebody changed it since it was read: `who`, `when`, and the `revision` it has now."""

    def __init__(self, who: str, when: datetime, revision: int) -> None:
        super().__init__(f"{who} {when.isoformat()} {revision}")
        self.who = who
        self.when = when
        self.revision = revision


class AlreadySentError(DraftError):
    """It was sent, or deleted, and is a draft no more."""


def create(
    organization: Organization,
    operator: Operator,
    form: Typed,
    kind: DraftKind = DraftKind.DRAFT,
    name: str = "",
) -> Draft:
    """Keep a form as a new draft of the operator's unit; `name` is that of a 定型連絡."""
    draft = Draft.objects.create(
        organization=organization,
        kind=kind,
        name=name,
        unit=operator.unit,
        form=form.to_json(),
        changed_by=operator,
    )
    draft.refresh_from_db()
    audit.record(organization.pk, f"{kind.value}.created", draft, operator, after=_told(draft))
    return draft


def save(
    draft: Draft, form: Typed, operator: Operator, expected_revision: int, name: str | None = None
) -> Draft:
    """Keep a form in a draft that stands at `expected_revision`; `name=None` leaves the name.

    A form that changes nothing leaves the revision, so that the same press stays the same.
    Raises ChangedMeanwhileError, AlreadySentError.
    """
    stored = Draft.objects.select_for_update().filter(pk=draft.pk, broadcast=None).first()
    if stored is None:
        raise AlreadySentError
    name = stored.name if name is None else name
    if Typed.from_json(stored.form) == form and stored.name == name:
        return stored
    if stored.revision != expected_revision:
        raise ChangedMeanwhileError(_who(stored), stored.changed_at, stored.revision)
    before = _told(stored)
    stored.form, stored.name = form.to_json(), name
    stored.revision += 1
    stored.changed_by = operator
    stored.changed_at = Now()
    stored.save(update_fields=["form", "name", "revision", "changed_by", "changed_at"])
    stored.refresh_from_db()
    action = f"{stored.kind}.changed"
    audit.record(stored.organization_id, action, stored, operator, before, _told(stored))
    return stored


def delete(drafts: Iterable[Draft], actor: Operator) -> int:
    """Delete drafts; return how many. Choose them from `visible_to`."""
    found = list(drafts)
    for draft in found:
        action = f"{draft.kind}.deleted"
        audit.record(draft.organization_id, action, draft, actor, before=_told(draft))
    Draft.objects.filter(pk__in=[draft.pk for draft in found]).delete()
    return len(found)


def sent(draft: Draft, broadcast: Broadcast) -> None:
    """Note what a draft was sent as: it leaves the list of drafts."""
    Draft.objects.filter(pk=draft.pk, kind=DraftKind.DRAFT).update(broadcast=broadcast)


def note_reader(draft: Draft, operator: Operator, now: datetime) -> None:
    """Note that an operator has a draft open at this moment."""
    DraftReader.objects.update_or_create(
        draft=draft,
        operator=operator,
        defaults={"organization_id": draft.organization_id, "seen_at": now},
    )


def readers(draft: Draft, operator: Operator, now: datetime) -> Sequence[str]:
    """Return the names of the others who have it open, seen within the last 30 s."""
    others = DraftReader.objects.filter(draft=draft, seen_at__gt=now - SEEN).exclude(
        operator=operator
    )
    return list(others.order_by("operator__name").values_list("operator__name", flat=True))


def _who(draft: Draft) -> str:
    return draft.changed_by.name if draft.changed_by else ""


def _told(draft: Draft) -> dict[str, object]:
    return {"name": draft.name, "revision": draft.revision, "form": draft.form}
