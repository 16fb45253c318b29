"""The machine: any order of what workers, janitors, people and time do, then an end without faults."""

from __future__ import annotations

from enum import Enum

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.deliveries.machine import city, failing, keeping, outside, working
from tests.deliveries.machine.frame import Deed, Who
from tests.deliveries.machine.play import Chance, Play, chances, do_one_of
from tests.deliveries.machine.stage import Stage


class Part(Enum):
    """Who acts."""

    WORKER = working.WORK
    JANITOR = keeping.ACTS
    OUTSIDE = outside.ACTS
    MEANWHILE = working.MEANWHILE
    MISHAP = failing.MISHAPS


#: By how often.
_PARTS = [Part.WORKER] * 6 + [Part.JANITOR, Part.OUTSIDE, Part.MISHAP] * 2 + [Part.MEANWHILE]
#: More rounds than any plan needs until everything has ended.
_ROUNDS = 30


class LedgerMachine(RuleBasedStateMachine):
    """One rule with many acts: hypothesis leaves out half of the rules of every example."""

    play: Play

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage

    @initialize(plan=city.plans, chance=chances)
    def launch(self, plan: city.Plan, chance: Chance) -> None:
        """Commit people and broadcast, and write the deliveries of the first people."""
        self.play = Play.begin(self.stage, plan)
        self.play.judge()
        keeping.write_slice(self.play, chance)

    @rule(part=st.sampled_from(_PARTS), which=st.integers(0, 11), chance=chances)
    def act(self, part: Part, which: int, chance: Chance) -> None:
        """Let somebody do something that can be done now."""
        do_one_of(part.value, self.play, which, chance)

    def teardown(self) -> None:
        """Without further faults everything comes to its end, and the wave is finished."""
        if hasattr(self, "play") and not self.play.broken:
            self._drain()
            self._judge_the_end()

    def _drain(self) -> None:
        play = self.play
        for _ in range(_ROUNDS):
            for hand in list(play.hands):
                working.play_out(play, hand)
            keeping.let_time_pass(play)
            self.stage.play(play.janitor().round())
            play.judge(Deed(Who.JANITOR))
            for lane in play.city.lanes:
                self._send_all(lane)
            if play.now.run.stage == 2 and not play.hands:
                return

    def _send_all(self, lane: int) -> None:
        for _ in range(_ROUNDS):
            hand = working.claim_in(self.play, lane)
            if hand is None:
                return
            working.play_out(self.play, hand)
        raise AssertionError("a lane that never empties")

    def _judge_the_end(self) -> None:
        scene = self.play.scene
        assert scene.now.run.stage == 2, "the wave does not end"
        for row in scene.now.deliveries.values():
            assert row.state, "lost"
            if not scene.faults:
                assert scene.wire.copies(row.id) <= 1, "a duplicate without a fault"


def on(stage: Stage) -> type[LedgerMachine]:
    """Return the machine that plays on this stage."""

    class OnStage(LedgerMachine):
        def __init__(self) -> None:
            super().__init__(stage)

    return OnStage
