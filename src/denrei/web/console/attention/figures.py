"""How many cases there are, of each kind: counted as far as it is cheap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import Now

from denrei.accounts.models import Operator
from denrei.deliveries.attention.models import Attention, AttentionQuerySet
from denrei.deliveries.attention.silence import Silence
from denrei.domain.attention import CODES
from denrei.web.console.attention.choosing import STATUSES

#: Cases that the menu counts on every page, and that the page of cases counts.
MENU, CAP = 1_000, 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How the open cases stand."""

    new: int
    taken: int
    later: int
    #: Of the first two: the person can be reached by nothing else.
    alone: int
    #: There are more.
    capped: bool


def pill(operator: Operator) -> str:
    """Return how many cases ask to act, for the menu: "" for none, "1,000+" for many."""
    number = Attention.objects.visible_to(operator).open().awake()[: MENU + 1].count()
    return f"{MENU:,}+" if number > MENU else f"{number:,}" if number else ""


def figures(operator: Operator) -> Figures:
    """Return how the open cases stand."""
    asleep = Q(snoozed_until__gt=Now())
    some = _some(Attention.objects.visible_to(operator).open())
    counted = some.aggregate(
        all=Count("pk"),
        new=Count("pk", filter=~asleep & Q(assigned_to=None)),
        taken=Count("pk", filter=~asleep & Q(assigned_to__isnull=False)),
        later=Count("pk", filter=asleep),
    )
    capped = counted.pop("all") > CAP
    alone = some.awake().with_alone().filter(Q(alone=True)).count()
    return Figures(**counted, alone=alone, capped=capped)


def silent(operator: Operator) -> str:
    """Return how many contacts are suspected of silence: "1,000+" for many."""
    number = Silence.objects.visible_to(operator).suspected()[: MENU + 1].count()
    return f"{MENU:,}+" if number > MENU else f"{number:,}"


def by_status(found: AttentionQuerySet) -> Mapping[str, int]:
    """Return how many cases a list has of each status, and under "" of all."""
    of_code = {
        name: Count("pk", filter=Q(status=CODES[status])) for name, status in STATUSES.items()
    }
    counted = _some(found).aggregate(
        all=Count("pk"), **{f"s{n}": count for n, count in enumerate(of_code.values())}
    )
    return {
        "": counted["all"],
        **{name: counted[f"s{n}"] for n, name in enumerate(of_code)},
    }


def _some(found: AttentionQuerySet) -> AttentionQuerySet:
    """Return the oldest of the cases, as many as are counted."""
    return Attention.objects.filter(pk__in=found.order_by("since", "id").values("pk")[: CAP + 1])
