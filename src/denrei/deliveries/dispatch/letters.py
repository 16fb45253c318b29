"""What a broadcast says in a language, rendered once and kept while it is being sent."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from denrei import channels
from denrei.broadcasts import rendering
from denrei.broadcasts.content import Content
from denrei.deliveries.connection import LedgerConnection

#: Broadcasts whose texts are kept at once; a text is some kilobytes.
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Letter:
    """A broadcast's texts by language."""

    texts: dict[str, channels.Content]
    #: Without a page there is no personal address in it.
    has_page: bool


class Letters:
    """A small cache of letters by broadcast: what a broadcast says never changes."""

    def __init__(self, connection: LedgerConnection) -> None:
        self._connection = connection
        self._kept: OrderedDict[int, Letter] = OrderedDict()

    async def of(self, organization: int, broadcast: int) -> Letter:
        """Return the letter of a broadcast."""
        if broadcast not in self._kept:
            rows = await self._connection.run(
                "content", {"broadcast": broadcast}, organization=organization
            )
            self._kept[broadcast] = _render(broadcast, Content.from_json(rows[0][0]))
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(broadcast)
        return self._kept[broadcast]


def _render(broadcast: int, content: Content) -> Letter:
    return Letter(
        texts={
            language: rendering.render(content, language, key=f"{broadcast}/{language}")
            for language in ("ja", "en")
        },
        has_page=content.has_page,
    )
