"""Never two calls to one number at once, over all broadcasts and organizations."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from django.conf import settings

from denrei.deliveries.connection import LedgerConnection
from denrei.deliveries.dispatch.held import Result, Waiting

#: Seconds until a call to a number that is being called is tried again.
PAUSE = 15.0
#: Longer than any call; a crash frees the number when its lease is reaped.
_LONGEST_CALL = 3600.0


class Numbers:
    """Reserves numbers for the time of a call. The table holds keyed hashes only."""

    def __init__(self, connection: LedgerConnection) -> None:
        self._connection = connection
        self._held: dict[int, bytes] = {}

    async def occupy(self, row: Waiting, generation: int) -> bool:
        """Reserve the number of a delivery; False: somebody is calling it."""
        key = settings.SECRET_KEY.encode()
        number = hmac.digest(key, b"number\0" + row.address.encode(), hashlib.sha256)
        got = await self._connection.run(
            "occupy", {"number": number, "generation": generation, "lease": _LONGEST_CALL}
        )
        if got:
            self._held[row.id] = number
        return bool(got)

    async def vacate(self, results: Sequence[Result], generation: int) -> None:
        """Free the numbers of calls that are recorded."""
        for result in results:
            number = self._held.pop(result.id, None)
            if number is not None:
                await self._connection.run("vacate", {"number": number, "generation": generation})
