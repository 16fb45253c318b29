"""A broadcast from a file: what it may say, and that everything wrong with it is told at once."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import Organization, Preset, Unit
from denrei.audience.selection import Selection
from denrei.broadcasts import presets
from denrei.broadcasts.models import IncidentType, Priority
from denrei.deliveries.launch import Order, Step, launch
from denrei.deliveries.models import Lane
from denrei.directory.models import ContactGroup, Position, Recipient, RecipientState
from denrei.domain.states import Medium
from denrei.project.broadcast_file import BroadcastFileError, read

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "write-a-broadcast-file.md"
NOW = datetime(2026, 11, 22, 7, 13, 42, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))
LEAST = {"incident": "地震発生", "sender": "防災課", "audience": {"everybody": True}}


@pytest.fixture
def city() -> Organization:
    """Return a city with its words, a unit, groups, positions and people."""
    made = organizations.create(
        "city", "伝令市", Preset.CITY, sender_name="伝令市役所", reply_to="kiki@example.jp"
    )
    presets.furnish(made)
    with tenancy.acting_for(made.pk):
        units.add(made, "H10", "本庁")
        school = units.add(made, "S1", "中央小学校")
        Unit.objects.filter(pk=school.pk).update(sender_address="chuo@example.jp")
        for table in (ContactGroup, Position):
            for code, name in (("1", "本部員"), ("2", "参集第1班"), ("3", "同名"), ("4", "同名")):
                table.objects.create(organization=made, code=code, name=name)
        Position.objects.create(organization=made, code="9", name="課長")
        for code, name in (("A1", "佐藤"), ("A2", "佐藤"), ("", "番号なし")):
            Recipient.objects.create(organization=made, code=code, name=name)
        Recipient.objects.create(
            organization=made, code="A9", name="退職者", state=RecipientState.LEFT
        )
        Lane.objects.create(organization=made, medium=Medium.MAIL, name="mail")
    return made


class File:
    """Where a test writes its broadcast."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "broadcast.json"

    def order(self, city: Organization, given: Any, now: datetime = NOW) -> Order:
        """Write JSON and read the order that it describes."""
        self.path.write_text(json.dumps(given), encoding="utf-8")
        return read(city, self.path, now)

    def complaints(self, city: Organization, given: Any) -> list[str]:
        """Return what is wrong with a file, line by line."""
        with pytest.raises(BroadcastFileError) as refused:
            self.order(city, given)
        return str(refused.value).splitlines()


@pytest.fixture
def file(tmp_path: Path) -> File:
    """Return a file of the test's own."""
    return File(tmp_path)


def test_the_least_that_a_file_says(city: Organization, file: File) -> None:
    order = file.order(city, LEAST)

    assert ("地震発生", "Earthquake") == (order.content.incident.ja, order.content.incident.en)
    assert ("防災課", "伝令市") == (order.content.signed, order.content.organization)
    assert ("伝令市役所", "kiki@example.jp") == (
        order.content.sender.name,
        order.content.sender.reply_to,
    )
    assert 4 == len(order.content.choices)
    assert (True, False) == (order.content.confirm, order.content.drill)
    assert (Selection(everybody=True), (Step(medium=Medium.MAIL),)) == (
        order.selection,
        order.steps,
    )
    assert NOW.replace(second=0) == order.content.occurred_at
    assert NOW + timedelta(days=1) == order.give_up_at


def test_toml_and_json_say_the_same(city: Organization, file: File, tmp_path: Path) -> None:
    toml = tmp_path / "broadcast.toml"
    toml.write_bytes(
        '\ufeffincident = "地震発生"\r\nsender = "防災課"\r\n[audience]\r\neverybody = true'.encode()
    )

    from_toml, from_json = read(city, toml, NOW), file.order(city, LEAST)

    assert from_json.content == from_toml.content
    assert from_json.selection == from_toml.selection


