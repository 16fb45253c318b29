"""The main job from end to end, in a browser: import, write, send, be answered, watch, prove."""

from __future__ import annotations

import logging
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from denrei.project.demo.staff import PASSWORD
from tests.acceptance.running import SECONDS, Demo, control, demo
from tests.tour import WIDTHS, sign_in, visitor
from tests.web.serving import needs_chromium

pytestmark = needs_chromium

#: Figures for whoever asks: `pytest --log-cli-level=INFO`.
_log = logging.getLogger(__name__)
GROUP = "渡り廊下の見守り班"
PEOPLE = ("海野 はるか", "岬 なぎさ", "浜田 みお")
ADDRESSES = ("haruka@office.example", "nagisa@office.example", "mio@office.example")
FILE = "利用者コード,氏名,連絡グループ,メールアドレス1\n" + "".join(
    f"W{n},{name},{GROUP},{address}\n"
    for n, (name, address) in enumerate(zip(PEOPLE, ADDRESSES, strict=True))
)
#: Milliseconds that a step may take on a busy machine.
PATIENCE = 30_000


@contextmanager
def quiet_demo() -> Iterator[tuple[Demo, str]]:
    """Run a demo in which nobody answers by himself; yield it with its address."""
    with demo("--people", "30") as running:
        running.until("名簿を取り込みました")
        address = running.until("担当者の画面：").partition("：")[2].removesuffix("/console/\n")
        running.until("/console/handsets/")
        control(running, "pace.json", {"on": False, "speed": 30.0})
        yield running, address
        running.process.send_signal(signal.SIGINT)
        running.process.communicate(timeout=SECONDS)


def import_people(page: Page) -> None:
    """Bring three people into the address book by a file, looked at before it is written."""
    page.goto("/console/people/import/")
    file = {"name": "名簿.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    page.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
    page.locator("[name=create_missing]").check()
    page.get_by_role("button", name="試しに確認する").click()
    page.get_by_role("button", name="取り込む").click()
    expect(page.locator("main")).to_contain_text("取り込みました")


def compose(page: Page) -> None:
    """Write a message to the group, and look at what will arrive."""
    page.goto("/console/compose/")
    page.locator("#incident").select_option(label="地震発生")
    page.get_by_label(GROUP).first.check()
    expect(page.locator("#preview")).to_contain_text("地震発生")
    expect(page.locator("#reach")).to_contain_text("3 人")
    page.get_by_role("button", name="内容と届く見込みを確認").click()
    page.wait_for_url("**/confirm/")


def send(page: Page) -> str:
    """Press 送信; return the address of the board."""
    page.get_by_role("button", name="3人に送信する").click()
    page.wait_for_url(re.compile(r"/broadcasts/\d+/$"))
    return page.url


def answer(page: Page, name: str, words: str) -> float:
    """Answer as one of them, on a phone without script; return when, by the monotonic clock."""
    page.goto(f"/console/handsets/?q={name}")
    phone_shown = page.locator(".hs", has_text=name)
    if not phone_shown.count():
        page.locator("#add li", has_text=name).get_by_role("link").click()
    link = phone_shown.get_by_role("link", name="回答ページを開く")
    address = link.first.get_attribute("href")
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(
        viewport={"width": 390, "height": WIDTHS[390]}, java_script_enabled=False, locale="ja-JP"
    )
    phone = context.new_page()
    phone.goto(str(address))
    phone.get_by_role("button", name=words).click()
    at = time.monotonic()
    phone.get_by_text("回答を受け付けました").wait_for()
    context.close()
    return at


def ask_again(page: Page, board: str) -> None:
    """Press 再通知 on the board, to those who did not answer."""
    page.goto(board)
    page.get_by_role("link", name="再通知").click()
    page.get_by_role("button", name="本番として再通知する").click()
    page.wait_for_url(board)


def stop(page: Page) -> None:
    """Press 停止, and say yes."""
    page.get_by_role("link", name="送信を停止").click()
    page.get_by_role("button", name=re.compile("停止する")).click()


def export(page: Page, board: str, folder: Path) -> Path:
    """Take the proof file out."""
    page.goto(board)
    page.get_by_role("link", name="証明ファイル").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="証明ファイルを書き出す").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def verify(file: Path) -> subprocess.CompletedProcess[str]:
    """Verify a file, without a database."""
    command = [sys.executable, "-m", "denrei.project", "verify", str(file)]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "HOME": str(file.parent)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def equation(page: Page, words: str) -> None:
    """Wait until the second equation of the board has a term."""
    expect(page.locator("main")).to_contain_text(re.compile(words))


