"""Row 10: the janitor and the web side killed in mid-launch and in mid-blast, five times each.

In mid-launch: the command that presses (the same transaction as a press in the console) while it freezes the audience, and
workers, in each of which is a janitor, while a slice is being written. In mid-blast: workers, and the web server
while people answer. An answer that was acknowledged must be kept, as a launch must be.
"""

from __future__ import annotations

import subprocess
import time

from chaos import ground
from chaos.answering import Crowd, Web
from chaos.ground import Scene
from chaos.pressing import furnish, press
from chaos.row import Row, Scale

_MARK = "all"
#: How the statements begin that are cut short; a large audience is put on a roster first.
_FREEZE = ["INSERT INTO audience%", "INSERT INTO roster%"]
_SLICE = ["-- The next slice of a launch%"]
#: Seconds that a launch, or a worker, gets to come to its statement.
_PATIENCE = 60.0


def run(scale: Scale) -> Row:
    """Kill whoever launches, then whoever sends and takes answers."""
    kills, answers = scale.pick((5, 2_000), (1, 40))
    people, delay = scale.pick((60_000, 0.02), (6_000, 0.1))
    size = 500
    with ground.scene(people, delay=delay, window=size, chunk_size=size) as scene:
        furnish(scene, [_MARK])
        scene.mean(_MARK)
        presses = _kill_presses(scene, kills)
        broadcast = press(scene, _MARK, everybody=True).number
        assert broadcast is not None
        launches = len(ground.ask("SELECT id FROM broadcast"))
        scene.follow(broadcast, _MARK)
        slices = _kill_slices(scene, kills)
        senders, crowd = _kill_senders(scene, broadcast, kills, answers)
        cancelled = scene.watch.boards[broadcast].deliveries.cancelled
        figure = scene.figure(
            cancelled=cancelled,
            killed={"presses": presses, "slices": slices, "senders_and_webs": senders},
            launches=launches,
            answers=len(crowd.taken),
            answers_repeated=crowd.repeats,
            answers_lost=crowd.forgotten(),
            bound=senders * size,
        )
    figure["lost"] -= cancelled  # who answered before the mail was sent is owed none
    return ground.verdict(
        10,
        "janitor and web killed in mid-launch and mid-blast",
        "lost 0; one launch for all presses, completed by whoever comes next; answers lost 0",
        figure,
        {presses, slices, senders} == {kills},
        launches == 1,
        figure["answers_lost"] == 0,
        cancelled <= len(crowd.taken) == answers,
        figure["duplicates"] <= figure["bound"],
    )


def _runs(begins: list[str]) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE ANY(%s)"
    return bool(ground.ask(query, (begins,))[0][0])


def _seen(begins: list[str]) -> bool:
    """Wait until such a statement runs; False where it never does."""
    deadline = time.monotonic() + _PATIENCE
    while not _runs(begins):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def _launched(broadcast: int) -> bool:
    query = "SELECT stage > 0 FROM run WHERE broadcast_id = %s AND wave = 1"
    return bool(ground.ask(query, (broadcast,))[0][0])


def _kill_presses(scene: Scene, kills: int) -> int:
    """Kill the press while it freezes the audience; return how often that was so."""
    done = 0

    def cut(process: subprocess.Popen[str]) -> None:
        nonlocal done
        done += _seen(_FREEZE)
        process.kill()

    for _ in range(kills):
        press(scene, _MARK, everybody=True, meanwhile=cut)
        ground.wait_for(lambda: not _runs(_FREEZE), "the cut press is rolled back")
    return done


def _kill_slices(scene: Scene, kills: int) -> int:
    """Kill a worker while it writes a slice of the launch; return how often that was so."""
    done = 0
    for _ in range(kills):
        worker = scene.worker()
        done += _seen(_SLICE)
        scene.kill(worker)
        ground.wait_for(lambda: not _runs(_SLICE), "the cut slice is rolled back")
    return done


def _kill_senders(scene: Scene, broadcast: int, kills: int, answers: int) -> tuple[int, Crowd]:
    """Kill who sends and the web server while a crowd answers; return how often, and the crowd."""
    scene.workers(1)
    web = Web(scene)
    ground.wait_for(lambda: _launched(broadcast), "the launch is completed")
    crowd = Crowd(scene, web, broadcast, answers)
    crowd.start()
    done = sum(_kill_sender(scene, web, broadcast) for _ in range(kills))
    scene.watch.wait(broadcast, 600.0)
    crowd.join()
    return done, crowd


def _kill_sender(scene: Scene, web: Web, broadcast: int) -> int:
    """Kill the web server, and the one worker while it sends; 0 where the broadcast has ended."""
    worker = scene.crew[0]
    ground.wait_for(
        lambda: scene.promised(worker) or scene.watch.finished(broadcast), "it sends", 120.0
    )
    if scene.watch.finished(broadcast):
        return 0
    scene.kill(worker)
    web.kill()
    scene.worker()
    return 1
