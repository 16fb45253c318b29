"""What all parts of the machine share: the stage, the wire, the hands, and the judgement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from hypothesis import note
from hypothesis import strategies as st

from denrei.deliveries.connection import Row
from denrei.deliveries.janitor import Janitor
from denrei.deliveries.lanes import LaneSettings
from tests.deliveries.machine import city, laws, wire
from tests.deliveries.machine.city import City, Plan
from tests.deliveries.machine.frame import Deed, Who
from tests.deliveries.machine.hand import Hand
from tests.deliveries.machine.look import Look
from tests.deliveries.machine.scene import Scene
from tests.deliveries.machine.stage import KilledError, Stage
from tests.deliveries.world import World

_T = TypeVar("_T")
NOBODY = Deed(Who.NOBODY)


class Chance(NamedTuple):
    """What one act draws."""

    #: Which of several.
    which: int
    #: How many rows, results or people.
    few: int
    outcome: wire.Outcome

    def pick(self, choices: Sequence[_T]) -> _T:
        """Pick one of several."""
        return choices[self.which % len(choices)]


chances = st.builds(
    Chance,
    which=st.integers(0, 11),
    few=st.integers(1, 3),
    outcome=st.sampled_from([wire.Outcome.ACCEPTED, *wire.Outcome]),
)


@dataclass(slots=True)
class Play:
    """One broadcast to a handful of people, and everybody who has to do with it."""

    stage: Stage
    plan: Plan
    city: City
    lanes: dict[int, LaneSettings]
    scene: Scene
    #: One for each chunk that a living worker remembers.
    hands: list[Hand] = field(default_factory=list)
    #: Some law does not hold.
    broken: bool = False

    @classmethod
    def begin(cls, stage: Stage, plan: Plan) -> Play:
        """Commit people and broadcast; nothing is sliced yet."""
        world = World.create()
        stage.begin(world.organization.id)
        found = city.founded(world, plan)
        city.remember(stage.eye, found.organization, plan)
        now = stage.look(found.broadcast)
        return cls(
            stage=stage,
            plan=plan,
            city=found,
            lanes={lane: city.lane_settings(stage.eye, lane) for lane in found.lanes},
            scene=Scene(before=now, now=now, deed=NOBODY, wire=wire.Wire()),
        )

    @property
    def now(self) -> Look:
        """The ledger as it stands."""
        return self.scene.now

    def judge(self, deed: Deed = NOBODY) -> None:
        """Look at the ledger after a deed and ask every law."""
        self.broken = True
        self.scene.step(self.stage.look(self.city.broadcast), deed)
        for law in laws.LAWS:
            law(self.scene)
        self.broken = False

    def run(self, name: str, deed: Deed = NOBODY, **parameters: Any) -> list[Row]:
        """Run a statement about the broadcast, and judge."""
        where = {"broadcast": self.city.broadcast, "wave": 1}
        rows = self.stage.run(name, where | parameters, self.city.organization)
        self.judge(deed)
        return rows

    def dying(self, transactions: int, act: Callable[[], None]) -> None:
        """Do something as a process that dies after so many transactions."""
        self.stage.ledger.transactions_left = transactions
        try:
            act()
        except KilledError:
            note("and dies")
        finally:
            self.stage.ledger.transactions_left = None

    def janitor(self) -> Janitor:
        """Return a janitor who has just begun."""
        return Janitor(connection=self.stage.ledger, ring=lambda: None)


#: What may be done, and whether it can be done now.
Act = tuple[Callable[[Play], object], Callable[[Play, Chance], None]]


def do_one_of(acts: Sequence[Act], play: Play, which: int, chance: Chance) -> None:
    """Do one of those that can be done."""
    possible = [act for can, act in acts if can(play)]
    if possible:
        act = possible[which % len(possible)]
        note(act.__name__)
        act(play, chance)
