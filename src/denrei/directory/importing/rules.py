"""What the operator allowed for an import."""

from __future__ import annotations

from dataclasses import dataclass

from denrei.accounts.models import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The switches of one import."""

    #: Units, groups, positions and households that a row names are created.
    create_missing: bool = False
    #: The operator's unit: nobody outside it is touched (ALL-5). None: the whole organization.
    within: Unit | None = None
