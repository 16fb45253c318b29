"""The demo: a whole city by real SMTP and real HTTP, nobody lost, and nothing left behind."""

from __future__ import annotations

import json
import signal

import pytest

from tests.acceptance.running import SECONDS, control, demo, wait_for
from tests.tour import sign_in, visitor
from tests.web.serving import needs_chromium

KEYS = {
    "people", "deliveries", "handed_over", "answered", "lost", "duplicates", "conservation_held", "seconds",
}  # fmt: skip


@pytest.mark.spec("ALL-1", "ALL-9", "NEW-1", "MSG-8", "SCH-5")
def test_a_city_is_imported_warned_and_answers_and_nobody_is_lost() -> None:
    with demo("--once", "--people", "60", "--speed", "3000", "--json") as running:
        out, said = running.process.communicate(timeout=SECONDS)
        left = running.left()

    assert 0 == running.process.returncode, said
    (line,) = out.splitlines()
    told = json.loads(line)
    assert KEYS == told.keys()
    assert (60, 0, 0, True) == (
        told["people"],
        told["lost"],
        told["duplicates"],
        told["conservation_held"],
    )
    assert 0 < told["answered"] <= 60 <= told["handed_over"] < told["deliveries"]
    assert {"start", "import", "launch", "hand_over", "answers"} == told["seconds"].keys()
    assert [] == left


@needs_chromium
@pytest.mark.spec("ALL-8", "MSG-8", "NEW-1")
def test_a_newcomer_takes_the_five_steps_and_answers_as_one_of_the_people() -> None:
    with demo("--people", "60") as running:
        # nobody else answers, so that the answer is ours
        running.until("名簿を取り込みました")
        address = running.until("担当者の画面：").partition("：")[2].removesuffix("/console/\n")
        running.until("/console/handsets/")
        control(running, "pace.json", {"on": False, "speed": 30.0})
        with visitor(address, 390) as page:
            sign_in(page)
            page.get_by_role("link", name="名簿を見る").click()
            page.goto("/console/")
            page.get_by_role("button", name="地震：職員の安否確認").first.click()
            page.get_by_role("button", name="本番として").click()
            page.wait_for_url("**/broadcasts/3/")
            wait_for(page, "連絡終了")
            page.goto("/console/handsets/")
            page.locator(".hs__body > .hs__foot summary").first.click()
            page.locator(".hs__pick[open]").get_by_role("button", name="支援が必要です").click()
            page.get_by_text("さんとして回答しました").wait_for()
            assert "この画面から" in page.locator("#events").inner_text()
            page.get_by_role("link", name="送信状況を開く").first.click()
            page.goto("/console/")
            steps = page.locator("#first-steps li.first--done").count()
        running.process.send_signal(signal.SIGINT)
        running.process.communicate(timeout=SECONDS)

    assert 5 == steps
    assert 0 == running.process.returncode


@pytest.mark.parametrize(
    ("arguments", "words", "number", "code"),
    [
        pytest.param([], "Ctrl-C で終了します。", signal.SIGINT, 0, id="Ctrl-C"),
        pytest.param([], "架空の市を用意", signal.SIGINT, 0, id="Ctrl-C at the very beginning"),
        pytest.param(
            ["--once"], "名簿を取り込みました", signal.SIGINT, 130, id="nothing was proven"
        ),
        pytest.param([], "名簿を取り込みました", signal.SIGHUP, 143, id="the terminal is closed"),
    ],
)
@pytest.mark.spec("ALL-9")
def test_a_demo_that_is_ended_leaves_nothing_behind(
    arguments: list[str], words: str, number: signal.Signals, code: int
) -> None:
    with demo("--people", "30", *arguments) as running:
        running.until(words)
        running.process.send_signal(number)
        out, said = running.process.communicate(timeout=SECONDS)
        left = running.left()

    assert (code, "") == (running.process.returncode, out), said
    assert "Traceback" not in said
    assert [] == left
