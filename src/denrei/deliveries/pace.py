"""How fast the media of a broadcast would go, by the settings of lanes and gateways (NEW-6)."""

from __future__ import annotations

from collections.abc import Sequence

from denrei.deliveries.launch import Step
from denrei.deliveries.models import Gateway, Lane
from denrei.deliveries.reach import Reach
from denrei.domain import forecast
from denrei.domain.forecast import USUAL_RATES, Flow, Source, Speed
from denrei.domain.states import Medium

#: A channel that calls names its lines by this setting.
_LINES = "lines"


def flows(reach: Reach, steps: Sequence[Step]) -> tuple[Flow, ...]:
    """Return what each step has to do, in their order; a medium without a lane is left out."""
    found = []
    for step in steps:
        speed, way = speed_of(step.medium), reach.ways.get(step.medium)
        if speed is not None and way is not None:
            found.append(
                Flow(
                    medium=step.medium,
                    speed=speed,
                    contacts=way.contacts,
                    people=way.first,
                    after_seconds=step.after_seconds,
                )
            )
    return tuple(found)


def speed_of(medium: Medium) -> Speed | None:
    """Return how fast a medium goes by its preferred gateway; None where it has no lane.

    The transaction must act for the organization.
    """
    lane = Lane.objects.serving(medium).first()
    if lane is None:
        return None
    gateway = lane.gateways.in_turn().first()
    if medium is Medium.PHONE:
        return forecast.calling(_lines(gateway), lane.rounds)
    if gateway is not None and gateway.rate is not None:
        return Speed(per_second=gateway.rate, source=Source.CONTRACT)
    return Speed(per_second=USUAL_RATES[medium], source=Source.ASSUMED)


def _lines(gateway: Gateway | None) -> int:
    found = gateway.settings.get(_LINES) if gateway is not None else None
    return found if isinstance(found, int) and found > 0 else 1
