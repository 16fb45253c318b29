"""`denrei demo`: the whole of denrei with an invented city, in one foreground command."""

from __future__ import annotations

import argparse
import json
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from denrei.project import embedded, starting
from denrei.project.demo import desk, ending, staff
from denrei.project.demo.actors import Actor, ActorError, acting
from denrei.project.demo.play import DOMAIN, SLUG, Play
from denrei.project.demo.screen import Screen
from denrei.project.failure import CommandError

_FIRST_PORT = 8000
#: Seconds between looks at the board.
_LOOK = 0.25
#: Seconds without anything to do until the people are taken to be done; a launch of many takes longer.
_QUIET, _QUIET_PER_PERSON = 3.0, 0.0001
#: Seconds that `--once` may take for 2,000 people and more for more.
_PATIENCE, _PER_PERSON = 300.0, 0.05
_MIGRATION_PATIENCE = 120.0
_MOST_PEOPLE = 1_000_000
_FASTEST = 100_000.0


def add(commands: Any) -> None:
    """Add the subcommand."""
    command = commands.add_parser("demo", help="架空の市で、取り込みから回答までを見ます")
    command.add_argument("--once", action="store_true", help="1回の連絡が終わったら終了します")
    command.add_argument("--people", type=int, default=2000, metavar="N", help="人数（既定 2,000）")
    command.add_argument(
        "--speed",
        type=float,
        metavar="倍",
        help="回答の速さ（既定 30倍、--once では 400倍）。1倍では2分後の回答が最も多くなります",
    )
    command.add_argument("--json", action="store_true", help="最後の行に結果をJSONで出力します")
    command.set_defaults(run=run_demo)


def run_demo(given: argparse.Namespace) -> int:
    """Play the demo; 0 only where nothing was lost or doubled and both equations always held."""
    _check(given)
    ending.unwind_on_signals()
    with tempfile.TemporaryDirectory(prefix="denrei-demo-") as folder:
        play = Play(people=given.people, folder=Path(folder), say=Screen().say, once=given.once)
        try:
            return _play(given, play)
        except ActorError as error:
            raise CommandError(str(error)) from error
        except ending.Interrupted:
            play.say("終了しました。")
            if given.once:  # nothing was proven
                raise
            return 0


def _check(given: argparse.Namespace) -> None:
    if not 1 <= given.people <= _MOST_PEOPLE:
        raise CommandError(f"--people には 1 から {_MOST_PEOPLE} までの人数を指定してください。")
    if given.speed is not None and not 0 < given.speed <= _FASTEST:
        raise CommandError(f"--speed には 0 より大きく {_FASTEST} までの倍率を指定してください。")
    if given.json and not given.once:
        raise CommandError("--json は --once と一緒に指定してください。")


def _play(given: argparse.Namespace, play: Play) -> int:
    from denrei.project.demo import play as scenes

    speed = given.speed or (400.0 if given.once else 30.0)
    with ExitStack() as stack:
        listen = f"127.0.0.1:{stack.enter_context(_port())}"
        url = f"http://{listen}"
        with play.stage("start"):
            play.say("架空の市を用意しています…")
            stack.enter_context(_prepared(play, url))
            play.build()
            mail_port = scenes.mail_world(stack, play)
            actors = scenes.servers(stack, play, url, listen)
        play.found(mail_port)
        with play.stage("import"):
            play.import_people()
            staff.hire(play.organization, DOMAIN)
            desk.lay_out(play.organization, staff.CLERKS[0].login)
        quiet = _QUIET + _QUIET_PER_PERSON * given.people if given.once else None
        crowd = scenes.crowd(stack, play, url, speed=speed, until_quiet=quiet)
        if not given.once:
            play.drill_before()
        with play.stage("launch"):
            play.launch()
        if not given.once:
            _show_address(play, url)
        try:
            _watch(play, given.once, [*actors, crowd], crowd)
        except ending.Interrupted:
            play.say("終了しています…")
            raise
        return _conclude(play, as_json=given.json)


@contextmanager
def _port() -> Iterator[int]:
    """Hold 8000 where it is free, else any port, so that two demos at once do not meet."""
    with socket.socket() as held:
        try:
            held.bind(("127.0.0.1", _FIRST_PORT))
        except OSError:
            held.bind(("127.0.0.1", 0))
        # A server that asks for the same may listen here beside us; a probe like ours may not.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        yield int(held.getsockname()[1])