def test_the_example_of_the_page_can_be_sent(city: Organization, tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    path = tmp_path / "kunren.toml"
    path.write_text(blocks[0], encoding="utf-8")

    order = read(city, path, NOW)

    assert "2026-09-01 総合防災訓練" == order.key
    assert datetime(2026, 9, 1, 9, 0, tzinfo=TOKYO) == order.content.occurred_at
    assert order.content.drill
    assert {"key", "drill", "incident"} < tomllib.loads(blocks[0]).keys()


def test_priority_and_time_to_give_up_are_the_incident_type_s(
    city: Organization, file: File
) -> None:
    with tenancy.acting_for(city.pk):
        IncidentType.objects.filter(name="避難情報").update(give_up_minutes=90)

    order = file.order(city, LEAST | {"incident": "避難情報"})

    assert (Priority.EVACUATION, NOW + timedelta(minutes=90)) == (order.priority, order.give_up_at)


@pytest.mark.parametrize("named", ["地震発生", "1"])
def test_a_name_or_a_code_names_the_same(city: Organization, file: File, named: str) -> None:
    order = file.order(city, LEAST | {"incident": named, "situation": "2", "answers": ["無事です"]})

    assert ("地震発生", "津波のおそれあり", ["1"]) == (
        order.content.incident.ja,
        order.content.situation.ja,
        [choice.code for choice in order.content.choices],
    )


@pytest.mark.spec("OPS-6", "SCH-1")
def test_a_unit_may_be_the_sender(city: Organization, file: File) -> None:
    sender = file.order(city, LEAST | {"unit": "中央小学校"}).content.sender

    assert ("chuo@example.jp", "kiki@example.jp") == (sender.address, sender.reply_to)


def test_what_nobody_sees_is_taken_out_of_texts(city: Organization, file: File) -> None:
    order = file.order(
        city,
        LEAST
        | {
            "place": "\u202e市内\x00\n全域 ",
            "situation_note": "一行目\r\n二行目",
            "sender": "課\ud800長",
        },
    )

    assert ("市内 全域", "一行目\n二行目", "課長") == (
        order.content.place,
        order.content.situation_note,
        order.content.signed,
    )


def test_answers_that_are_empty_ask_nothing(city: Organization, file: File) -> None:
    asked, silent = (
        file.order(city, LEAST | {"answers": []} | change).content
        for change in ({}, {"confirm": False})
    )

    assert ((), True) == (asked.choices, asked.has_page)
    assert ((), False) == (silent.choices, silent.has_page)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("2026-09-01T09:00:00+09:00", (2026, 9, 1, 0, 0), id="with a zone"),
        pytest.param("2026-09-01T00:00:00Z", (2026, 9, 1, 0, 0), id="UTC"),
        pytest.param("2026-09-01T09:00", (2026, 9, 1, 0, 0), id="the organization's own time"),
        pytest.param("2026-09-01 09:00", (2026, 9, 1, 0, 0), id="with a space"),
    ],
)
def test_when_it_happened_takes_any_form_of_a_time(
    city: Organization, file: File, given: str, expected: tuple[int, int, int, int, int]
) -> None:
    order = file.order(city, LEAST | {"occurred_at": given})

    assert datetime(*expected, tzinfo=UTC) == order.content.occurred_at


@pytest.mark.parametrize("given", ["2026-09-01T09:00:00+09:00", "2026-09-01T09:00:00"])
def test_toml_has_times_of_its_own(city: Organization, tmp_path: Path, given: str) -> None:
    path = tmp_path / "broadcast.toml"
    path.write_text(
        f'incident = "1"\nsender = "課"\noccurred_at = {given}\naudience.everybody = true',
        encoding="utf-8",
    )

    assert datetime(2026, 9, 1, tzinfo=UTC) == read(city, path, NOW).content.occurred_at


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(["mail"], [(Medium.MAIL, 0)], id="mail"),
        pytest.param(
            ["app", "mail", {"medium": "phone", "after_minutes": 10}],
            [(Medium.APP, 0), (Medium.MAIL, 0), (Medium.PHONE, 600)],
            id="one after the other",
        ),
        pytest.param([{"medium": "sms"}], [(Medium.SMS, 0)], id="at once"),
    ],
)
@pytest.mark.spec("EMC-3")
def test_media_are_steps_in_order(
    city: Organization, file: File, given: list[Any], expected: list[tuple[Medium, int]]
) -> None:
    order = file.order(city, LEAST | {"media": given})

    assert expected == [(step.medium, step.after_seconds) for step in order.steps]


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


