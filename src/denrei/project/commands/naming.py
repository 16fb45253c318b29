"""Find what an operator names on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from denrei.project.failure import CommandError

if TYPE_CHECKING:
    from denrei.accounts.models import Organization


def organization(slug: str) -> Organization:
    """Return the organization of a slug. CommandError: there is none."""
    from denrei.accounts import organizations, tenancy
    from denrei.accounts.models import Organization

    found = organizations.by_slug(slug)
    if found is None:
        raise CommandError(
            f"団体 {slug} がありません。denrei organization list で識別名を確認してください。"
        )
    with tenancy.acting_for(found):
        return Organization.objects.get(pk=found)


def organization_of(broadcast: int) -> int:
    """Return whose broadcast it is; the worker's role sees waves of all organizations.

    CommandError: there is none.
    """
    from denrei.deliveries.models import Run

    found = Run.objects.filter(broadcast_id=broadcast).values_list("organization_id", flat=True)
    organization = found.first()
    if organization is None:
        raise CommandError(f"連絡番号 {broadcast} の連絡はありません。")
    return organization


def words_of_emptied(organization: int, broadcast: int) -> str:
    """Return that the details of a broadcast are deleted; "" where they are there."""
    from denrei.accounts import tenancy
    from denrei.deliveries.retained import emptied
    from denrei.retention.words import PERIODS

    with tenancy.acting_for(organization):
        gone = emptied(broadcast)
    if gone is None:
        return ""
    return f"明細は保存期間（{PERIODS[gone.period]}）を過ぎたため削除しました。"
