"""`denrei retention preview` and `run`: what is over, counted or deleted now instead of at night."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from denrei.project import starting
from denrei.project.commands import naming
from denrei.project.failure import CommandError

if TYPE_CHECKING:
    from denrei.accounts.models import Organization


def add(commands: Any) -> None:
    """Add the subcommands."""
    family = commands.add_parser("retention", help="保存期間による削除").add_subparsers(
        metavar="操作", required=True
    )
    look = family.add_parser("preview", help="今の保存期間で、何が何件消えるかを表示します")
    look.add_argument("--organization", metavar="識別名", help="1団体だけ")
    look.set_defaults(run=run_preview)
    work = family.add_parser("run", help="夜を待たずに、保存期間を過ぎたものを削除します")
    work.add_argument("--yes", action="store_true", help="削除します（なければ表示だけ）")
    work.set_defaults(run=run_round)


def run_preview(given: argparse.Namespace) -> None:
    """Count what would go, of each organization, and the room that each kind takes."""
    with starting.migrated("worker"):
        organizations = _organizations(given.organization)
        for organization in organizations:
            _show(organization)
        _show_room()


def run_round(given: argparse.Namespace) -> None:
    """Show it; with --yes, delete."""
    with starting.migrated("worker"):
        from denrei.retention import rounds
        from denrei.retention.rounds import End, Turn

        if not given.yes:
            for organization in _organizations(None):
                _show(organization)
            print("表示だけです。削除するには --yes を付けてください。")
            return
        end = rounds.work(Turn(night=rounds.tonight(), again=True))
        if end is End.GAVE_WAY:
            raise CommandError(
                "連絡を送信しているため、途中で止めました。送信が落ち着いてから、もう一度実行してください。"
                "denrei worker が動いていれば、続きは自動で行われます。"
            )
        _tell_report(rounds.tonight())
        if end is End.FAILED:
            raise CommandError("削除できなかったものがあります。上の理由を確認してください。")


def _organizations(slug: str | None) -> list[Organization]:
    from denrei.accounts.models import Organization

    return [naming.organization(slug)] if slug else list(Organization.objects.order_by("pk"))


def _show(organization: Organization) -> None:
    from denrei.retention.preview import preview
    from denrei.retention.words import PERIODS, STAYING

    found = preview(organization.pk)
    print(f"{organization.slug}　{organization.name}")
    for one in found.expected:
        until = f"{one.until:%Y-%m-%d} より前" if one.until else ""
        print(f"  {one.kind.name}　{PERIODS[one.period]}　{until}　{one.things:,}件")
    for why, n in found.staying.items():
        print(f"  残す連絡 {n:,}件：{STAYING[why]}")


def _show_room() -> None:
    from denrei.retention.kinds import BY_CODE
    from denrei.retention.preview import room

    print("ディスクの使用量（全団体の合計）")
    for code, octets in sorted(room().items(), key=lambda pair: -pair[1]):
        print(f"  {BY_CODE[code].name}　{octets / 1_000_000:,.1f} MB")


def _tell_report(night: Any) -> None:
    from denrei.retention.kinds import BY_CODE
    from denrei.retention.models import RetentionRun

    for run in RetentionRun.objects.of_night(night).select_related("organization").order_by("id"):
        whose = run.organization.slug if run.organization else "（団体なし）"
        if run.removed or run.rows or run.trouble:
            name = BY_CODE[run.kind].name if run.kind in BY_CODE else run.kind
            words = f"　失敗：{run.trouble}" if run.trouble else ""
            print(f"{whose}　{name}　{run.removed:,}件（{run.rows:,}行）{words}")
    print("保存期間を過ぎたものを調べ終わりました。")
