"""What a list of people shows of a search: one page in order, and how many there are (MSG-5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from denrei.accounts.models import Operator
from denrei.directory import paging, searching
from denrei.directory.models import Recipient, RecipientQuerySet
from denrei.directory.paging import Anchor, Count, Page, Place
from denrei.directory.searching import Plain, Search


@dataclass(frozen=True, kw_only=True)
class Look:
    """One search by one operator; each question is asked of the database once."""

    operator: Operator
    search: Search

    @cached_property
    def people(self) -> RecipientQuerySet:
        """All who are meant, in no order."""
        return searching.people(self.operator, self.search)

    @cached_property
    def _plain(self) -> Plain | None:
        return searching.plain(self.operator, self.search)

    def listed(self, place: Place) -> tuple[Page, Count]:
        """Return one page, as `paging.page` does, and how many there are, as far as that is cheap."""
        page = self._page(place)
        if page.is_whole:
            return page, Count(number=len(page.people), capped=False)
        return page, self.count()

    def count(self) -> Count:
        """Count them, as far as it is cheap."""
        if self._plain is None:
            return paging.count(self.people)
        return paging.counted(len(searching.having(self._plain, paging.COUNTED + 1)))

    def _page(self, place: Place) -> Page:
        meant, known = self._plain, Recipient.objects.visible_to(self.operator)
        if meant is None:
            return paging.page(self.people, place, known)

        def fetch(anchor: Anchor | None, descending: bool, most: int) -> list[Recipient]:
            beside = anchor[1] if anchor else None
            ids = searching.ordered(
                meant, str(place.order), descending=descending, beside=beside, most=most
            )
            by_id = known.in_bulk(ids)
            return [by_id[pk] for pk in ids if pk in by_id]

        return paging.fetched(fetch, place, known)
