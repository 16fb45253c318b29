"""What operators do with mails that a human must judge, each told to the trail (MSG-7, ALL-3)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models.functions import Now

from denrei.accounts import audit
from denrei.accounts.models import Operator
from denrei.domain import text
from denrei.outcomes.models import ReceivedMail

#: Characters of a note.
NOTE = 200


def finish(operator: Operator, mail_id: int, note: str = "") -> bool:
    """Say that a mail was judged; False where it did not wait for that."""
    note = text.clean(note).text[:NOTE]
    changed = {"waits": False, "handled_at": Now(), "handled_by": operator, "note": note}
    return _change(operator, mail_id, waits=True, action="mail.handled", values=changed)


def reopen(operator: Operator, mail_id: int) -> bool:
    """Let a mail wait for a human again; False where it does already, or never did."""
    changed = {"waits": True, "handled_at": None, "handled_by": None}
    return _change(operator, mail_id, waits=False, action="mail.reopened", values=changed)


def _change(
    operator: Operator, mail_id: int, *, waits: bool, action: str, values: Mapping[str, object]
) -> bool:
    with transaction.atomic():
        visible = ReceivedMail.objects.visible_to(operator).filter(pk=mail_id, waits=waits)
        if not waits:
            visible = visible.exclude(handled_at=None)
        mail = visible.select_for_update(of=("self",)).first()
        if mail is None or mail.organization_id is None:
            return False
        ReceivedMail.objects.filter(pk=mail.pk).update(**values)
        about = {"name": mail.author, "note": values.get("note", "")}
        audit.record(mail.organization_id, action, mail, operator, after=about)
    return True
