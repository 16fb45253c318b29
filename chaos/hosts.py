"""Row 12: the same code on several hosts. Two of them carry twice as much; one is cut off in the middle, and comes back.

First the database's answers alone do not reach it any more (its mails still would), then nothing does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from chaos import checker, ground
from chaos.ground import Scene
from chaos.row import Row, Scale
from chaos.watch import Watch
from tools import namespaces
from tools.hosts import Hosts, installation
from tools.namespaces import Host

#: Seconds one way to the mail server: a round trip of 20 ms is what limits.
_DISTANCE = 0.01
#: Connections of one host: few where rates are compared, so that the machine itself is no limit, then more.
_FEW, _CONNECTIONS = 2, 20
#: Seconds; half of it is how long a worker goes on without the database.
_LEASE = 12.0
_WINDOW, _CHUNK = 500, 100
#: Seconds in which a busy machine reads what was written before.
_SLACK = 1.0
_PATIENCE = 900.0
#: Seconds until workers have taken up a changed gateway.
_CHANGED = 8.0
_TARGET = "lost 0, every copy in doubt and within the bound, two hosts >= 1.8 x one, back by itself"


@dataclass
class Cut:
    """What was seen of a host that was cut off."""

    began: float
    ended: float = 0.0
    #: Seconds until the server had given up all its sessions.
    let_go: float = 0.0
    #: Seconds from joining again to its next mail.
    back: float = 0.0

    def late(self, scene: Scene, host: Host) -> int:
        """Return how many mails of the host came although its time was over."""
        until = self.began + _LEASE / 2 + _DISTANCE + _SLACK
        return sum(1 for at in _times(scene, host=host) if until < at < self.ended)


@dataclass
class _Blast:
    """The large broadcast, while hosts come and go."""

    hosts: Hosts
    scene: Scene
    victim: Host
    cuts: list[Cut] = field(default_factory=list)

    def cut(self, down: Callable[[], None], up: Callable[[], None]) -> None:
        """Cut the victim off until the server has let go of it and its leases went to others; join it again."""
        cut = Cut(began=time.time())
        self.cuts.append(cut)
        down()
        cut.let_go = ground.wait_for(lambda: not self.hosts.backends(self.victim), "let go")
        time.sleep(max(0.0, 1.5 * _LEASE - cut.let_go))
        cut.ended = time.time()
        up()
        cut.back = ground.wait_for(self._is_back, f"back after cut {len(self.cuts)}")

    def _is_back(self) -> bool:
        """Tell whether the victim sends again."""
        since = self.cuts[-1].ended
        return any(at > since for at in _times(self.scene, host=self.victim))


def run(scale: Scale) -> Row:
    """Send with one host, with two, and to everybody with faults."""
    reason = namespaces.why_not()
    if reason:
        return Row(number=12, name="hosts", figure={"skipped": reason}, target=_TARGET, passed=True)
    with installation() as hosts, ExitStack() as stack:
        one, two = hosts.net.host("one"), hosts.net.host("two")
        people, few = scale.pick((50_000, 2_000), (10_000, 200))
        scene = _scene(hosts, stack, people)
        _start(scene, hosts, one)
        rate_of_one = _rate(scene, "one", few)
        _start(scene, hosts, two)
        rate_of_two = _rate(scene, "two", 2 * few)
        _widen()
        blast = _Blast(hosts, scene, two)
        seconds = _under_fire(blast, people // 5, twice=not scale.short)
        duplicates_bound = len(blast.cuts) * (_WINDOW + _CONNECTIONS)
        figure = scene.figure(
            seconds=seconds,
            one_per_s=round(rate_of_one),
            two_per_s=round(rate_of_two),
            ratio=round(rate_of_two / rate_of_one, 2),
            let_go_s=[round(cut.let_go, 1) for cut in blast.cuts],
            back_s=[round(cut.back, 1) for cut in blast.cuts],
            late=sum(cut.late(scene, two) for cut in blast.cuts),
            bound=duplicates_bound,
        )
    return ground.verdict(
        12,
        "hosts",
        _TARGET,
        figure,
        scale.short or figure["ratio"] >= 1.8,  # a test asserts no time
        figure["late"] == 0,
        figure["duplicates"] <= duplicates_bound,
    )


def _scene(hosts: Hosts, stack: ExitStack, people: int) -> Scene:
    """Give people, a mail server at a distance and a lane to it."""
    there = hosts.net.host("sink", seconds=_DISTANCE)
    folder = hosts.ground.folder
    hosts.ground.people(people)
    log = folder / "sink.jsonl"
    port = hosts.sink(there, log)
    hosts.ground.gateway(
        port,
        {"connections": _FEW, "host": there.address},
        lease_seconds=_LEASE,
        window=_WINDOW,
        chunk_size=_CHUNK,
    )
    watch = Watch(hosts.ground.organization.pk)
    watch.start()
    stack.callback(watch.stop)
    return Scene(
        ground=hosts.ground,
        stack=stack,
        log=log,
        meant=folder / "meant.jsonl",
        listed=folder / "listed.jsonl",
        watch=watch,
    )


def _start(scene: Scene, hosts: Hosts, host: Host) -> None:
    """Run a worker on a host, and return when all hear the bell."""
    name = f"worker-{len(scene.crew) + 1}"
    scene.crew.append(hosts.act(name, host, "denrei.project", "worker"))
    scene.ready()


def _rate(scene: Scene, mark: str, people: int) -> float:
    """Send to some; return mails a second between the first and the last tenth, by the sink's log."""
    some = scene.ground.some(people)
    scene.mean(mark, some)
    broadcast = scene.ground.press(urgent=some, mark=mark)
    scene.follow(broadcast, mark)
    assert scene.watch.wait(broadcast, _PATIENCE), mark
    times = sorted(_times(scene, mark=mark))
    middle = times[people // 10 : -people // 10]
    return len(middle) / (middle[-1] - middle[0])


def _widen() -> None:
    """Give the lane more connections; workers take it up within seconds."""
    ground.ask(
        "UPDATE gateway SET settings = jsonb_set(settings, '{connections}', %s::text::jsonb)",
        (str(_CONNECTIONS),),
    )
    time.sleep(_CHANGED)


def _under_fire(blast: _Blast, first: int, *, twice: bool) -> float:
    """Send to everybody; cut the victim off after `first` mails, and again when it is back; return the seconds."""
    scene, hosts, victim = blast.scene, blast.hosts, blast.victim
    db, began, before = hosts.net.hosts["db"], time.monotonic(), scene.received()
    broadcast = scene.press()
    scene.wait_received(before + first, _PATIENCE)
    blast.cut(lambda: db.deafen(victim), lambda: db.hear(victim))
    if twice:
        blast.cut(victim.cut_off, victim.join)
    scene.watch.wait(broadcast, _PATIENCE)
    return round(time.monotonic() - began, 1)


def _times(scene: Scene, *, host: Host | None = None, mark: str = "") -> list[float]:
    """Return when messages came; of one host, or of one mark."""
    return [
        float(line["at"])
        for line in checker.lines(scene.log)
        if (host is None or line["host"] == host.address) and mark in ("", line["mark"])
    ]
