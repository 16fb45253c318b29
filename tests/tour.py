"""A tour through the console of a running demo: every page, for pictures and for axe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page

from denrei.project.demo.play import SLUG
from denrei.project.demo.staff import CLERKS, PASSWORD
from tests.web.serving import chromium

WIDTHS = {1280: 900, 390: 844}
#: Stops that are pictured at a width of their own, too.
WIDE = {"wall": (1920, 1080)}
#: Times that a page is looked at, each half a second, until what it shows has come.
_LOOKS = 40


def nothing(page: Page) -> None:
    """Do nothing before the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One page of the tour."""

    #: Of the picture.
    name: str
    #: Below `/console/`; "" stays where the stop before led.
    path: str = ""
    #: What is done there first.
    steps: Callable[[Page], None] = nothing


def first_link(selector: str) -> Callable[[Page], None]:
    """Return the step that follows the first link of a kind."""

    def follow(page: Page) -> None:
        page.locator(selector).first.click()
        page.wait_for_load_state()

    return follow


def first_of_menu(page: Page) -> None:
    """Open the folded menu of a narrow page, so that its picture shows it."""
    if page.locator(".nav-m summary").is_visible():
        page.locator(".nav-m summary").click()


def to_proof(page: Page) -> None:
    """Open the proof file's page of the broadcast that is shown."""
    found = re.match(r".*/broadcasts/\d+/", page.url)
    assert found, page.url
    page.goto(f"{found[0]}proof/")


def of_broadcast(part: str) -> Callable[[Page], None]:
    """Return the step that opens a page of the newest broadcast: `sequel/`."""

    def follow(page: Page) -> None:
        first_link("main a[href*='/broadcasts/']")(page)
        found = re.match(r".*/broadcasts/\d+/", page.url)
        assert found, page.url
        page.goto(f"{found[0]}{part}")

    return follow


def to_hold(page: Page) -> None:
    """Open the page that puts the first broadcast on hold."""
    first_link("main a[href*='/broadcasts/']")(page)
    first_link("main a[href$='/hold/']")(page)


def first_story(page: Page) -> None:
    """Follow the first person of the address book to the newest broadcast that was for them."""
    first_link("tbody a[href^='/console/people/']")(page)
    first_link("main a[href^='/console/broadcasts/']")(page)
    page.locator("main details.more summary").click()


def first_past(page: Page) -> None:
    """Follow the first person of the address book to all broadcasts that were for them."""
    first_link("tbody a[href^='/console/people/']")(page)
    page.goto(f"{page.url}broadcasts/")


def confirm_first_template(page: Page) -> None:
    """Tap the first 定型連絡 of the first page: the second of the three taps waits."""
    page.locator("main form button, main a").filter(has_text="安否確認").first.click()
    page.wait_for_load_state()


