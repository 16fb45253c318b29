"""What an organization decided for itself, typed; stored in `organization.settings` as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from denrei.accounts import audit, mandate
from denrei.accounts.models import Operator, Organization
from denrei.accounts.rights import Right


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
    #: Mails say that they can be answered by replying; replies are read in any case (MSG-8).
    answers_by_reply: bool = False
    #: Every operator needs a second factor.
    second_factor_required: bool = False
    #: Kind of data → `denrei.domain.retention.Period.code`; what is missing follows the default (OPS-8).
    retention: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, organization: Organization) -> Self:
        """Read those of an organization; what it never set has its default."""
        known = {one.name for one in fields(cls)}
        stored = {name: value for name, value in organization.settings.items() if name in known}
        for name in ("sign_in_networks", "change_networks"):
            stored[name] = tuple(stored.get(name, ()))
        return cls(**{"labels": {}, **stored})

    def to_json(self) -> dict[str, Any]:
        """Return what the column holds."""
        return asdict(self)


#: What an organization decides in columns of its own row.
COLUMNS = frozenset(
    {"name", "time_zone", "receiving_slots", "sender_name", "sender_address", "reply_to"}
)


def save(organization: Organization, wanted: Preferences, actor: Operator | None) -> None:
    """Store what differs from the preferences of `organization`, as `change` does."""
    before, after = Preferences.of(organization).to_json(), wanted.to_json()
    change(
        organization, actor, {name: after[name] for name in after if after[name] != before[name]}
    )


def change(organization: Organization, actor: Operator | None, wanted: Mapping[str, Any]) -> None:
    """Store some settings by their names (of `Preferences` or `COLUMNS`) and record what changed.

    Others stay as they are now, also where somebody else changed them since `organization` was
    read. RefusedError NO_LONGER.
    """
    with mandate.held(organization.pk, actor, Right.ORGANIZATION) as holder:
        now = Organization.objects.get(pk=organization.pk)
        before = _read(now, wanted)
        after = json.loads(json.dumps(dict(wanted)))
        for name, value in after.items():
            if name in COLUMNS:
                setattr(now, name, value)
            else:
                now.settings[name] = value
        now.save(update_fields=[*COLUMNS, "settings"])
        organization.refresh_from_db()
        changed = [name for name in after if after[name] != before[name]]
        if changed:
            _record(organization, holder.actor, _only(before, changed), _only(after, changed))


def _read(organization: Organization, names: Iterable[str]) -> dict[str, Any]:
    """Return the present values as JSON has them."""
    own = Preferences.of(organization).to_json()
    found = {n: getattr(organization, n) if n in COLUMNS else own[n] for n in names}
    return dict(json.loads(json.dumps(found)))


def _only(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: values[name] for name in names}


def _record(
    organization: Organization,
    actor: Operator | None,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    audit.record(organization.pk, "organization.changed", organization, actor, before, after)
