"""An operator's own mail: whom no mail reaches, nobody warns (OPS-5).

That an address is suppressed is seen by the watch. That a test or an alarm was refused is noted
here, and lasts until a message is accepted or the address is another one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.db import connection

from denrei.accounts.models import Operator
from denrei.deliveries.direct import Handed
from denrei.deliveries.statements import statement
from denrei.directory import addresses
from denrei.domain.states import Medium


def key(email: str) -> str | None:
    """Return what an operator's address is compared by; None: it is none."""
    try:
        return addresses.read(email, Medium.MAIL).key
    except addresses.InvalidContactError:
        return None


def note(operator: Operator, handed: Handed) -> None:
    """Note what became of a message to an operator; the transaction must act for his organization."""
    if handed.accepted:
        _run("own_mail_accepted", {"operator": operator.pk})
    elif handed.blames_the_address:
        facts = {"refused": key(operator.email) or operator.email, "reply": handed.reply[:200]}
        _run(
            "own_mail_refused",
            {
                "organization": operator.organization_id,
                "operator": operator.pk,
                "facts": json.dumps(facts, ensure_ascii=False),
            },
        )


def _run(name: str, parameters: Mapping[str, str | int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement(name), parameters)
