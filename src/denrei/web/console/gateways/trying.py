"""A connection test as the page shows it: each step with what the server said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from denrei.channels import Channel, Check, Found
from denrei.deliveries import gateways


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step."""

    name: str
    #: A `Found`.
    found: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a test."""

    stages: Sequence[Stage]
    #: What happened and what to do, "" where all went well.
    what: str = ""
    todo: str = ""

    @property
    def is_well(self) -> bool:
        """Did no step fail?"""
        return not self.what


def try_out(channel: Channel) -> Tried:
    """Test the connection of a channel that has another side. Sends nothing; takes up to a minute."""
    checks = gateways.examine(channel)
    failed = next((check for check in checks if check.found is Found.FAILED), None)
    return Tried(
        stages=list(_stages(checks)),
        what=_(failed.what) if failed else "",
        todo=_(failed.todo) if failed else "",
    )


def unreadable() -> Tried:
    """Return what came of it where what is saved can't be read: nobody was asked."""
    return Tried(
        stages=(),
        what=_("保存した設定を読み取れません。"),
        todo=_("下の内容とパスワードを入力し直して保存してください。"),
    )


def _stages(checks: Sequence[Check]) -> Iterator[Stage]:
    for check in checks:
        yield Stage(name=_(check.name), found=check.found.value, said=check.said)
