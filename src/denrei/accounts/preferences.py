"""What an organization decided for itself, typed; stored in `organization.settings` as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from denrei.accounts import audit
from denrei.accounts.models import Operator, Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Every setting of an organization with its default."""

    #: Own names of lists, by `labels.Label`; see `labels.of`.
    labels: Mapping[str, str]
    #: Networks (CIDR) from which operators may sign in; () allows all (SMS-13).
    sign_in_networks: tuple[str, ...] = ()
    #: Networks from which anything may be changed; () allows all (SMS-13).
    change_networks: tuple[str, ...] = ()
    #: Above so many people the operator types their number before 送信.
    typed_count_above: int = 500
    #: Sign in again (password or passkey) before a launch that is no drill (OPS-4).
    sign_in_before_launch: bool = False
    #: Every operator needs a second factor.
    second_factor_required: bool = False

    @classmethod
    def of(cls, organization: Organization) -> Self:
        """Read those of an organization; what it never set has its default."""
        known = {field.name for field in fields(cls)}
        stored = {name: value for name, value in organization.settings.items() if name in known}
        for name in ("sign_in_networks", "change_networks"):
            stored[name] = tuple(stored.get(name, ()))
        return cls(**{"labels": {}, **stored})

    def to_json(self) -> dict[str, Any]:
        """Return what the column holds."""
        return asdict(self)


def save(organization: Organization, wanted: Preferences, actor: Operator | None) -> None:
    """Store preferences and record the change; settings that are not ours stay as they were."""
    before = dict(organization.settings)
    organization.settings = {**before, **wanted.to_json()}
    organization.save(update_fields=["settings"])
    audit.record(
        organization.pk,
        "organization.changed",
        organization,
        actor,
        before={"settings": before},
        after={"settings": organization.settings},
    )
