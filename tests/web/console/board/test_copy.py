"""写して作成: the words of an earlier broadcast as a new draft, and nobody is sent anything (MSG-4)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization, Role, Unit
from denrei.broadcasts.models import Broadcast, Draft, IncidentType
from denrei.broadcasts.typed import Typed
from tests.web.console import town
from tests.web.console.board.conftest import sent
from tests.web.console.conftest import browser, hire

SignIn = Callable[[Operator], Client]
pytestmark = pytest.mark.spec("MSG-4")


def copied(client: Client, broadcast: Broadcast) -> Draft:
    """Press it; return the draft that opens."""
    response = client.post(f"/console/broadcasts/{broadcast.pk}/copy/")
    found = re.fullmatch(r"/console/drafts/(\d+)/", response["Location"])
    assert found
    with tenancy.acting_for(broadcast.organization_id):
        return Draft.objects.get(pk=int(found[1]))


def test_a_copy_says_the_same_of_now_and_asks_for_sender_and_recipients(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    with tenancy.acting_for(staffed.pk):
        broadcast = sent(staffed, operator)
        draft = town.draft(staffed, operator, place="本庁舎", situation_note="停電", everybody=True)
        Draft.objects.filter(pk=draft.pk).update(broadcast=broadcast)
    before = timezone.now()

    form = Typed.from_json(copied(signed_in(operator), broadcast).form)

    assert (form.place, form.situation_note) == ("本庁舎", "停電")
    assert (form.everybody, form.groups, form.people, form.sender) == (False, (), (), "")
    assert (form.corrects, form.sequel) == ("", "")
    with tenancy.acting_for(staffed.pk):
        assert Broadcast.objects.count() == 1
    assert form.occurred.day == timezone.localtime(before).strftime("%Y-%m-%d")


def test_one_that_was_sent_without_a_form_is_copied_from_what_it_said(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    with tenancy.acting_for(staffed.pk):
        broadcast = sent(staffed, operator)
        named = IncidentType.objects.filter(name=broadcast.content["incident"]["ja"]).first()

    form = Typed.from_json(copied(signed_in(operator), broadcast).form)

    assert form.incident == (str(named.pk) if named else "")


def test_two_presses_are_one_draft(
    staffed: Organization, operator: Operator, signed_in: SignIn
) -> None:
    with tenancy.acting_for(staffed.pk):
        broadcast = sent(staffed, operator)
    client = signed_in(operator)

    assert copied(client, broadcast).pk == copied(client, broadcast).pk


@pytest.mark.spec("ALL-5")
def test_who_may_not_send_or_see_it_copies_nothing(
    staffed: Organization, operator: Operator, first_school: Unit
) -> None:
    with tenancy.acting_for(staffed.pk):
        broadcast = sent(staffed, operator)
        before = Draft.objects.count()
    path = f"/console/broadcasts/{broadcast.pk}/copy/"

    viewer = browser(staffed, hire(staffed, "viewer", Role.VIEWER))
    assert viewer.post(path).status_code == 403
    school = browser(staffed, hire(staffed, "school", Role.SENDER, first_school))
    assert school.post(path).status_code == 404
    with tenancy.acting_for(staffed.pk):
        assert Draft.objects.count() == before
