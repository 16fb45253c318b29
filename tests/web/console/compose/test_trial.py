"""自分へテスト送信 from the form: the result is shown, the form stays, nothing is counted (OPS-3)."""

from __future__ import annotations

import pytest
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.models import Operator
from denrei.broadcasts.models import Broadcast, Draft
from tests.web.console.compose.conftest import Desktop, value_of, words

pytestmark = pytest.mark.spec("OPS-3")


@pytest.mark.parametrize(
    ("email", "told"),
    [
        (
            "me@example.jp",
            "メール：送信経路「市のサーバー」が me@example.jp 宛てとして受け付けました。",
        ),
        (
            "refused@example.jp",
            "メール：宛先のアドレスは存在しません。 サーバーの応答：UNKNOWN_USER",
        ),
        ("", "メール：あなたのメールアドレスが登録されていません。"),
    ],
)
def test_what_became_of_it_is_told(desktop: Desktop, sender: Client, email: str, told: str) -> None:
    with tenancy.acting_for(desktop.city.pk):
        Operator.objects.filter(login="sender").update(email=email)

    page = sender.post("/console/compose/", desktop.form(do="test"))

    assert (200, "汐見原市全域") == (page.status_code, value_of(page, "place"))
    assert told in words(page)
    with tenancy.acting_for(desktop.city.pk):
        assert (0, 0) == (Broadcast.objects.count(), Draft.objects.count())
