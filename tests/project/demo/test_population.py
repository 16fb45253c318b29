"""People answer by POST over real HTTP; opening a page, a person's or a scanner's, answers nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from denrei.project.demo import worldlog
from denrei.project.demo.browser import Browser, VisitError
from denrei.project.demo.controls import Control
from denrei.project.demo.crowd import Crowd, Stats
from denrei.project.demo.pace import Pace
from denrei.project.demo.tempers import Curve
from denrei.project.demo.visits import Visitors
from denrei.project.demo.worldlog import WorldLog

FORM = """<form method="post"><input type="hidden" name="person" value="%s">
<input type="radio" name="choice" value="1"><input type="radio" name="choice" value="2">
<button>回答する</button></form>"""
ALL = Curve(mode=0.05, spread=0.1, answers=1.0, peeks=0.0, changes=0.0, scans=0.0, scan_within=0.05)


class Pages(ThreadingHTTPServer):
    """Answer pages at /r/N (one person) and /home/N (two); keeps what was asked of it."""

    daemon_threads = False
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, str]] = []
        self.answers: list[tuple[str, str, str]] = []
        self.agents: set[str] = set()
        self.connections = 0
        #: Requests still to be failed with 503.
        self.failing = 0

    @property
    def url(self) -> str:
        """Return the address without a path."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One connection, kept open for a little while."""

    protocol_version = "HTTP/1.1"
    timeout = 2
    server: Pages

    def setup(self) -> None:
        """Count the connection."""
        super().setup()
        self.server.connections += 1

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Stay quiet."""

    def _reply(self, status: int, html: str = "", **headers: str) -> None:
        self.server.requests.append((self.command, self.path))
        self.server.agents.add(self.headers["User-Agent"])
        body = html.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self) -> None:
        """Show a page; answers nothing."""
        if self.server.failing:
            self.server.failing -= 1
            self._reply(503)
        elif self.path.startswith("/home/"):
            self._reply(200, FORM % "a" + FORM % "b")
        elif self.path.startswith("/r/"):
            self._reply(200, FORM % "")
        elif self.path.startswith("/loop"):
            self._reply(302, Location="/loop")
        else:
            self._reply(200 if self.path == "/done" else 404, "<p>thanks</p>")

    def do_HEAD(self) -> None:
        """Show the same without its body."""
        self.do_GET()

    def do_POST(self) -> None:
        """Take an answer and redirect."""
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        person = fields.get("person", [""])[0]
        self.server.answers.append((self.path, person, fields["choice"][0]))
        self._reply(303, Location="/done")


@pytest.fixture
def pages() -> Iterator[Pages]:
    """Serve until the test ends."""
    server = Pages()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def hand_over(log: Path, *urls: str, hidden: bool = False) -> None:
    """Write what the mail world writes for accepted mails."""
    marks = {"hidden": True} if hidden else {}
    with WorldLog(log) as world:
        for i, url in enumerate(urls):
            rcpt = f"{i}@a.example"
            world.note("accepted", at=1.0, rcpt=rcpt, subject="", id="", urls=[url], **marks)


def live(log: Path, curve: Curve, answers: Path | None = None) -> Stats:
    """Let the people of a log live until all is quiet."""
    visitors = Visitors(timeout=2)
    crowd = Crowd(log, seed=1, curve=curve, speed=1.0, visitors=visitors, answers=answers)
    crowd.run(threading.Event(), threads=4, until_quiet=0.3)
    visitors.close()
    crowd.close()
    return crowd.stats


def test_everybody_answers_once_by_post(pages: Pages, tmp_path: Path) -> None:
    log = tmp_path / "log"
    urls = [f"{pages.url}/r/{i}" for i in range(20)]
    hand_over(log, *urls, urls[0])
    stats = live(log, ALL, tmp_path / "answers")
    kept = list(worldlog.events(tmp_path / "answers"))

    assert (stats.mails, stats.opened, stats.answered, stats.errors, stats.waiting) == (
        20,
        20,
        20,
        0,
        0,
    )
    assert sorted(path for path, _, _ in pages.answers) == sorted(f"/r/{i}" for i in range(20))
    assert {(one["url"], one["choice"]) for one in kept} == {
        (pages.url + path, choice) for path, _, choice in pages.answers
    }
    assert pages.connections <= 4


@pytest.mark.parametrize(
    ("curve", "methods"),
    [
        pytest.param(Curve(mode=0.05, answers=0, peeks=1, scans=0), {"GET"}, id="people who look"),
        pytest.param(
            Curve(mode=0.05, answers=0, peeks=0, scans=1, scan_within=0.05),
            {"HEAD", "GET"},
            id="scanners",
        ),
    ],
)
def test_opening_a_page_answers_nothing(
    pages: Pages, tmp_path: Path, curve: Curve, methods: set[str]
) -> None:
    log = tmp_path / "log"
    hand_over(log, *(f"{pages.url}/r/{i}" for i in range(5)))

    stats = live(log, curve)

    assert {method for method, _ in pages.requests} == methods
    assert (stats.answered, stats.opened + stats.scanned, pages.answers) == (0, 5, [])


def test_a_scanner_does_not_look_like_a_person(pages: Pages, tmp_path: Path) -> None:
    log = tmp_path / "log"
    hand_over(log, f"{pages.url}/r/1")

    live(log, Curve(mode=0.05, answers=1, changes=0, scans=1, scan_within=0.05))

    assert len(pages.agents) == 2


def test_who_changes_an_answer_gives_another(pages: Pages, tmp_path: Path) -> None:
    log = tmp_path / "log"
    hand_over(log, f"{pages.url}/r/1")

    stats = live(log, Curve(mode=0.05, spread=0.1, answers=1, changes=1, scans=0))

    first, second = [choice for _, _, choice in pages.answers]
    assert (stats.answered, stats.changed) == (1, 1)
    assert first != second


def test_both_of_a_household_answer_each_for_themselves(pages: Pages, tmp_path: Path) -> None:
    log = tmp_path / "log"
    hand_over(log, f"{pages.url}/home/1")

    stats = live(log, ALL)

    assert {person for _, person, _ in pages.answers} == {"a", "b"}
    assert (stats.mails, stats.answered) == (1, 2)


def test_a_hidden_mail_is_read_by_nobody(pages: Pages, tmp_path: Path) -> None:
    log = tmp_path / "log"
    hand_over(log, f"{pages.url}/r/1", hidden=True)

    stats = live(log, ALL)

    assert (stats.mails, pages.requests) == (0, [])


def test_a_page_that_fails_is_tried_again(pages: Pages, tmp_path: Path) -> None:
    log = tmp_path / "log"
    hand_over(log, f"{pages.url}/r/1")
    pages.failing = 1
    visitors = Visitors(timeout=2)
    crowd = Crowd(log, seed=1, curve=ALL, speed=100.0, visitors=visitors)

    crowd.run(threading.Event(), until_quiet=0.2)
    visitors.close()

    assert (crowd.stats.errors, crowd.stats.answered, crowd.stats.gave_up) == (1, 1, 0)


def test_a_page_that_asks_nothing_is_given_up(pages: Pages, tmp_path: Path) -> None:
    log = tmp_path / "log"
    hand_over(log, f"{pages.url}/done")
    visitors = Visitors(timeout=2)
    crowd = Crowd(log, seed=1, curve=ALL, speed=100.0, visitors=visitors)

    crowd.run(threading.Event(), until_quiet=0.2)
    visitors.close()

    assert (crowd.stats.answered, crowd.stats.gave_up) == (0, 1)


def test_people_who_are_told_to_stop_wait_and_go_on_later(pages: Pages, tmp_path: Path) -> None:
    log, control = tmp_path / "log", Control(tmp_path / "pace")
    hand_over(log, *(f"{pages.url}/r/{i}" for i in range(5)))
    control.write(Pace(on=False, speed=100.0).to_json())
    visitors = Visitors(timeout=2)
    crowd = Crowd(log, seed=1, curve=ALL, speed=1.0, visitors=visitors, control=control)

    with ThreadPoolExecutor(1) as pool:
        for _ in range(20):
            crowd.step(time.monotonic(), pool)
            time.sleep(0.01)
    waiting = (crowd.stats.mails, crowd.stats.waiting, list(pages.requests))
    control.write(Pace(speed=100.0).to_json())
    crowd.run(threading.Event(), until_quiet=0.2)
    visitors.close()

    assert (5, 5, []) == waiting
    assert 5 == crowd.stats.answered


def test_whom_somebody_plays_the_people_leave_alone(pages: Pages, tmp_path: Path) -> None:
    log, answers = tmp_path / "log", tmp_path / "answers"
    urls = [f"{pages.url}/r/{i}" for i in range(3)]
    hand_over(log, *urls)
    with WorldLog(answers) as record:
        record.note(
            "answered", url=urls[1], person="", choice="1", purpose="answer", played=urls[1:]
        )

    stats = live(log, ALL, answers)

    assert (3, 1) == (stats.mails, stats.answered)
    assert {("/r/0")} == {path for path, _, _ in pages.answers}


def test_a_browser_redials_when_an_idle_connection_was_closed(pages: Pages) -> None:
    with Browser(agent="x") as browser:
        browser.visit("GET", f"{pages.url}/r/1")
        for connection in browser._open.values():
            assert connection.sock is not None
            connection.sock.shutdown(2)
        page = browser.visit("GET", f"{pages.url}/r/2")

    assert (page.status, pages.connections) == (200, 2)


@pytest.mark.parametrize("path", ["/nothing", "/loop"])
def test_no_page_is_an_error(pages: Pages, path: str) -> None:
    with Browser(agent="x") as browser, pytest.raises(VisitError):
        browser.visit("GET", pages.url + path)


def test_nobody_there_is_an_error() -> None:
    with Browser(agent="x", via=("127.0.0.1", 1)) as browser, pytest.raises(VisitError):
        browser.visit("GET", "http://denrei.example/r/1")


def test_via_another_door_the_host_stays_that_of_the_url(pages: Pages) -> None:
    host, port = pages.server_address[:2]
    with Browser(agent="x", via=(str(host), int(port))) as browser:
        page = browser.visit("GET", "https://denrei.example/r/1")

    assert page.url == "https://denrei.example/r/1"
    assert page.status == 200


def test_as_a_process_it_counts_and_ends_on_sigterm(pages: Pages, tmp_path: Path) -> None:
    log = tmp_path / "log"
    hand_over(log, *(f"{pages.url}/r/{i}" for i in range(5)))
    command = [sys.executable, "-m", "denrei.project.demo.population", "--log", str(log)]
    with subprocess.Popen([*command, "--speed", "1000"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        last = json.loads(process.stdout.readlines()[-1])
        code = process.wait(10)

    assert first["mails"] == 5
    assert (code, last["errors"]) == (0, 0)
    assert last["answered"] == len({path for path, _, _ in pages.answers})


def test_as_a_process_it_ends_when_all_is_quiet(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "denrei.project.demo.population", "--until-quiet", "0.1"]
    done = subprocess.run(
        [*command, "--log", str(tmp_path / "log")], capture_output=True, check=False, timeout=20
    )

    assert done.returncode == 0
    assert json.loads(done.stdout)["mails"] == 0