@contextmanager
def _prepared(play: Play, url: str) -> Iterator[None]:
    """Start the database of the demo, bring it to this version, and set Django up."""
    for name in [name for name in os.environ if name.startswith(("DENREI_", "DATABASE_URL"))]:
        del os.environ[name]
    home = play.folder / "home"
    home.mkdir()
    os.environ["DENREI_HOME"] = str(home)
    os.environ["DENREI_PUBLIC_URL"] = url
    with embedded.running(home):
        with acting("migrate", ["denrei.project", "migrate"], play.folder) as migrate:
            migrate.finish(_MIGRATION_PATIENCE)
        with starting.migrated("worker"):
            yield


def _show_address(play: Play, url: str) -> None:
    from denrei.accounts import tenancy
    from denrei.deliveries import links
    from denrei.deliveries.models import Delivery

    deadline = time.monotonic() + 10
    found: Any = None
    while found is None and time.monotonic() < deadline:
        with tenancy.acting_for(play.organization):
            found = Delivery.objects.filter(broadcast_id=play.broadcast).first()
        time.sleep(0.05)
    if found is not None:
        play.say(f"回答ページの例：{links.answer_url(play.organization, found.pk)}")
    clerk = staff.CLERKS[0]
    play.say(f"担当者の画面：{url}/console/")
    play.say(f"  団体ID {SLUG}　利用者ID {clerk.login}　パスワード {staff.PASSWORD}")
    if play.has_handsets:
        play.say(f"仮想端末（受取人に届いたものを見て、回答する画面）：{url}/console/handsets/")
    play.say(f"受け取った側の記録：{play.files.log}")
    play.say("Ctrl-C で終了します。")


def _watch(play: Play, once: bool, actors: list[Actor], crowd: Actor) -> None:
    """Look at the board until everybody is done; both equations must hold at every look."""
    from denrei.project import board_text
    from denrei.reports.board import board

    screen, began = Screen(), time.perf_counter()
    patience = max(_PATIENCE, _PER_PERSON * play.people)
    while True:
        look = board(play.organization, play.broadcast)
        play.held = play.held and look.holds
        screen.show(list(board_text.lines(look)))
        elapsed = time.perf_counter() - began
        if look.deliveries.waiting + look.deliveries.in_work == 0 and look.deliveries.total:
            play.seconds.setdefault("hand_over", round(elapsed, 2))
        if once and look.finished and crowd.process.poll() is not None:
            play.seconds["answers"] = round(elapsed, 2)
            return
        for actor in actors:
            if actor is not crowd:
                actor.check()
        if once and elapsed > patience:
            raise CommandError(f"{patience:.0f}秒たっても終わりません。")
        time.sleep(_LOOK)


def _conclude(play: Play, *, as_json: bool) -> int:
    """Judge from the receiving servers' own log, recount the ledger, and say it."""
    from denrei.deliveries.recount import recount
    from denrei.domain.states import Grade
    from denrei.reports.board import board

    differences = recount(play.organization, play.broadcast)
    play.held = play.held and not differences
    look, verdict = board(play.organization, play.broadcast), play.verdict()
    told = {
        "people": look.people.total,
        "deliveries": look.deliveries.total,
        "handed_over": look.deliveries.handed_over + look.deliveries.delivered,
        "answered": look.grades.get(Grade.ANSWERED, 0),
        "lost": len(verdict.lost),
        "duplicates": len(verdict.duplicates),
        "conservation_held": play.held,
        "seconds": play.seconds,
    }
    clean = verdict.clean and play.held
    play.say(
        f"受け取った側の記録：届くべき {verdict.expected:,}通、届いた {verdict.received:,}通、"
        f"失われた {len(verdict.lost)}通、二重 {len(verdict.duplicates)}通、拒否 {len(verdict.refused)}件、"
        f"回答済みのため取り消し {len(verdict.excused)}件"
    )
    play.say(
        "2つの式は、いつ見ても一致していました。" if play.held else "式が一致しない時がありました。"
    )
    if as_json:
        print(json.dumps(told), flush=True)
    return 0 if clean else 1
