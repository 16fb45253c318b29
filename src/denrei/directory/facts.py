"""What is known of a person as the audit trail keeps it: words of that moment, not ids (ALL-3)."""

from __future__ import annotations

from collections.abc import Mapping

from denrei.directory.models import ContactState, Recipient

Facts = Mapping[str, object]


def of(recipient: Recipient) -> Facts:
    """Return all facts of a person as JSON; contacts are those in use, in order.

    Read anew from the database. Keys: name, kana, code, unit, household, language, state, groups,
    positions, contacts.
    """
    row = Recipient.objects.select_related("unit", "household").get(pk=recipient.pk)
    memberships = row.memberships.order_by("group__order", "group__code")
    held = row.positions_held.order_by("position__order", "position__code")
    return {
        "name": row.name,
        "kana": row.kana,
        "code": row.code,
        "unit": row.unit.name if row.unit else "",
        "household": row.household.code if row.household else "",
        "language": row.language,
        "state": row.state,
        "groups": list(memberships.values_list("group__name", flat=True)),
        "positions": list(held.values_list("position__name", flat=True)),
        "contacts": list(
            row.contacts.exclude(state=ContactState.RETIRED)
            .order_by("medium", "slot", "id")
            .values("medium", "slot", "address", "receives", "state")
        ),
    }


def changed(before: Facts, after: Facts) -> tuple[Facts, Facts]:
    """Return what of the facts differs: as it was, and as it is."""
    keys = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in keys}, {key: after[key] for key in keys}
