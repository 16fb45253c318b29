"""再通知: a later wave of a broadcast, to those who did not answer or were not reached (OPS-1).

The same broadcast: its people, answers and counts stay one; the wave has deliveries of its own, and
maybe a text of its own. Who is left out is decided when its slices are written, so that nobody who
answered a moment ago is asked again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db import connection
from django.utils.translation import gettext as _

from denrei.accounts import audit, tenancy
from denrei.accounts.models import Operator, Organization
from denrei.audience.models import AudienceMember
from denrei.broadcasts.content import Content
from denrei.broadcasts.models import Broadcast
from denrei.deliveries import bell, holding, lanes
from denrei.deliveries.errors import LaunchError
from denrei.deliveries.models import Run, WaveKind
from denrei.deliveries.retained import emptied
from denrei.domain.states import Grade, Medium


class Target(StrEnum):
    """Who is asked again."""

    #: Without an answer, or without 受信確認 where nothing is asked.
    SILENT = "silent"
    #: Nothing shows that anything reached them.
    FAILED = "failed"


def most_grade(target: Target, content: Content) -> Grade:
    """Return the best evidence that a person of the target may have."""
    if target is Target.FAILED or not content.has_page:
        return Grade.UNREACHED
    return Grade.READ if content.choices else Grade.DEVICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What 再通知 asks for."""

    broadcast_id: int
    #: The number that it gets: pressed twice, or by two at once, there is one.
    wave: int
    target: Target
    media: tuple[Medium, ...]
    #: A text of its own; None: the broadcast's.
    content: Content | None = None
    #: These people only; (): all of the target.
    recipients: tuple[int, ...] = ()
    kind: WaveKind = WaveKind.AGAIN


def next_wave(broadcast_id: int) -> int:
    """Return the number that the next wave gets."""
    newest = Run.objects.of(broadcast_id).values_list("wave", flat=True).last()
    return (newest or 0) + 1


def media(broadcast_id: int) -> tuple[Medium, ...]:
    """Return the media of the launch, in their order."""
    first = Run.objects.of(broadcast_id).first()
    return tuple(Medium(step["medium"]) for step in first.steps) if first else ()


def people(asked: Again, content: Content) -> int:
    """Return how many it goes to at this moment, from the counters."""
    most = most_grade(asked.target, content)
    if asked.recipients:
        chosen = AudienceMember.objects.of(asked.broadcast_id).filter(grade__lte=most)
        return chosen.filter(recipient_id__in=asked.recipients).count()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n), 0)::bigint FROM people_tally"
            " WHERE broadcast_id = %s AND grade <= %s",
            [asked.broadcast_id, int(most)],
        )
        return int(cursor.fetchone()[0])


def again(organization: Organization, asked: Again, actor: Operator | None) -> bool:
    """Start the wave; False: one of its number was started before, and nothing new was done.

    Raises LaunchError where nobody is left to be asked, or a medium has no way. Committed with the
    caller's transaction; from then on it is the janitor's, as a launch is.
    """
    with tenancy.acting_for(organization.pk):
        broadcast = Broadcast.objects.get(pk=asked.broadcast_id)
        holding.lock_waves(broadcast.pk)
        if emptied(broadcast.pk):
            raise LaunchError(
                _("この連絡の明細は、保存期間を過ぎたため削除しました。再通知はできません。")
            )
        said = asked.content or Content.from_json(broadcast.content)
        reached = people(asked, said)
        if not reached:
            raise LaunchError(
                _("再通知の対象となる人がいません。全員が回答しているか、届いています。")
            )
        if not _insert(organization, broadcast, asked, replace(said, again=asked.target), actor):
            return False
        audit.record(
            organization.pk,
            f"broadcast.{asked.kind.value}",
            broadcast,
            actor,
            after={"wave": asked.wave, "people": reached, "target": asked.target.value},
        )
        bell.ring()
    return True


def _insert(
    organization: Organization,
    broadcast: Broadcast,
    asked: Again,
    said: Content,
    actor: Operator | None,
) -> bool:
    steps = [lanes.frozen(organization, medium, 0) for medium in asked.media]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO run (organization_id, broadcast_id, wave, kind, priority, people, steps, give_up_at,"
            " most_grade, chosen, content, started_by)"
            " VALUES (%s, %s, %s, %s, %s, 0, %s, now() + %s * interval '1 second', %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                organization.pk,
                broadcast.pk,
                asked.wave,
                asked.kind.value,
                broadcast.priority,
                json.dumps(steps),
                (broadcast.give_up_at - broadcast.launched_at).total_seconds(),
                int(most_grade(asked.target, said)),
                list(asked.recipients) or None,
                json.dumps(said.to_json(), ensure_ascii=False),
                actor.pk if actor else None,
            ],
        )
        return bool(cursor.rowcount)
