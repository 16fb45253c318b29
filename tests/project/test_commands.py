"""What an operator types and reads: exit codes, sentences, and nothing done without `--yes`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.models import AuditEntry, Organization, Preset
from denrei.broadcasts import presets
from denrei.broadcasts.models import Broadcast, IncidentType
from denrei.channels import Secret
from denrei.channels.simulator import Simulator
from denrei.channels.smtp import Smtp, dkim
from denrei.deliveries import gateways
from denrei.deliveries.models import Gateway, Lane
from denrei.deliveries.registering import register
from denrei.directory.models import Recipient
from tests.project.commands import KEY, denrei

pytestmark = pytest.mark.usefixtures("committed")

PEOPLE = "利用者コード,氏名,連絡グループ,メールアドレス1\n1,山田 花子,本部員,hanako@example.jp\n2,鈴木,,\n3,,,x@example.jp\n"


@pytest.fixture
def city(committed: None) -> Organization:
    """Return a city that has its words, a gateway and three people, one without an address."""
    made = organizations.create("city", "伝令市", Preset.CITY)
    presets.furnish(made)
    register(made, Simulator(), gateways.vault([KEY]))
    with tenancy.acting_for(made.pk):
        people = [Recipient.objects.create(organization=made, name=f"人{n}") for n in range(3)]
        for person in people[:2]:
            person.contacts.create(
                organization=made,
                medium=1,
                address=f"p{person.pk}@example.jp",
                address_key=f"p{person.pk}@example.jp",
            )
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a broadcast file to everybody."""
    path = tmp_path / "kunren.toml"
    path.write_text(
        'key = "訓練"\ndrill = true\nincident = "地震発生"\nplace = "市内全域"\nsender = "防災課"\n'
        "occurred_at = 2026-09-01T09:00:00\naudience.everybody = true\n",
        encoding="utf-8",
    )
    return path


def test_an_organization_begins_with_its_words_and_is_listed() -> None:
    made = denrei(
        "organization", "add", "town", "--name", "伝令町", "--preset", "city",
        "--sender-address", "KIKI＠example.jp",
    )  # fmt: skip
    listed = denrei("organization", "list")

    assert (0, "団体 town（伝令町）を登録しました。\n") == (made.code, made.out)
    assert (0, ["town\t伝令町"]) == (listed.code, listed.lines)
    with tenancy.acting_for(organizations.by_slug("town") or 0):
        found = Organization.objects.get()
        assert ("city", "KIKI@example.jp") == (found.preset, found.sender_address)
        assert IncidentType.objects.filter(name="地震発生").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["city", "--name", "x"], "識別名 city は使えません", id="taken"),
        pytest.param(["My City", "--name", "x"], "識別名 My City は使えません", id="form"),
        pytest.param(["new", "--name", " "], "--name に団体の名称を", id="no name"),
        pytest.param(
            ["new", "--name", "x", "--sender-address", "kiki"],
            "--sender-address：メールアドレスに「@」がありません",
            id="address",
        ),
    ],
)
def test_an_organization_that_cannot_be_is_refused(
    city: Organization, arguments: list[str], words: str
) -> None:
    said = denrei("organization", "add", *arguments)

    assert (1, "") == (said.code, said.out)
    assert words in said.error
    assert organizations.by_slug("new") is None


