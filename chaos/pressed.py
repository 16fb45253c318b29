"""Row 11: answers, and then 停止, while very many mails wait.

Bound on what is still sent after a commit: of each worker what had just passed its gate, that is twice the gate,
and what is in the channel, of mail four for each connection (docs/explanation/ledger.md, Stop, answer, give up).
"""

from __future__ import annotations

import time
from typing import Any

from chaos import checker, ground
from chaos.ground import Scene
from chaos.row import Row, Scale

_WORKERS, _CONNECTIONS = 2, 20
#: One being answered, one on the wire behind it, two that wait for their turn.
_SENDS_PER_CONNECTION = 4


def run(scale: Scale) -> Row:
    """Let many answer by their page, then stop the broadcast; nothing else is broken."""
    people, answers = scale.pick((1_000_000, 5_000), (20_000, 300))
    with ground.scene(
        people, delay=0.02, connections=_CONNECTIONS, lease_seconds=ground.OWN_LEASE
    ) as scene:
        scene.workers(_WORKERS)
        broadcast = scene.press()
        ground.wait_for(lambda: _planned(broadcast) == people, "all are planned", 600.0)
        answered_at = _answer(scene, broadcast, answers)
        time.sleep(1.0)
        stopped_at = _stop(scene, broadcast)
        scene.watch.wait(broadcast, 600.0)
        settled = time.time() - stopped_at
        board = scene.watch.boards[broadcast]
        figure = scene.figure(
            sent=len(checker.received(scene.log)),
            cancelled=board.deliveries.cancelled,
            wrong_rows=_wrong_rows(scene, broadcast),
            sent_after_stop=checker.after(scene.log, stopped_at, "all"),
            sent_after_answer=_after_answers(scene, answered_at),
            bound=_bound(),
            settled_s=round(settled, 1),
            statuses={status.value: n for (_, status), n in board.statuses.items()},
        )
    return _judged(figure)


def _judged(figure: dict[str, Any]) -> Row:
    figure["lost"] -= figure["cancelled"]  # the others are not owed anything any more
    return ground.verdict(
        11,
        "answers, then 停止, while many wait",
        "sent after a commit <= bound; all others are CANCELLED, 連絡キャンセル, counted",
        figure,
        figure["sent_after_stop"] <= figure["bound"],
        figure["sent_after_answer"] <= figure["bound"],
        figure["sent"] + figure["cancelled"] == figure["meant"],
        figure["wrong_rows"] == 0,
        figure["duplicates"] == 0,
        figure["statuses"].get("連絡キャンセル") == figure["cancelled"],
    )


def _bound() -> int:
    from denrei.deliveries.dispatch.releasing import GATE

    return _WORKERS * (2 * GATE + _SENDS_PER_CONNECTION * _CONNECTIONS)


def _stop(scene: Scene, broadcast: int) -> float:
    """Press 停止; return when that was committed."""
    from denrei.deliveries import cancel

    cancel.stop(scene.ground.organization.pk, broadcast)
    return time.time()


def _planned(broadcast: int) -> int:
    return int(ground.ask("SELECT planned FROM run WHERE broadcast_id = %s", (broadcast,))[0][0])


def _answer(scene: Scene, broadcast: int, count: int) -> dict[str, float]:
    """Answer for the last of all, whose mails wait longest; return when each was committed."""
    from denrei.deliveries import links
    from denrei.responses import answering
    from denrei.responses.answering import Reply
    from denrei.responses.pages import opened

    organization, answered = scene.ground.organization.pk, {}
    rows = ground.ask(
        "SELECT id, recipient_id, address FROM delivery WHERE broadcast_id = %s"
        " ORDER BY recipient_id DESC LIMIT %s",
        (broadcast, count),
    )
    for delivery, recipient, address in rows:
        token = links.answer_url(organization, delivery).rsplit("/", 1)[1]
        with opened(token) as page:
            assert page is not None
            answering.answer(page, Reply(recipient_id=recipient, choice="1"))
        answered[address] = time.time()
    return answered


def _after_answers(scene: Scene, answered: dict[str, float]) -> int:
    """Return how many were sent to people after their answer."""
    return sum(
        line["at"] > answered[line["rcpt"]]
        for line in checker.lines(scene.log)
        if line["rcpt"] in answered
    )


def _wrong_rows(scene: Scene, broadcast: int) -> int:
    """Return for how many deliveries the ledger and the sink differ."""
    rows = ground.ask(
        "SELECT address, state = 5 FROM delivery WHERE broadcast_id = %s", (broadcast,)
    )
    got = {rcpt for _, rcpt in checker.received(scene.log)}
    return sum((address in got) == cancelled for address, cancelled in rows)
