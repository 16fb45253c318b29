"""Creating an organization, and finding one by its slug before any is known."""

from __future__ import annotations

from typing import TypedDict, Unpack

from django.db import connection

from denrei.accounts import tenancy
from denrei.accounts.models import Organization, Preset


class Details(TypedDict, total=False):
    """What an organization may be given at its creation; the columns tell the defaults."""

    time_zone: str
    receiving_slots: int
    sender_name: str
    sender_address: str
    reply_to: str
    settings: dict[str, object]


def create(
    slug: str, name: str, preset: Preset = Preset.COMPANY, **details: Unpack[Details]
) -> Organization:
    """Create an organization. IntegrityError when the slug is taken or malformed.

    Its row is visible only to a transaction that acts for it, so the id comes first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('organization', 'id'))")
        organization_id = int(cursor.fetchone()[0])
    with tenancy.acting_for(organization_id):
        return Organization.objects.create(
            id=organization_id, slug=slug, name=name, preset=preset, **details
        )


def by_slug(slug: str) -> int | None:
    """Tell the id of the organization of that slug.

    Asked before the organization is known (sign-in, public pages), where the wall shows no row.
    The SQL function `organization_by_slug` runs as the owner of the table, answers for one exact
    slug and tells an id and nothing else. The owner sees all rows by the policy `every`: it
    inherits `denrei_worker`, so it need be neither a superuser nor BYPASSRLS, and no second copy
    of the slugs must be kept true.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT organization_by_slug(%s)", [slug])
        found = cursor.fetchone()[0]
    return None if found is None else int(found)


def only() -> str | None:
    """Tell the slug of the organization where the installation has exactly one.

    Then nobody needs to say it at the sign-in. The SQL function `only_organization` runs as the
    owner, as `by_slug` does, and tells nothing of an installation that several share.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT only_organization()")
        found = cursor.fetchone()[0]
    return None if found is None else str(found)