def test_a_gateway_is_registered_with_its_secret_encrypted(
    city: Organization, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text("hidden\n", encoding="utf-8")

    said = denrei(
        "gateway", "add", "smtp", "--organization", "city", "--name", "市の中継",
        "--set", "host=mail.example.jp", "--set", "sender_address=kiki@example.jp",
        "--set", "username=kiki", "--set", "verify=false", "--set-file", f"password={password}",
    )  # fmt: skip

    assert 0 == said.code, said.error
    with tenancy.acting_for(city.pk):
        added = Gateway.objects.order_by("-id").first()
        assert added is not None
        assert 1 == Lane.objects.count()
    assert said.out == f"送信経路 {added.pk}（smtp）を登録しました。\n"
    assert ("市の中継", 2, False) == (added.name, added.rank, added.settings["verify"])
    assert "hidden" not in json.dumps(added.settings)
    channel = gateways.to_channel("smtp", added.settings, gateways.vault([KEY]))
    assert "hidden" == channel.password.reveal()  # type: ignore[attr-defined]  # an Smtp


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["fax"], "種類 fax はありません。simulator、smtp から", id="kind"),
        pytest.param(
            ["simulator", "--set", "color=red"],
            "設定項目 color はありません。rules、delay",
            id="field",
        ),
        pytest.param(["simulator", "--set", "lines"], "--set 項目=値 の形で", id="form"),
        pytest.param(
            ["simulator", "--set", "lines=many"], "lines の値 many を読み取れません", id="int"
        ),
        pytest.param(["simulator", "--set", "rules={"], "rules の値 { を読み取れません", id="JSON"),
        pytest.param(["simulator", "--set", 'rules={"a":["x"]}'], "知らない結果です: x", id="rule"),
        pytest.param(
            ["smtp", "--set", "host=a"], "次の項目も必要です: sender_address", id="missing"
        ),
        pytest.param(["smtp", "--set", "verify=yes"], "sender_address", id="missing before wrong"),
        pytest.param(["smtp", "--set-file", "password=/nowhere"], "を読めません", id="no file"),
    ],
)
def test_a_gateway_that_cannot_be_is_refused(
    city: Organization, arguments: list[str], words: str
) -> None:
    said = denrei("gateway", "add", *arguments, "--organization", "city")

    assert (1, "") == (said.code, said.out)
    assert words in said.error
    assert "Traceback" not in said.error


def test_the_settings_of_a_gateway_are_changed_and_the_others_stay(
    city: Organization, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    made = denrei("gateway", "dkim", "example.jp", "--selector", "k1", "--key", str(key))
    again = denrei("gateway", "dkim", "example.jp", "--selector", "k1", "--key", str(key))
    with tenancy.acting_for(city.pk):
        first = Smtp(host="a", sender_address="kiki@example.jp")
        gateway = register(city, first, gateways.vault([KEY]))
    arguments = ("gateway", "set", str(gateway.pk), "--organization", "city", "--set", "host=b")
    said = denrei(*arguments, "--set", "dkim_selector=k1", "--set-file", f"dkim_key={key}")
    unchanged = denrei(*arguments)

    assert (0, 0) == (made.code, said.code), made.error + said.error
    assert 0o600 == key.stat().st_mode & 0o777
    assert made.lines[1:] == again.lines
    assert "名前: k1._domainkey.example.jp" in made.lines
    record = dkim.record(dkim.read_key(key.read_text()))
    assert f"値: {record}" in made.lines
    assert "host、dkim_selector、dkim_key" in said.out
    assert "なし" in unchanged.out
    with tenancy.acting_for(city.pk):
        gateway.refresh_from_db()
        (entry,) = AuditEntry.objects.filter(action="gateway.changed")
    assert {"settings": ["host", "dkim_selector", "dkim_key"]} == entry.after
    assert "PRIVATE" not in json.dumps(gateway.settings)
    channel = gateways.to_channel("smtp", gateway.settings, gateways.vault([KEY]))
    assert isinstance(channel, Smtp)
    assert ("b", "kiki@example.jp", "k1") == (
        channel.host, channel.sender_address, channel.dkim_selector
    )  # fmt: skip
    assert key.read_text().strip() == channel.dkim_key.reveal()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["set", "999999", "--organization", "city"], "ありません", id="no gateway"),
        pytest.param(["set", "1", "--organization", "nobody"], "団体 nobody", id="nobody"),
        pytest.param(
            ["dkim", "a b", "--selector", "k", "--key", "k.pem"], "ドメイン a b は", id="domain"
        ),
        pytest.param(
            ["dkim", "a.jp", "--selector", "k;", "--key", "k.pem"],
            "セレクター k; は",
            id="selector",
        ),
        pytest.param(
            ["dkim", "a.jp", "--selector", "k", "--key", "/nowhere/k"], "使えません", id="folder"
        ),
        pytest.param(
            ["dkim", "a.jp", "--selector", "k", "--key", __file__], "使えません", id="no key"
        ),
    ],
)
def test_what_cannot_be_changed_or_made_is_told(
    city: Organization, arguments: list[str], words: str
) -> None:
    said = denrei("gateway", *arguments)

    assert (1, "") == (said.code, said.out)
    assert words in said.error
    assert "Traceback" not in said.error


