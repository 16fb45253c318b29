"""What a janitor does, statement by statement, or a whole round at once."""

from __future__ import annotations

from denrei.deliveries import fold, slicing
from tests.deliveries.machine.frame import Deed, Who
from tests.deliveries.machine.look import LEASED
from tests.deliveries.machine.play import Act, Chance, Play


def write_slice(play: Play, chance: Chance) -> None:
    """Write the deliveries of the next people."""
    where = (play.city.organization, play.city.broadcast, 1)
    play.stage.play(slicing.next_slice(play.stage.ledger, *where, 2 * chance.few - 1))
    play.judge()


def cut(play: Play, chance: Chance) -> None:
    """Let all pauses pass, and put what is due into new chunks."""
    del chance
    play.stage.come_due(play.city.broadcast)
    play.run("cut", Deed(Who.CUTTER))


def reap(play: Play, chance: Chance) -> None:
    """Take back every chunk whose lease is over."""
    del chance
    play.stage.play(play.janitor().reap())
    play.judge(Deed(Who.REAPER))


def sweep(play: Play, chance: Chance) -> None:
    """Cancel what waits for people who answered."""
    del chance
    play.stage.play(play.janitor().sweep(play.city.organization, play.city.broadcast))
    play.judge(Deed(Who.SWEEPER))


def stop_chunk(play: Play, chance: Chance) -> None:
    """Cancel one chunk after a stop or the give-up time."""
    del chance
    play.run("stop_chunk", Deed(Who.SWEEPER), reason=play.now.halts[-1])


def stop_rest(play: Play, chance: Chance) -> None:
    """Cancel what is in no chunk after a stop or the give-up time."""
    del chance
    play.run("stop_rest", Deed(Who.SWEEPER), reason=play.now.halts[-1], after=0)


def stop_done(play: Play, chance: Chance) -> None:
    """Note that a stop is complete, where it is."""
    del chance
    play.run("stop_done")


def fold_all(play: Play, chance: Chance) -> None:
    """Fold what was told."""
    del chance
    play.stage.play(fold.fold_all(play.stage.ledger))
    play.judge(Deed(Who.FOLDER))


def finish(play: Play, chance: Chance) -> None:
    """End the wave, where nothing waits."""
    del chance
    play.run("finish")


def go_round(play: Play, chance: Chance) -> None:
    """Go a whole round, or die in the middle of it."""
    janitor = play.janitor()
    play.dying(chance.which, lambda: play.stage.play(janitor.round()))
    play.judge(Deed(Who.JANITOR))


def let_time_pass(play: Play) -> None:
    """Let all pauses pass and all leases of the dead run out."""
    play.stage.come_due(play.city.broadcast)
    for chunk in play.now.chunks.values():
        if chunk.state == LEASED:
            play.stage.expire(chunk.id)
    play.judge()


ACTS: tuple[Act, ...] = (
    (lambda play: play.now.run.stage == 0, write_slice),
    (lambda play: any(chunk.over for chunk in play.now.chunks.values()), reap),
    (lambda play: any(row.due for row in play.now.deliveries.values()), cut),
    (lambda play: any(whom > 0 for whom in play.now.unswept), sweep),
    (lambda play: -1 in play.now.halts, stop_chunk),
    (lambda play: -1 in play.now.halts, stop_rest),
    (lambda play: -1 in play.now.unswept and play.now.run.stage, stop_done),
    (lambda play: play.now.unfolded, fold_all),
    (lambda play: play.now.run.stage == 1, finish),
    (lambda _: True, go_round),
)
