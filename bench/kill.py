"""kill -9 of a worker in mid-blast, five times: what the receiving server's own log says."""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import ExitStack

from bench import ground
from denrei.project.demo import worldlog
from denrei.project.demo.actors import acting

_KILLS = 5
#: Seconds; short, so that the bench need not wait half a minute for each kill.
_LEASE = 5.0
_WINDOW = 500


def run(people: int, rounds: int) -> None:
    """One blast with six workers, five of which are killed one after the other."""
    del rounds
    with ground.ground() as where, ExitStack() as stack:
        where.people(people)
        log = where.folder / "mail.jsonl"
        world = stack.enter_context(
            acting("world", ["denrei.project.demo.mailworld", "--log", str(log)], where.folder)
        )
        where.gateway(int(str(world.first_line()["port"])), lease_seconds=_LEASE, window=_WINDOW)
        victims = [
            stack.enter_context(acting(f"victim-{n}", ["denrei.project", "worker"], where.folder))
            for n in range(_KILLS)
        ]
        stack.enter_context(ground.worker(where, "steady"))
        time.sleep(5.0)  # until all of them listen
        began = time.perf_counter()
        broadcast = where.press()
        for victim in victims:
            time.sleep(0.5)
            victim.process.kill()
        where.settled(broadcast)
        took = time.perf_counter() - began
        print(
            json.dumps(
                {"bench": "kill", **_judge(where, broadcast, log, people), "s": round(took, 1)}
            )
        )


def _judge(where: ground.Ground, broadcast: int, log: object, people: int) -> dict[str, object]:
    from pathlib import Path

    from denrei.accounts import tenancy
    from denrei.deliveries.models import Delivery
    from denrei.deliveries.recount import recount

    got = Counter(
        str(event["rcpt"])
        for event in worldlog.events(Path(str(log)))
        if event["event"] == "accepted"
    )
    with tenancy.acting_for(where.organization.pk):
        doubts = dict(
            Delivery.objects.filter(broadcast_id=broadcast).values_list("address", "doubts")
        )
    twice = {address for address, count in got.items() if count > 1}
    return {
        "people": people,
        "kills": _KILLS,
        "lost": sum(1 for address in doubts if address not in got),
        "duplicates": sum(got[address] - 1 for address in twice),
        "bound": _KILLS * _WINDOW,
        "unmarked": sum(1 for address in twice if not doubts[address]),
        "in_doubt": sum(doubts.values()),
        "conservation": not recount(where.organization.pk, broadcast),
    }