def test_a_change_that_cannot_be_is_refused_and_changes_nothing(city: Organization) -> None:
    with tenancy.acting_for(city.pk):
        gateway = Gateway.objects.get()
    number = str(gateway.pk)
    for settings, words in (
        ([], "--set"),
        (["--set", "lines=0"], "誤り"),
        (["--set", "x=1"], "x は"),
    ):
        said = denrei("gateway", "set", number, "--organization", "city", *settings)

        assert (1, "") == (said.code, said.out)
        assert words in said.error
    with tenancy.acting_for(city.pk):
        assert gateway.settings == Gateway.objects.get().settings


@pytest.mark.spec("MSG-5")
def test_people_are_imported_only_with_yes(city: Organization, tmp_path: Path) -> None:
    path = tmp_path / "meibo.csv"
    path.write_text(PEOPLE, encoding="cp932")
    arguments = ("people", "import", path, "--organization", "city", "--create-missing")

    looked = denrei(*arguments)
    before = _people(city)
    written = denrei(*arguments, "--yes")

    assert (0, 0) == (looked.code, written.code), looked.error + written.error
    assert looked.lines[-1] == "確認だけです。取り込むには --yes を付けてください。"
    assert looked.lines[:-1] == written.lines[:-1]
    assert written.lines[-1] == "取り込みました。"
    assert "4行目" in looked.out
    assert (3, 5) == (before, _people(city))


def _people(city: Organization) -> int:
    with tenancy.acting_for(city.pk):
        return Recipient.objects.count()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(None, "を開けません", id="absent"),
        pytest.param(b"a,b\n1,2\n", "氏名", id="no column of names"),
    ],
)
def test_a_people_file_that_cannot_be_read_is_told(
    city: Organization, tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "meibo.csv"
    if content is not None:
        path.write_bytes(content)

    said = denrei("people", "import", path, "--organization", "city", "--yes")

    assert (1, "") == (said.code, said.out)
    assert words in said.error


@pytest.mark.spec("MSG-3")
def test_a_broadcast_is_shown_first_and_sent_once(city: Organization, file: Path) -> None:
    arguments = ("broadcast", "send", file, "--organization", "city")

    looked = denrei(*arguments)
    before = _broadcasts(city)
    sent = denrei(*arguments, "--yes")
    again = denrei(*arguments, "--yes")
    file.write_text(file.read_text("utf-8").replace("市内", "市外"), encoding="utf-8")
    changed = denrei(*arguments, "--yes")

    assert [0, 0, 0, 1] == [looked.code, sent.code, again.code, changed.code], looked.error
    assert "【訓練】地震発生" in looked.lines
    assert "[DRILL] Earthquake" in looked.lines
    assert {"発生日時：9月1日（火）9時00分頃", "（受取人ごとのアドレス）"} < set(looked.lines)
    assert looked.lines[-3:] == [
        "対象 3人、連絡先 2件",
        "届かない人 1人：人2",
        "確認だけです。送信するには --yes を付けてください。",
    ]
    (broadcast,) = _broadcasts(city)
    assert [] == before
    assert f"受け付けました。連絡番号 {broadcast}、対象 3人" == sent.lines[-1]
    assert (
        f"この連絡は、すでに連絡番号 {broadcast} として送信されています。"
        "もう一度送るときは、key を変えてください。\n"
    ) == again.out
    assert ("", True) == (changed.out, "別の内容ですでに送信されています" in changed.error)


def _broadcasts(city: Organization) -> list[int]:
    with tenancy.acting_for(city.pk):
        return list(Broadcast.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(("地震発生", "火山"), "発生区分「火山」は登録されていません", id="incident"),
        pytest.param(("everybody = true", 'people = ["x"]'), "利用者コード「x」", id="stranger"),
        pytest.param(("市内全域", "あ" * 21), "発生場所が1文字多く", id="too long"),
        pytest.param(
            ("drill", 'media = ["sms"]\ndrill'), "SMSの送信経路がありません", id="no lane"
        ),
        pytest.param(
            ("everybody = true", 'units = ["K"]'), "対象となる人がいません", id="nobody there"
        ),
    ],
)
def test_what_a_launch_would_refuse_is_told_without_yes(
    city: Organization, file: Path, change: tuple[str, str], words: str
) -> None:
    with tenancy.acting_for(city.pk):
        units.add(city, "K", "空の課")
    file.write_text(file.read_text("utf-8").replace(*change), encoding="utf-8")

    said = denrei("broadcast", "send", file, "--organization", "city")

    assert (1, "") == (said.code, said.out)
    assert words in said.error


