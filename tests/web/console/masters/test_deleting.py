"""Deleting an entry: what uses it is said before."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.http import HttpResponse
from django.test import Client

from denrei.accounts import tenancy
from denrei.accounts.labels import Label
from denrei.accounts.models import Organization
from denrei.broadcasts import drafts
from denrei.broadcasts.models import DraftKind, IncidentType
from denrei.broadcasts.typed import Typed
from denrei.directory.models import ContactGroup, GroupMember, Recipient
from tests.web.console.conftest import hire
from tests.web.console.masters.conftest import List, acts, the_list

Said = Callable[[HttpResponse], str]


def seen(admin: Client, address: str) -> dict[str, str]:
    """Open the page that asks, and return what its button sends."""
    text = admin.get(address).content.decode()
    found = re.search(r'name="seen" value="([^"]+)"', text)
    assert found, text
    return {"seen": found[1]}


def crowded(groups: List, count: int) -> ContactGroup:
    """Create a group of so many people."""
    group = groups.create("1", "本庁各課")
    with tenancy.acting_for(groups.organization.pk):
        people = Recipient.objects.bulk_create(
            Recipient(organization=groups.organization, name=f"見本{number}")
            for number in range(count)
        )
        GroupMember.objects.bulk_create(
            GroupMember(organization=groups.organization, group_id=group.pk, recipient=person)
            for person in people
        )
    assert isinstance(group, ContactGroup)
    return group


@pytest.mark.spec("MSG-1")
def test_an_entry_that_nothing_uses_is_deleted(a_list: List, admin: Client, said: Said) -> None:
    entry = a_list.create("5a", "使わない項目")
    if a_list.label is Label.INCIDENTS:
        assert (
            "使っているものはありません" in admin.get(a_list.of(entry, "delete/")).content.decode()
        )

    page = said(admin.post(a_list.of(entry, "delete/"), seen(admin, a_list.of(entry, "delete/"))))

    assert entry.pk not in [one.pk for one in a_list.entries()]
    assert "「使わない項目」を削除しました。" in page
    assert acts(a_list.organization)[-1].endswith(".deleted")


@pytest.mark.spec("MSG-1")
def test_people_lose_a_group_and_stay_in_the_address_book(
    groups: List, city: Organization, admin: Client
) -> None:
    address = groups.of(crowded(groups, 500), "delete/")
    text = admin.get(address).content.decode()

    admin.post(address, seen(admin, address))

    assert "500人の登録を外して削除する" in text
    assert [] == groups.entries()
    with tenancy.acting_for(city.pk):
        assert (500, 0) == (Recipient.objects.count(), GroupMember.objects.count())


@pytest.mark.spec("MSG-1")
def test_above_500_people_their_number_is_typed(groups: List, admin: Client) -> None:
    address = groups.of(crowded(groups, 501), "delete/")
    button = seen(admin, address)

    refused = [
        admin.post(address, {**button, "count": typed}) for typed in ("", "500", "はい", "0501.0")
    ]

    assert {HTTPStatus.UNPROCESSABLE_ENTITY} == {response.status_code for response in refused}
    assert "人数を入力してください。" in refused[0].content.decode()
    assert "人数が違います。501と入力してください。" in refused[1].content.decode()
    assert 1 == len(groups.entries())
    admin.post(address, {**button, "count": " ５０１人 "})
    assert [] == groups.entries()


@pytest.mark.spec("MSG-1")
def test_drafts_and_templates_are_named_before(
    groups: List, city: Organization, admin: Client
) -> None:
    group = groups.create("1")
    form = Typed(groups=(str(group.pk),))
    with tenancy.acting_for(city.pk):
        writer = hire(city, "writer")
        drafts.create(city, writer, form)
        drafts.create(city, writer, form, DraftKind.TEMPLATE, "震度5強以上の安否確認")

    text = admin.get(groups.of(group, "delete/")).content.decode()

    assert "震度5強以上の安否確認" in text
    assert "writerさん" in text


@pytest.mark.spec("MSG-1")
def test_an_incident_type_says_what_it_takes_along(city: Organization, admin: Client) -> None:
    incidents = the_list(Label.INCIDENTS, city)
    first = incidents.entries()[0]
    with tenancy.acting_for(city.pk):
        names = [one.name for one in (*first.situations.all(), *first.instructions.all())]
    address = incidents.of(first, "delete/")
    text = admin.get(address).content.decode()

    admin.post(address, seen(admin, address))

    assert names == [name for name in names if name in text]
    with tenancy.acting_for(city.pk):
        assert not IncidentType.objects.filter(pk=first.pk).exists()


def test_a_use_that_changed_while_one_looked_is_asked_again(groups: List, admin: Client) -> None:
    group = groups.create("1")
    button = seen(admin, groups.of(group, "delete/"))
    with tenancy.acting_for(groups.organization.pk):
        person = Recipient.objects.create(organization=groups.organization, name="見本")
        GroupMember.objects.create(
            organization=groups.organization, group_id=group.pk, recipient=person
        )

    response = admin.post(groups.of(group, "delete/"), button)

    assert HTTPStatus.UNPROCESSABLE_ENTITY == response.status_code
    assert "使われ方が変わりました。もう一度確認してください。" in response.content.decode()
    assert 1 == len(groups.entries())


def test_what_was_deleted_meanwhile_has_no_page(a_list: List, admin: Client) -> None:
    entry = a_list.create("5a")
    gone = entry.pk
    with tenancy.acting_for(a_list.organization.pk):
        entry.delete()
    entry.pk = gone

    for page in ("", "delete/"):
        for ask in (admin.get, admin.post):
            assert HTTPStatus.NOT_FOUND == ask(a_list.of(entry, page)).status_code