@pytest.mark.spec("MSG-3")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"everybody": True}, {"everybody": True}, id="everybody"),
        pytest.param({"units": ["H10"]}, {"units": ["本庁"]}, id="a unit by code"),
        pytest.param(
            {"groups": ["本部員", "2"], "positions": ["課長"]},
            {"groups": ["本部員", "参集第1班"], "positions": ["課長"]},
            id="either",
        ),
        pytest.param(
            {"groups": ["本部員"], "positions": ["課長"], "match": "all"},
            {"groups": ["本部員"], "positions": ["課長"], "both": True},
            id="both",
        ),
        pytest.param({"people": ["A2", "A1", "A2"]}, {"recipients": ["A1", "A2"]}, id="by code"),
    ],
)
def test_whom_it_means(
    city: Organization, file: File, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    chosen = file.order(city, LEAST | {"audience": given}).selection

    with tenancy.acting_for(city.pk):
        named = {
            "units": [unit.name for unit in Unit.objects.filter(pk__in=chosen.units)],
            "groups": [ContactGroup.objects.get(pk=pk).name for pk in chosen.groups],
            "positions": [Position.objects.get(pk=pk).name for pk in chosen.positions],
            "recipients": [Recipient.objects.get(pk=pk).code for pk in chosen.recipients],
            "everybody": chosen.everybody,
            "both": chosen.both,
        }
    assert expected == {name: value for name, value in named.items() if value}


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        pytest.param(None, "[audience] に対象を書いてください", id="no table"),
        pytest.param({}, "[audience] に対象を書いてください", id="nobody"),
        pytest.param({"everybody": False}, "[audience] に対象を書いてください", id="not everybody"),
        pytest.param({"groups": []}, "[audience] に対象を書いてください", id="no group"),
        pytest.param({"everybody": "yes"}, "[audience] の everybody には true か false", id="yes"),
        pytest.param(
            {"everybody": True, "groups": ["本部員"]}, "groups と一緒には書けません", id="both"
        ),
        pytest.param(
            {"groups": "本部員"}, '[audience] の groups には ["…", "…"] の形', id="a word"
        ),
        pytest.param(
            {"groups": ["同名"]}, "「同名」は2つ以上あります。コードで", id="two of a name"
        ),
        pytest.param({"groups": [""]}, "連絡グループ「」は登録されていません", id="blank"),
        pytest.param(
            {"units": ["支所"]},
            "所属「支所」は登録されていません（登録：本庁、中央小学校）",
            id="unit",
        ),
        pytest.param({"people": ["佐藤"]}, "利用者コード「佐藤」の在籍者はいません", id="a name"),
        pytest.param({"people": ["A9"]}, "利用者コード「A9」の在籍者はいません", id="who has left"),
        pytest.param({"people": [""]}, "利用者コード「」の在籍者はいません", id="no code"),
        pytest.param(
            {"groups": ["本部員"], "match": "both"}, "match には any（いずれか）か all", id="match"
        ),
        pytest.param(
            {"everybody": True, "except": ["A1"]},
            "[audience] の except という項目はありません（書ける項目：everybody、groups、match",
            id="unknown key",
        ),
    ],
)
def test_an_audience_that_is_not_clear_is_told(
    city: Organization, file: File, given: Any, complaint: str
) -> None:
    assert any(complaint in line for line in file.complaints(city, LEAST | {"audience": given}))


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

    assert [
        "colour という項目は",
        "発生区分「火山」は",
        "drill には",
        "[audience] に対象を",
        "media には",
        "発生場所が10文字",
        "発信者を入力",
    ] == [line[: len(start)] for line, start in zip(told, _STARTS, strict=True)]


_STARTS = (
    "colour という項目は",
    "発生区分「火山」は",
    "drill には",
    "[audience] に対象を",
    "media には",
    "発生場所が10文字",
    "発信者を入力",
)


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


@pytest.mark.spec("ALL-1")
def test_the_same_file_twice_is_one_broadcast_also_later(city: Organization, file: File) -> None:
    first = launch(city, file.order(city, LEAST))
    again = launch(city, file.order(city, LEAST, NOW + timedelta(hours=3)))

    assert (True, False) == (first.created, again.created)
    assert first.broadcast_id == again.broadcast_id


def test_another_word_is_another_broadcast_unless_a_key_is_given(
    city: Organization, file: File
) -> None:
    keys = {
        file.order(city, LEAST | change).key
        for change in ({}, {"place": "市内"}, {"key": "訓練1"}, {"key": "訓練1", "place": "市内"})
    }

    assert 3 == len(keys)


@pytest.mark.spec("ALL-5")
def test_another_organization_s_words_are_out_of_reach(city: Organization, file: File) -> None:
    other = organizations.create("other", "別の市")

    told = file.complaints(other, LEAST | {"audience": {"people": ["A1"], "groups": ["本部員"]}})

    assert [
        "発生区分「地震発生」は登録されていません（登録：なし）。",
        "連絡グループ「本部員」は登録されていません（登録：なし）。",
        "利用者コード「A1」の在籍者はいません。",
    ] == told