@pytest.mark.spec("ALL-4", "MSG-3", "MSG-5", "MSG-8", "NEW-1", "OPS-1", "EMC-5", "ALL-3", "SCH-5")
def test_from_a_file_of_people_to_a_proof_of_what_they_answered(tmp_path: Path) -> None:
    expect.set_options(timeout=PATIENCE)
    with quiet_demo() as (running, address), visitor(address, 1280) as page:
        page.set_default_timeout(PATIENCE)
        sign_in(page)
        import_people(page)
        compose(page)
        board = send(page)
        expect(page.locator("main")).to_contain_text("連絡終了")
        watching = page.context.new_page()
        watching.goto(board)

        at = answer(page, PEOPLE[0], "支援が必要です")
        expect(watching.locator("main")).to_contain_text("支援が必要で、担当のいない方が1人います")
        _log.info("the board changed %.2f s after the tap", time.monotonic() - at)

        control(running, "faults.json", {"closed": time.time() + 600})
        ask_again(page, board)
        stop(page)
        expect(page.locator("main")).to_contain_text(re.compile(r"取消\s*2"))

        page.goto(board)
        page.get_by_role("link", name=PEOPLE[0]).first.click()
        expect(page.locator("main")).to_contain_text(f"{PEOPLE[0]}さんの経過")
        expect(page.locator("main")).to_contain_text("支援が必要です")
        file = export(page, board, tmp_path)

    found = verify(file)
    assert 0 == found.returncode, found.stdout + found.stderr
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:5], lines[6], lines[5], *lines[7:]]))
    swapped = verify(file)
    assert 1 == swapped.returncode
    assert "不一致" in swapped.stdout


#: What has the focus, as it is called: its label, its words, or those read aloud.
_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one.matches("a, button, input, select, summary, textarea")) return "";
  const label = one.labels?.[0]?.innerText ?? "";
  return [one.id, one.getAttribute("aria-label") ?? "", label, one.innerText ?? ""].join(" ");
}"""
#: Presses of the key until a page must have come round.
_ROUND = 250


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus is called so."""
    passed = []
    for _ in range(_ROUND):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(_FOCUSED))
        if words in passed[-1]:
            return
    pytest.fail(f"no way to {words!r}: " + " | ".join(passed))


def press(page: Page, words: str) -> None:
    """Go to a button or link by Tab, and press Enter."""
    tab_to(page, words)
    page.keyboard.press("Enter")


def send_by_keys(page: Page) -> str:
    """Sign in, write a drill and send it; return the address of its board."""
    page.goto("/console/sign-in/")
    page.keyboard.type("bousai")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")
    press(page, "緊急連絡を作成")
    page.wait_for_url("**/compose/")
    tab_to(page, "本番として送信")
    page.keyboard.press("ArrowRight")
    tab_to(page, "incident")
    page.keyboard.press("ArrowDown")
    tab_to(page, "災害対策本部")
    page.keyboard.press("Space")
    press(page, "内容と届く見込みを確認")
    page.wait_for_url("**/confirm/")
    press(page, "に送信する")
    page.wait_for_url(re.compile(r"/broadcasts/\d+/$"))
    return page.url


def note_by_keys(page: Page) -> None:
    """Open the first person of the board's list, and note an answer that was heard."""
    press(page, page.locator("#people tbody th a").first.inner_text())
    page.wait_for_url("**/people/**")
    press(page, "代わりに回答を記録する")
    for question in ("回答", "確認した方法"):
        tab_to(page, question)
        page.keyboard.press("ArrowDown")
    press(page, "記録する")
    expect(page.locator("main")).to_contain_text("記録しました")


@pytest.mark.spec("ALL-6")
def test_the_main_job_is_done_by_keyboard_alone() -> None:
    expect.set_options(timeout=PATIENCE)
    with quiet_demo() as (_, address), visitor(address, 1280) as page:
        page.set_default_timeout(PATIENCE)
        board = send_by_keys(page)
        expect(page.locator("main")).to_contain_text("連絡終了")

        press(page, "再通知")
        page.wait_for_url("**/again/")
        press(page, "再通知する")
        page.wait_for_url(board)
        page.goto(f"{board}?state=handed#people")
        note_by_keys(page)

        page.goto(board)
        press(page, "証明ファイル")
        page.wait_for_url("**/proof/")
        with page.expect_download() as download:
            press(page, "証明ファイルを書き出す")
        assert download.value.suggested_filename.endswith(".jsonl")
