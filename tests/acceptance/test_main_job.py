"""The main job from end to end, in a browser: import, write, send, be answered, watch, prove."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.running import SECONDS, Demo, control, demo
from tests.tour import WIDTHS, sign_in, visitor
from tests.web.serving import needs_chromium

pytestmark = needs_chromium

GROUP = "渡り廊下の見守り班"
PEOPLE = ("海野 はるか", "岬 なぎさ", "浜田 みお")
ADDRESSES = ("haruka@office.example", "nagisa@office.example", "mio@office.example")
FILE = "利用者コード,氏名,連絡グループ,メールアドレス1\n" + "".join(
    f"W{n},{name},{GROUP},{address}\n"
    for n, (name, address) in enumerate(zip(PEOPLE, ADDRESSES, strict=True))
)
#: Milliseconds that a step may take on a busy machine.
PATIENCE = 60_000


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
    page.get_by_role("link", name=f"表示する：{name}").click()
    link = page.locator(".hs", has_text=name).get_by_role("link", name="回答ページを開く")
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
def test_from_a_file_of_people_to_a_proof_of_what_they_answered(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
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
        record_property("board_changed_after_s", round(time.monotonic() - at, 2))

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
