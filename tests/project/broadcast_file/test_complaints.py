"""Everything that is wrong with a file is told at once, with what to write instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from denrei.accounts.models import Organization
from denrei.project.broadcast_file import BroadcastFileError, read
from tests.project.broadcast_file.written import LEAST, NOW, File

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("mail", id="a word"),
        pytest.param(1, id="a number"),
        pytest.param(["fax"], id="unknown"),
        pytest.param([["mail"]], id="a list in a list"),
        pytest.param([{"medium": ["mail"]}], id="a list as medium"),
        pytest.param([{"medium": "mail", "after": 5}], id="unknown key"),
        pytest.param([{"medium": "mail", "after_minutes": -1}], id="before the launch"),
        pytest.param([{"medium": "mail", "after_minutes": True}], id="true is no number"),
        pytest.param([{"medium": "mail", "after_minutes": 1.5}], id="half a minute"),
        pytest.param([{"medium": "mail", "after_minutes": 10**12}], id="in two million years"),
    ],
)
def test_media_that_mean_nothing_are_told(city: Organization, file: File, given: Any) -> None:
    (complaint,) = file.complaints(city, LEAST | {"media": given})

    assert complaint.startswith("media には mail、sms、phone、app を、送る順に書いてください")


@pytest.mark.parametrize("given", [[], ["mail", "mail"]])
def test_media_are_one_at_least_and_each_once(city: Organization, file: File, given: Any) -> None:
    assert ["連絡手段を1つ以上、重ならないように選んでください。"] == file.complaints(
        city, LEAST | {"media": given}
    )


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param({"incident": ""}, "発生区分を入力してください。", id="no incident"),
        pytest.param(
            {"incident": "火山"},
            "発生区分「火山」は登録されていません（登録：地震発生、避難情報",
            id="incident",
        ),
        pytest.param(
            {"situation": "業務システムが停止"},
            "状況区分「業務システムが停止」は登録されていません（登録：震度5弱以上を観測、",
            id="a situation of another incident",
        ),
        pytest.param({"instruction": "x"}, "指示区分「x」は登録されていません", id="instruction"),
        pytest.param(
            {"answers": ["はい"]},
            "回答区分「はい」は登録されていません（登録：無事です、",
            id="answer",
        ),
        pytest.param({"answers": "無事です"}, 'answers には ["…", "…"] の形', id="answers"),
        pytest.param({"sender": " "}, "発信者を入力してください。", id="nobody signs"),
        pytest.param({"place": 1}, "place には文字を引用符で囲んで", id="a number"),
        pytest.param({"drill": "true"}, "drill には true か false", id="a word for a switch"),
        pytest.param({"place": "あ" * 21}, "発生場所が1文字多く", id="long place"),
        pytest.param({"key": 5}, "key には文字を引用符で囲んで", id="a number as key"),
        pytest.param({"key": "k" * 201}, "key は200文字以内で", id="long key"),
        pytest.param(
            {"occured_at": "x"}, "occured_at という項目はありません", id="a slip of the pen"
        ),
        pytest.param({"occurred_at": "九月"}, "occurred_at には 2026-09-01T09", id="no time"),
        pytest.param({"occurred_at": 20260901}, "occurred_at には 2026-09-01T09", id="a number"),
        pytest.param(
            {"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at には", id="before all zones"
        ),
    ],
)
@pytest.mark.spec("MSG-2")
def test_what_cannot_be_sent_is_told(
    city: Organization, file: File, change: dict[str, Any], complaint: str
) -> None:
    (told,) = file.complaints(city, LEAST | change)

    assert complaint in told


def test_all_complaints_come_at_once(city: Organization, file: File) -> None:
    told = file.complaints(
        city,
        {"incident": "火山", "place": "あ" * 30, "media": ["fax"], "drill": 1, "colour": "red"},
    )

    starts = [
        "colour という項目は",
        "発生区分「火山」は",
        "drill には",
        "[audience] に対象を",
        "media には",
        "発生場所が10文字",
        "発信者を入力",
    ]
    assert starts == [line[: len(start)] for line, start in zip(told, starts, strict=True)]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        pytest.param("a.toml", b"incident = ", "書き方に誤りがあります", id="broken TOML"),
        pytest.param("a.json", b"{", "書き方に誤りがあります", id="broken JSON"),
        pytest.param("a.json", b"[" * 100_000, "書き方に誤りがあります", id="deep JSON"),
        pytest.param("a.JSON", b"[]", "項目と値を書いてください", id="a list"),
        pytest.param("a.toml", "発生".encode("cp932"), "UTF-8 で保存してください", id="CP932"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    city: Organization, tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(BroadcastFileError, match=complaint):
        read(city, path, NOW)


def test_a_file_that_is_not_there_is_told(city: Organization, tmp_path: Path) -> None:
    for path in (tmp_path / "absent.toml", tmp_path):
        with pytest.raises(BroadcastFileError, match=f"ファイル {path} を開けません"):
            read(city, path, NOW)