@pytest.mark.spec("EMC-5")
def test_a_broadcast_is_shown_and_stopped_only_with_yes(city: Organization, file: Path) -> None:
    denrei("broadcast", "send", file, "--organization", "city", "--yes")
    (broadcast,) = _broadcasts(city)

    shown = denrei("broadcast", "show", broadcast)
    looked = denrei("broadcast", "stop", broadcast)
    stopped = denrei("broadcast", "stop", broadcast, "--yes")
    again = denrei("broadcast", "stop", broadcast, "--yes")

    assert [0] * 4 == [said.code for said in (shown, looked, stopped, again)], shown.error
    assert f"連絡番号 {broadcast}　準備中" == shown.lines[0]
    assert "  ○ 対象 3 = 回答 0 + 到達のみ 0 + 未到達 3 + 連絡先なし 0" == shown.lines[1]
    assert "停止するには --yes を付けてください。" in looked.out
    assert "停止しました。" in stopped.out
    assert "この連絡は、すでに停止されています。\n" == again.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["broadcast", "show", 4711], "連絡番号 4711 の連絡はありません", id="show"),
        pytest.param(["broadcast", "stop", 10**20, "--yes"], "の連絡はありません", id="stop"),
        pytest.param(
            ["broadcast", "send", "x.toml", "--organization", "nobody"],
            "団体 nobody がありません。denrei organization list で",
            id="send",
        ),
        pytest.param(
            ["people", "import", "x.csv", "--organization", "nobody"], "団体 nobody が", id="import"
        ),
        pytest.param(
            ["gateway", "add", "simulator", "--organization", "nobody"], "団体 nobody", id="gateway"
        ),
    ],
)
def test_what_is_not_there_is_told(arguments: list[object], words: str) -> None:
    said = denrei(*arguments)

    assert (1, "") == (said.code, said.out)
    assert words in said.error


@pytest.mark.spec("MSG-6")
def test_the_connection_of_a_gateway_is_tested_step_by_step(city: Organization) -> None:
    with tenancy.acting_for(city.pk):
        rehearsal = Gateway.objects.get()
        sender = Smtp(
            host="127.0.0.1",
            port=1,
            security="none",
            sender_address="a@example.jp",
            pop_host="127.0.0.1",
            pop_port=1,
            pop_username="kiki",
            pop_password=Secret("hidden"),
        )
        gateway = register(city, sender, gateways.vault([KEY]), "市の中継")
        Gateway.objects.filter(pk=rehearsal.pk).update(enabled=False)
    failed = denrei("gateway", "test", str(gateway.pk), "--organization", "city")
    needless = denrei("gateway", "test", str(rehearsal.pk), "--organization", "city")
    listed = denrei("gateway", "list", "--organization", "city")

    assert (1, 0, 0) == (failed.code, needless.code, listed.code)
    assert "成功\tPOPサーバーの名前解決\t127.0.0.1" in failed.out
    assert "失敗\tPOPサーバーへの接続" in failed.out
    assert "未実施\t接続" in failed.out
    assert "メールサーバーが動いているか" in failed.error
    assert "hidden" not in failed.out + failed.error
    assert "外部につながりません" in needless.out
    assert [
        f"{rehearsal.pk}\tメール\t1\tsimulator\tsimulator\t止めています",
        f"{gateway.pk}\tメール\t2\tsmtp\t市の中継\t正常",
    ] == listed.lines
