"""What a wave of a broadcast says in a language, rendered once and kept while it is being sent."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from denrei import channels
from denrei.broadcasts import rendering
from denrei.broadcasts.content import Content
from denrei.deliveries import links
from denrei.deliveries.connection import LedgerConnection

#: Waves whose texts are kept at once; a text is some kilobytes.
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Letter:
    """A wave's texts by language."""

    texts: dict[str, channels.Content]
    #: What each person's own address begins with; "": there is no page, and no address in it.
    pages: str


class Letters:
    """A small cache of letters by wave: what a wave says never changes."""

    def __init__(self, connection: LedgerConnection) -> None:
        self._connection = connection
        self._kept: OrderedDict[tuple[int, int], Letter] = OrderedDict()

    async def of(self, organization: int, broadcast: int, wave: int) -> Letter:
        """Return the letter of a wave."""
        named = (broadcast, wave)
        if named not in self._kept:
            rows = await self._connection.run(
                "content", {"broadcast": broadcast, "wave": wave}, organization=organization
            )
            self._kept[named] = _render(f"{broadcast}/{wave}", Content.from_json(rows[0][0]))
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(named)
        return self._kept[named]


def _render(named: str, content: Content) -> Letter:
    return Letter(
        texts={
            language: rendering.render(content, language, key=f"{named}/{language}")
            for language in ("ja", "en")
        },
        pages=links.answer_pages() if content.has_page else "",
    )
