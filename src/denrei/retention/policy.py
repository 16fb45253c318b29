"""What an organization keeps how long: its own choice, else the installation's, else denrei's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from denrei.accounts.models import Organization
from denrei.accounts.preferences import Preferences
from denrei.domain import retention
from denrei.domain.retention import BOUNDS, Period, UnknownPeriodError


@dataclass(frozen=True, slots=True)
class Policy:
    """The periods of one organization by kind."""

    own: Mapping[str, Period]

    def __getitem__(self, kind: str) -> Period:
        """Return how long a kind is kept."""
        return self.own.get(kind) or default(kind)


def of(organization: Organization) -> Policy:
    """Read the policy of an organization.

    What it chose and is not allowed any more, after an upgrade, counts for nothing rather than for
    something shorter.
    """
    found = {}
    for kind, code in Preferences.of(organization).retention.items():
        if kind in BOUNDS:
            found[kind] = _known(kind, code)
    return Policy(own=found)


def default(kind: str) -> Period:
    """Return how long a kind is kept where nobody chose."""
    installed: Mapping[str, Period] = settings.RETENTION
    return installed.get(kind, BOUNDS[kind].default)


def _known(kind: str, code: str) -> Period:
    try:
        return retention.chosen(kind, code)
    except UnknownPeriodError:
        return max(BOUNDS[kind].most, default(kind), key=list(Period).index)
