"""Organizations come into being behind the wall and are found by their slug."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from denrei.accounts import organizations, tenancy
from denrei.accounts.models import Organization, Preset

pytestmark = pytest.mark.django_db


def test_a_created_organization_has_the_details_it_was_given() -> None:
    made = organizations.create("city", "市", Preset.CITY, receiving_slots=3, sender_name="市役所")

    with tenancy.acting_for(made.pk):
        found = Organization.objects.get()

    assert (
        found.slug,
        found.preset,
        found.receiving_slots,
        found.sender_name,
        found.time_zone,
        found.settings,
    ) == ("city", "city", 3, "市役所", "Asia/Tokyo", {})


def test_the_slug_finds_the_organization_before_any_is_known() -> None:
    made = organizations.create("city", "市")

    assert made.pk == organizations.by_slug("city")


@pytest.mark.parametrize("slug", ["", "none", "ci%", "CITY", "city "])
def test_only_the_exact_slug_finds_it(slug: str) -> None:
    organizations.create("city", "市")

    assert organizations.by_slug(slug) is None


@pytest.mark.parametrize("slug", ["", "Großstadt", "市", "a b", "-a", "a" * 64])
def test_a_slug_that_no_address_can_carry_is_refused(slug: str) -> None:
    with pytest.raises(IntegrityError, match="organization_slug_form"):
        organizations.create(slug, "市")


def test_a_slug_is_given_once() -> None:
    organizations.create("city", "市")

    with pytest.raises(IntegrityError, match="organization_slug"):
        organizations.create("city", "別の市")


@pytest.mark.spec("ALL-5")
def test_the_owner_need_be_no_superuser_for_the_slug_to_be_found() -> None:
    made = organizations.create("city", "市")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("CREATE ROLE denrei_plain_owner NOLOGIN INHERIT")
        cursor.execute("GRANT denrei_worker TO denrei_plain_owner")
        cursor.execute("GRANT CREATE ON SCHEMA public TO denrei_plain_owner")
        cursor.execute("ALTER FUNCTION organization_by_slug(text) OWNER TO denrei_plain_owner")
        cursor.execute("SET ROLE denrei_app")

    assert made.pk == organizations.by_slug("city")


def test_an_installation_of_one_organization_knows_it() -> None:
    organizations.create("city", "市")

    assert "city" == organizations.only()


@pytest.mark.spec("ALL-5")
@pytest.mark.parametrize("slugs", [[], ["city", "town"]])
def test_an_installation_of_none_or_several_tells_of_nobody(slugs: list[str]) -> None:
    for slug in slugs:
        organizations.create(slug, "市")

    assert organizations.only() is None
