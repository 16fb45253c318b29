"""What an organization decides for itself is stored by name and recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from denrei.accounts import operators, organizations, preferences, tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Role
from denrei.accounts.preferences import Preferences
from denrei.accounts.refusal import Refusal, RefusedError


@pytest.fixture
def city(db: None) -> Iterator[Organization]:
    created = organizations.create("city", "市")
    with tenancy.acting_for(created.pk):
        yield created


def test_what_was_never_set_has_its_default(city: Organization) -> None:
    assert Preferences(labels={}) == Preferences.of(city)


@pytest.mark.spec("ALL-3")
def test_columns_and_preferences_are_changed_alike_and_recorded(city: Organization) -> None:
    preferences.change(city, None, {"name": "𠮷田市", "sign_in_networks": ("192.0.2.0/24",)})
    stored = Organization.objects.get(pk=city.pk)
    entry = AuditEntry.objects.newest_first()[0]

    assert ("𠮷田市", ("192.0.2.0/24",), "𠮷田市") == (
        stored.name,
        Preferences.of(stored).sign_in_networks,
        city.name,
    )
    assert {"name": "市", "sign_in_networks": []} == entry.before
    assert {"name": "𠮷田市", "sign_in_networks": ["192.0.2.0/24"]} == entry.after


def test_what_stays_as_it_was_is_not_recorded(city: Organization) -> None:
    preferences.change(city, None, {"receiving_slots": 2, "typed_count_above": 500})

    assert 0 == AuditEntry.objects.count()


def test_two_who_change_different_settings_keep_both(city: Organization) -> None:
    stale = Organization.objects.get(pk=city.pk)

    preferences.save(city, replace(Preferences.of(city), typed_count_above=9), None)
    preferences.save(stale, replace(Preferences.of(stale), second_factor_required=True), None)
    stored = Preferences.of(Organization.objects.get(pk=city.pk))

    assert (9, True) == (stored.typed_count_above, stored.second_factor_required)


def test_settings_that_are_none_of_ours_stay(city: Organization) -> None:
    Organization.objects.update(settings={"else": 1})

    preferences.change(city, None, {"typed_count_above": 9})

    assert {"else": 1, "typed_count_above": 9} == Organization.objects.get(pk=city.pk).settings


def test_who_may_no_longer_changes_nothing(city: Organization) -> None:
    wanted = operators.Wanted(login="a", name="甲", role=Role.SENDER)
    sender: Operator = operators.add(city, wanted, "p", None)

    with pytest.raises(RefusedError) as caught:
        preferences.change(city, sender, {"typed_count_above": 9})

    assert Refusal.NO_LONGER == caught.value.code
