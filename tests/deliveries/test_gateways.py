"""Gateways: every kind of channel by one door, its secrets never in the clear."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_type_hints

import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import AuditEntry, Organization
from denrei.channels import Channel, Secret
from denrei.channels.simulator import Simulator
from denrei.channels.smtp import Smtp
from denrei.deliveries.gateways import KINDS, GatewayError, to_channel, to_settings, vault
from denrei.deliveries.models import Gateway, Lane
from denrei.deliveries.registering import register
from denrei.domain.states import Medium
from tests.deliveries.world import World

ROOT = Path(__file__).resolve().parents[2]
SAFE = vault(["first key"])
HIDDEN = "hidden-in-plain-sight"
#: Of each kind, settings that work, with every secret set.
SAMPLES: Mapping[str, Mapping[str, Any]] = {
    "simulator": {"rules": {"full@": ["MAILBOX_FULL", "accept"]}, "delay": 0.5},
    "smtp": {
        "host": "mail.example.jp",
        "sender_address": "kiki@example.jp",
        "username": "kiki",
        "password": Secret(HIDDEN),
        "pop_host": "pop.example.jp",
        "pop_username": "kiki",
        "pop_password": Secret(HIDDEN),
    },
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=3,
)

every_kind = pytest.mark.parametrize("kind", sorted(KINDS))


def sample(kind: str) -> Channel:
    """Return a channel of a kind."""
    return KINDS[kind](**SAMPLES[kind])


def fields(kind: str) -> list[dataclasses.Field[Any]]:
    """Return the settings of a kind."""
    return list(dataclasses.fields(cast("Any", KINDS[kind])))


def test_every_kind_has_a_sample_here() -> None:
    assert SAMPLES.keys() == KINDS.keys()


@every_kind
def test_a_kind_is_a_frozen_value_with_a_name_and_a_medium(kind: str) -> None:
    channel = sample(kind)
    name = fields(kind)[0].name

    assert (kind, True) == (channel.kind, isinstance(channel.medium, Medium))
    assert channel == sample(kind)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(channel, name, None)


@every_kind
def test_a_kind_has_a_page_and_tests(kind: str) -> None:
    tests = [
        *ROOT.glob(f"tests/channels/test_{kind}.py"),
        *ROOT.glob(f"tests/channels/{kind}/test_*.py"),
    ]

    assert (ROOT / "docs" / "reference" / "channels" / f"{kind}.md").is_file()
    assert tests


@every_kind
def test_what_is_stored_can_be_json_and_gives_the_channel_back(kind: str) -> None:
    stored = json.loads(json.dumps(to_settings(sample(kind), SAFE)))

    later = {field.name for field in fields(kind) if field.metadata}
    assert {field.name for field in fields(kind)} - later == stored.keys() - later
    assert sample(kind) == to_channel(kind, stored, SAFE)


@every_kind
def test_no_secret_is_stored_or_shown(kind: str) -> None:
    channel = sample(kind)
    shown = f"{channel!r} {channel!s} {channel} {json.dumps(to_settings(channel, SAFE))}"

    assert HIDDEN not in shown


@every_kind
def test_what_looks_like_a_secret_is_one(kind: str) -> None:
    hints = get_type_hints(KINDS[kind])
    open_secrets = [
        name
        for name in hints
        if any(word in name for word in ("password", "secret", "token", "key"))
        and hints[name] is not Secret
    ]

    assert [] == open_secrets


@every_kind
async def test_it_opens_and_closes_and_leaves_nothing_running(kind: str) -> None:
    before = asyncio.all_tasks()

    async with sample(kind).open() as sender:
        assert sender.capacity > 0
    await asyncio.sleep(0)

    assert before == asyncio.all_tasks()


@every_kind
@given(st.data())
def test_whatever_a_row_holds_is_a_channel_or_an_error_in_words(
    kind: str, data: st.DataObject
) -> None:
    names = st.sampled_from([field.name for field in fields(kind)])
    stored = to_settings(sample(kind), SAFE) | data.draw(st.dictionaries(names, JSON, max_size=3))

    assert taken(kind, stored) == kind or taken(kind, stored).startswith("送信経路の")


def taken(kind: str, stored: Mapping[str, Any]) -> str:
    """Return the kind of the channel that a row gives, or the words of its error."""
    try:
        return to_channel(kind, stored, SAFE).kind
    except GatewayError as error:
        return str(error)


@every_kind
def test_a_setting_that_is_unknown_or_missing_is_told(kind: str) -> None:
    stored = to_settings(sample(kind), SAFE)

    with pytest.raises(GatewayError, match="使えない項目か値があります: colour"):
        to_channel(kind, stored | {"colour": "red"}, SAFE)
    for field in fields(kind):
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            rest = {name: value for name, value in stored.items() if name != field.name}
            with pytest.raises(GatewayError, match=f"足りない項目があります.*{field.name}"):
                to_channel(kind, rest, SAFE)


def test_the_version_before_reads_what_does_not_use_what_it_does_not_know() -> None:
    plain = Smtp(host="127.0.0.1", sender_address="a@city.example")
    new = dataclasses.replace(
        plain, pop_host="127.0.0.1", pop_username="kiki", pop_password=Secret("x")
    )
    safe = vault(["key"])

    assert not [name for name in to_settings(plain, safe) if name.startswith("pop_")]
    assert to_channel("smtp", to_settings(new, safe), safe) == new
    assert to_channel("smtp", to_settings(plain, safe), safe) == plain


def test_a_secret_is_stored_differently_each_time() -> None:
    first, second = (to_settings(sample("smtp"), SAFE)["password"] for _ in range(2))

    assert first != second


def test_after_a_rotation_of_keys_the_old_one_still_opens_and_the_new_one_closes() -> None:
    old, both, new = vault(["old"]), vault(["new", "old"]), vault(["new"])
    stored = to_settings(sample("smtp"), old)

    again = to_settings(to_channel("smtp", stored, both), both)

    assert sample("smtp") == to_channel("smtp", again, new)
    with pytest.raises(GatewayError, match="DENREI_SECRET_KEY が保存時と同じか確認"):
        to_channel("smtp", stored, new)


@pytest.mark.parametrize("value", ["hidden", "", None, 5])
def test_a_secret_that_is_not_encrypted_is_refused_and_not_repeated(value: object) -> None:
    stored = to_settings(sample("smtp"), SAFE) | {"password": value}

    with pytest.raises(GatewayError, match="復号できません") as refused:
        to_channel("smtp", stored, SAFE)
    assert "hidden" not in str(refused.value)


def test_a_kind_of_another_version_is_told() -> None:
    with pytest.raises(GatewayError, match="この版にない種類の送信経路です: pigeon"):
        to_channel("pigeon", {}, SAFE)


@pytest.fixture
def city(db: None) -> Organization:
    """Return an organization without gateways."""
    return organizations.create("city", "伝令市")


def test_the_first_gateway_makes_the_lane_and_the_next_stands_behind_it(
    city: Organization,
) -> None:
    safe = vault([django_settings.SECRET_KEY])
    first = register(city, sample("smtp"), safe, "本線", retry_seconds=[1, 2], window=7)
    second = register(city, sample("smtp"), safe, window=9)

    with tenancy.acting_for(city.pk):
        lane = Lane.objects.get()
        stored = [
            (gateway.name, gateway.rank, gateway.kind) for gateway in Gateway.objects.in_turn()
        ]
    assert first.lane_id == second.lane_id == lane.pk
    assert (Medium.MAIL, "メール", [1, 2], 7) == (
        lane.medium,
        lane.name,
        lane.retry_seconds,
        lane.window,
    )
    assert [("本線", 1, "smtp"), ("smtp", 2, "smtp")] == stored


def test_a_rehearsal_may_stand_for_any_medium(city: Organization) -> None:
    register(city, Simulator(), SAFE, medium=Medium.SMS)

    with tenancy.acting_for(city.pk):
        assert [Medium.SMS] == list(Lane.objects.values_list("medium", flat=True))


@pytest.mark.spec("ALL-3", "ALL-5")
def test_a_registration_is_recorded_without_settings_and_stays_in_its_organization(
    city: Organization,
) -> None:
    other = organizations.create("other", "別の市")
    register(city, Smtp(host="mail.example.jp", sender_address="k@example.jp"), SAFE)

    with tenancy.acting_for(city.pk):
        (entry,) = AuditEntry.objects.all()
        assert ("gateway.added", {"kind": "smtp"}) == (entry.action, entry.after)
    with tenancy.acting_for(other.pk):
        assert not Gateway.objects.exists()
        assert not Lane.objects.exists()


@pytest.mark.usefixtures("committed")
@pytest.mark.spec("ALL-5")
def test_a_workers_role_that_acts_for_one_finds_no_lane_of_another() -> None:
    """It sees every lane: a wave that it started went by the first of them, whosever that was."""
    stranger, own, of_all = World.create(), World.create(), World.create()
    stranger.lane()
    shared = of_all.lane(shared=True)

    with tenancy.acting_for(own.organization.pk):
        tenancy.as_worker()
        without = Lane.objects.serving(Medium.MAIL).first()
    lane = own.lane()
    with tenancy.acting_for(own.organization.pk):
        tenancy.as_worker()
        found = list(Lane.objects.serving(Medium.MAIL))

    assert without == shared
    assert found == [lane, shared]