def examine_a_file(page: Page) -> None:
    """Choose a file with each kind of row, and wait until a worker has examined it."""
    rows = (
        "利用者コード,氏名,連絡グループ,メールアドレス1",
        "X1,髙﨑𠮷,新しい班,takasaki@city.example",
    )
    rows += ("X2,,本庁各課,", "X3,新田 さくら,本庁各課,sakura@city.example")
    file = {"name": "名簿.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    page.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="試しに確認する").click()
    page.get_by_text("取り込めません").first.wait_for()


def unfold_first_answer(page: Page) -> None:
    """Open the choices of the first phone that got a mail."""
    page.locator(".hs__body > .hs__foot summary").first.click()


def reply_by_mail(page: Page) -> None:
    """Write back from the first phone, so that somebody must read it."""
    page.goto("/console/handsets/")
    page.locator(".hs__body > .hs__foot .hs__pick--reply summary").first.click()
    page.locator(".hs__body > .hs__foot .hs__pick--reply textarea").first.fill(
        "母と一緒に避難所にいます。無事です"
    )
    page.locator(".hs__body > .hs__foot .hs__pick--reply button").first.click()
    page.wait_for_load_state()


def open_first_reply(page: Page) -> None:
    """Wait until the reply was read, and open it."""
    until(page, "tbody a[href^='/console/received/']:has-text('Re:')")
    first_link("tbody a[href^='/console/received/']:has-text('Re:')")(page)


def until(page: Page, selector: str) -> None:
    """Load the page anew until something is on it, or it was looked at often enough."""
    for _ in range(_LOOKS):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(500)
        page.reload()


def stop_the_mail_server(page: Page) -> None:
    """Break the mail server for the shortest time."""
    page.locator("#faults button").first.click()
    page.wait_for_load_state()


def open_first_case(page: Page) -> None:
    """Wait for the ledger's first case, and open what the server said and what to tell the person."""
    until(page, ".case details")
    for summary in page.locator(".case >> nth=0 >> details summary").all():
        summary.click()


def press_first(value: str) -> Callable[[Page], None]:
    """Return the step that presses the first button whose value begins so."""

    def press(page: Page) -> None:
        page.locator(f"button[value^='{value}']").first.click()
        page.wait_for_load_state()

    return press


STOPS: tuple[Stop, ...] = (
    Stop(name="home", path=""),
    Stop(name="menu", path="", steps=first_of_menu),
    Stop(name="compose", path="compose/"),
    Stop(name="drafts", path="drafts/"),
    Stop(name="draft", steps=first_link("main a[href*='show=']")),
    Stop(name="templates", path="templates/"),
    Stop(name="template-confirm", path="", steps=confirm_first_template),
    Stop(name="reservations", path="reservations/"),
    Stop(name="broadcasts", path="broadcasts/"),
    Stop(name="broadcast", steps=first_link("main a[href*='/broadcasts/']")),
    Stop(name="broadcast-unknown", steps=first_link("#tab-unknown")),
    Stop(name="wall", steps=first_link("main a[href$='/wall/']")),
    Stop(name="proof", steps=to_proof),
    Stop(name="sequel", path="broadcasts/", steps=of_broadcast("sequel/")),
    Stop(name="stop", path="broadcasts/", steps=of_broadcast("stop/")),
    Stop(name="again", path="broadcasts/", steps=of_broadcast("again/")),
    Stop(name="handsets", path="handsets/"),
    Stop(name="handsets-answering", steps=unfold_first_answer),
    Stop(name="handsets-replied", steps=reply_by_mail),
    Stop(name="handsets-searched", path="handsets/?q=田中"),
    Stop(name="handsets-broken", steps=stop_the_mail_server),
    Stop(name="attention", path="attention/", steps=open_first_case),
    Stop(name="attention-done", path="attention/", steps=press_first("done-")),
    Stop(
        name="attention-case",
        path="attention/",
        steps=first_link("a[href^='/console/attention/']:has-text('経過')"),
    ),
    Stop(name="attention-release", steps=first_link("main a[href$='/release/']")),
    Stop(name="attention-silent", path="attention/silent/"),
    Stop(name="received", path="received/"),
    Stop(name="received-mail", path="received/", steps=open_first_reply),
    Stop(name="people", path="people/"),
    Stop(name="person", steps=first_link("tbody a[href^='/console/people/']")),
    Stop(name="person-change", steps=first_link("main a[href$='/change/']")),
    Stop(name="story", path="people/", steps=first_story),
    Stop(name="person-broadcasts", path="people/", steps=first_past),
    Stop(name="people-new", path="people/new/"),
    Stop(name="import", path="people/import/"),
    Stop(name="import-examined", path="people/import/", steps=examine_a_file),
    Stop(name="masters", path="masters/"),
    Stop(name="words", path="masters/words/"),
    Stop(name="incident", path="masters/incidents/", steps=first_link("tbody a")),
    Stop(name="groups", path="masters/groups/"),
    Stop(name="situations", path="masters/situations/"),
    Stop(name="operators", path="operators/"),
    Stop(name="operator-new", path="operators/new/"),
    Stop(name="units", path="units/"),
    Stop(name="gateways", path="gateways/"),
    Stop(name="gateway", steps=first_link("tbody a[href^='/console/gateways/']")),
    Stop(name="gateway-new", path="gateways/new/"),
    Stop(name="settings", path="settings/"),
    Stop(name="networks", steps=first_link("main a[href*='networks']")),
    Stop(name="retention", path="settings/retention/"),
    Stop(name="retention-preview", path="settings/retention/preview/"),
    Stop(name="retention-report", path="settings/retention/report/"),
    Stop(name="hold", path="broadcasts/", steps=to_hold),
    Stop(name="trail", path="trail/"),
    Stop(name="account", path="account/"),
    Stop(name="second-factor", path="account/second-factor/"),
    Stop(name="app", path="account/app/"),
    Stop(name="password", path="account/password/"),
    Stop(name="statuses", path="statuses/"),
    Stop(name="status", path="statuses/address-error/"),
    Stop(name="refusal", path="no-such-page/"),
    Stop(name="styleguide", path="../styleguide/"),
)


def sign_in(page: Page, login: str = CLERKS[0].login) -> None:
    """Sign in as an operator of the demo."""
    page.goto("/console/sign-in/")
    if page.get_by_label("団体ID").count():
        page.get_by_label("団体ID").fill(SLUG)
    page.get_by_label("利用者ID").fill(login)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url("**/console/")


def tour(page: Page) -> Iterator[str]:
    """Visit the pages one by one, before and after signing in; yield the name of each."""
    page.goto("/console/sign-in/")
    yield "sign-in"
    sign_in(page)
    for stop in STOPS:
        if stop.path or stop.steps in {nothing, first_of_menu, confirm_first_template}:
            page.goto(f"/console/{stop.path}")
        stop.steps(page)
        yield stop.name


@contextmanager
def visitor(address: str, width: int) -> Iterator[Page]:
    """Open a tab of a width at an address."""
    with chromium() as browser:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": WIDTHS[width]},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
        )
        yield context.new_page()
        context.close()
