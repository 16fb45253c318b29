"""Alarms opened and closed by what is wrong at this moment (OPS-5).

Each cause is a condition that the database is asked for anew at each look, so that an alarm needs
nobody to remember it and ends by itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from denrei.deliveries.connection import Ask, LedgerConnection
from denrei.deliveries.watch import own_mail
from denrei.domain.states import Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long something is borne; seconds."""

    #: Something is due and no delivery ended.
    stall: float = 60.0
    #: A gateway can't be used.
    trouble: float = 10.0
    #: The cause has gone: the alarm ends.
    gone: float = 6.0
    #: It has ended: that is told, and its return is a new alarm.
    calm: float = 60.0


PATIENCE = Patience()


async def look(
    connection: LedgerConnection, organization: int, patience: Patience = PATIENCE
) -> bool:
    """Open and close the alarms of an organization; tell whether administrators are to be told."""
    async with connection.transaction(organization) as ask:
        causes = await ask("causes", await _asked(ask, patience))
        await ask("alarms", _columns(causes) | {"gone": patience.gone, "calm": patience.calm})
        ((untold,),) = await ask("untold", {})
    return bool(untold)


async def _asked(ask: Ask, patience: Patience) -> dict[str, Any]:
    keys = {operator: own_mail.key(email) for operator, email in await ask("operators", {})}
    known = {operator: key for operator, key in keys.items() if key is not None}
    return {
        "stall": patience.stall,
        "trouble": patience.trouble,
        "operators": list(known),
        "keys": list(known.values()),
        "medium": int(Medium.MAIL),
    }


def _columns(causes: list[tuple[Any, ...]]) -> dict[str, Any]:
    columns = zip(*causes, strict=True) if causes else ((), (), (), (), ())
    kinds, broadcasts, gateways, operators, facts = map(list, columns)
    return {
        "kinds": kinds,
        "broadcasts": broadcasts,
        "gateways": gateways,
        "operators": operators,
        "facts": [json.dumps(one, ensure_ascii=False) for one in facts],
    }
