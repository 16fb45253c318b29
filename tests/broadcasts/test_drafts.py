"""Drafts: kept as typed, changed by one at a time, and everybody who has one open is told (MSG-4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import AuditEntry, Operator, Organization, Role
from denrei.broadcasts import drafts
from denrei.broadcasts.drafts import AlreadySentError, ChangedMeanwhileError
from denrei.broadcasts.models import Broadcast, Draft, DraftKind, DraftReader, Priority
from denrei.broadcasts.typed import Typed

pytestmark = [pytest.mark.django_db, pytest.mark.spec("MSG-4")]

FORM = Typed(place="市役所", sender="髙﨑𠮷")
NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def city() -> Iterator[Organization]:
    """Act for an organization."""
    created = organizations.create("city", "伝令市")
    with tenancy.acting_for(created.pk):
        yield created


def operator(city: Organization, name: str) -> Operator:
    """Return an operator who writes drafts."""
    return Operator.objects.create(organization=city, login=name, name=name, role=Role.SENDER)


def test_a_draft_is_kept_as_typed(city: Organization) -> None:
    writer = operator(city, "防災太郎")

    created = drafts.create(city, writer, FORM)

    stored = Draft.objects.get(pk=created.pk)
    assert (FORM, 1, writer, DraftKind.DRAFT) == (
        Typed.from_json(stored.form),
        stored.revision,
        stored.changed_by,
        stored.kind,
    )


def test_a_change_is_a_new_revision_with_its_writer(city: Organization) -> None:
    first, second = operator(city, "一"), operator(city, "二")
    draft = drafts.create(city, first, FORM)

    saved = drafts.save(draft, replace(FORM, place="港"), second, 1)

    assert ("港", 2, second) == (saved.form["place"], saved.revision, saved.changed_by)
    assert ["draft.created", "draft.changed"] == list(
        AuditEntry.objects.order_by("id").values_list("action", flat=True)
    )


def test_what_changes_nothing_keeps_the_revision_and_so_the_key_of_the_launch(
    city: Organization,
) -> None:
    writer = operator(city, "防災太郎")
    draft = drafts.create(city, writer, FORM)

    assert draft.key == drafts.save(draft, FORM, writer, 1).key


def test_who_saves_over_the_change_of_another_is_told_who_and_when(city: Organization) -> None:
    first, second = operator(city, "一"), operator(city, "二")
    draft = drafts.create(city, first, FORM)
    theirs = drafts.save(draft, replace(FORM, place="港"), second, 1)

    with pytest.raises(ChangedMeanwhileError) as told:
        drafts.save(draft, replace(FORM, place="駅"), first, 1)

    assert ("二", theirs.changed_at, 2) == (told.value.who, told.value.when, told.value.revision)
    assert "港" == Draft.objects.get(pk=draft.pk).form["place"]


def test_a_sent_draft_leaves_the_list_and_is_changed_no_more(city: Organization) -> None:
    writer = operator(city, "防災太郎")
    draft = drafts.create(city, writer, FORM)
    broadcast = Broadcast.objects.create(
        organization=city,
        idempotency_key=draft.key,
        request_sha256=b"",
        content={},
        priority=Priority.ROUTINE,
        give_up_at=NOW,
    )

    drafts.sent(draft, broadcast)

    assert [] == list(Draft.objects.open())
    with pytest.raises(AlreadySentError):
        drafts.save(draft, replace(FORM, place="駅"), writer, 1)


@pytest.mark.spec("OPS-2")
def test_a_ready_message_has_a_name_and_is_never_used_up(city: Organization) -> None:
    writer = operator(city, "防災太郎")
    ready = drafts.create(city, writer, FORM, DraftKind.TEMPLATE, name="地震・全員")

    renamed = drafts.save(ready, FORM, writer, 1, name="地震・全職員")

    assert ["地震・全職員"] == [one.name for one in Draft.objects.templates()]
    assert 2 == renamed.revision


def test_deleted_together_and_written_down(city: Organization) -> None:
    writer = operator(city, "防災太郎")
    for _ in range(3):
        drafts.create(city, writer, FORM)

    deleted = drafts.delete(Draft.objects.open()[:2], writer)

    assert (2, 1) == (deleted, Draft.objects.count())
    assert 2 == AuditEntry.objects.filter(action="draft.deleted").count()


def test_two_who_have_it_open_are_told_of_each_other(city: Organization) -> None:
    first, second = operator(city, "一"), operator(city, "二")
    draft = drafts.create(city, first, FORM)

    drafts.note_reader(draft, first, NOW)
    drafts.note_reader(draft, second, NOW + timedelta(seconds=29))
    drafts.note_reader(draft, second, NOW + timedelta(seconds=29))

    at = NOW + timedelta(seconds=29)
    assert (["二"], ["一"]) == (
        drafts.readers(draft, first, at),
        drafts.readers(draft, second, at),
    )
    assert [] == drafts.readers(draft, second, NOW + timedelta(seconds=30))
    assert 2 == DraftReader.objects.count()
