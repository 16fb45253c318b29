"""The import in a real browser, its work done by a real worker."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page, expect

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.directory.models import Recipient
from tests.project.commands import running
from tests.web.console.conftest import enter, hire
from tests.web.console.importing.conftest import IMPORT, PEOPLE
from tests.web.serving import needs_chromium

pytestmark = needs_chromium
FILE = FilePayload(name="名簿.csv", mimeType="text/csv", buffer=PEOPLE.encode("cp932", "replace"))
#: Milliseconds that a busy machine may take to start a process.
PATIENCE = 60_000


def choose(page: Page) -> None:
    """Choose the file and ask for a look."""
    page.goto(IMPORT)
    page.get_by_label("名簿のファイル").set_input_files(FILE)
    page.get_by_label("名簿にない所属・連絡グループ・役職区分・世帯を新しく作る").check()
    page.get_by_role("button", name="試しに確認する").click()


@pytest.mark.spec("MSG-5")
def test_a_file_is_looked_at_and_imported_while_the_page_watches(
    desk: Page, city: Organization
) -> None:
    enter(desk, city, hire(city, "admin"))
    choose(desk)
    expect(desk.get_by_role("heading", name="順番を待っています")).to_be_visible()

    with running("worker"):
        looked = desk.get_by_role("heading", name="取り込みの確認")
        expect(looked).to_be_visible(timeout=PATIENCE)
        found = Axe().run(desk)
        assert found.violations_count == 0, found.generate_report()
        desk.get_by_role("button", name="2人を取り込む").click()
        done = desk.get_by_role("heading", name="2人を取り込みました")
        expect(done).to_be_visible(timeout=PATIENCE)

    with tenancy.acting_for(city.pk):
        assert Recipient.objects.count() == 2


def test_without_script_the_page_is_looked_at_again_by_a_link(
    desk: Page, city: Organization
) -> None:
    enter(desk, city, hire(city, "admin"))
    assert desk.context.browser is not None
    plain = desk.context.browser.new_context(
        java_script_enabled=False,
        storage_state=desk.context.storage_state(),
        base_url=desk.url.removesuffix("/console/"),
    )
    page = plain.new_page()
    choose(page)

    page.get_by_role("link", name="最新の状態を表示する").click()

    expect(page.get_by_role("heading", name="順番を待っています")).to_be_visible()
    plain.close()
