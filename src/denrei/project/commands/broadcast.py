"""`denrei broadcast send FILE`, `show ID`, `stop ID`."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from denrei.project import starting
from denrei.project.commands import naming
from denrei.project.failure import CommandError

if TYPE_CHECKING:
    from denrei.accounts.models import Organization
    from denrei.deliveries.launch import Order
    from denrei.reports.board import Board

#: Stands in a preview where each person's own address comes.
#: People who can't be reached that are named.
_NAMES = 20
_EACH_OWN = "（受取人ごとのアドレス）"


def add(commands: Any) -> None:
    """Add the subcommands."""
    family = commands.add_parser("broadcast", help="連絡").add_subparsers(
        metavar="操作", required=True
    )
    send = family.add_parser("send", help="連絡を1つ送信します")
    send.add_argument("file", metavar="FILE", type=Path)
    send.add_argument("--organization", required=True, metavar="識別名")
    send.add_argument("--yes", action="store_true", help="送信します（なければ確認だけ）")
    send.set_defaults(run=run_send)
    show = family.add_parser("show", help="連絡の状態を表示します")
    show.add_argument("id", metavar="ID", type=int)
    show.set_defaults(run=run_show)
    stop = family.add_parser("stop", help="まだ送っていない配信を取り消します")
    stop.add_argument("id", metavar="ID", type=int)
    stop.add_argument("--yes", action="store_true", help="停止します（なければ確認だけ）")
    stop.set_defaults(run=run_stop)


def run_send(given: argparse.Namespace) -> None:
    """Show texts and numbers, and whatever would refuse them; with --yes, launch."""
    with starting.migrated("app"):
        from denrei.deliveries.errors import LaunchError
        from denrei.deliveries.launch import launch, rehearse
        from denrei.project import broadcast_file

        organization = naming.organization(given.organization)
        try:
            order = broadcast_file.read(organization, given.file, datetime.now(UTC))
            earlier = rehearse(organization, order)
            if earlier is not None:
                _tell_earlier(earlier.broadcast_id)
                return
            _preview(organization, order)
            if not given.yes:
                print("確認だけです。送信するには --yes を付けてください。")
                return
            launched = launch(organization, order)
        except (broadcast_file.BroadcastFileError, LaunchError) as error:
            raise CommandError(str(error)) from error
        if launched.created:
            print(f"受け付けました。連絡番号 {launched.broadcast_id}、対象 {launched.people:,}人")
        else:
            _tell_earlier(launched.broadcast_id)


def _tell_earlier(broadcast: int) -> None:
    print(
        f"この連絡は、すでに連絡番号 {broadcast} として送信されています。"
        "もう一度送るときは、key を変えてください。"
    )


def _preview(organization: Organization, order: Order) -> None:
    from denrei.accounts import tenancy
    from denrei.broadcasts import rendering
    from denrei.deliveries import reach

    for language, title in (("ja", "日本語"), ("en", "English")):
        print(f"―― {title} ――")
        print(rendering.subject(order.content, language))
        print(rendering.body(order.content, language).replace(rendering.URL, _EACH_OWN))
    with tenancy.acting_for(organization.pk):
        media = [step.medium for step in order.steps]
        found = reach.measure(organization, order.selection, media, names=_NAMES)
    print(f"対象 {found.people:,}人、連絡先 {found.contacts:,}件")
    if found.unreachable:
        names = "、".join(one.name for one in found.names)
        more = "ほか" if found.unreachable > len(found.names) else ""
        print(f"届かない人 {found.unreachable:,}人：{names}{more}")


def run_show(given: argparse.Namespace) -> None:
    """Show how a broadcast stands."""
    with starting.migrated("worker"):
        from denrei.project import board_text

        organization = naming.organization_of(given.id)
        for line in board_text.lines(_board(organization, given.id)):
            print(line)
        if gone := naming.words_of_emptied(organization, given.id):
            print(f"  {gone}")


def run_stop(given: argparse.Namespace) -> None:
    """Say what a stop would cancel; with --yes, stop."""
    with starting.migrated("worker"):
        from denrei.deliveries import cancel

        organization = naming.organization_of(given.id)
        look = _board(organization, given.id)
        waiting = f"送信待ち {look.deliveries.waiting:,}件"
        if look.finished:
            print("この連絡は、すでに終了しています。取り消すものはありません。")
        elif not given.yes:
            print(
                f"{waiting}を取り消します。送信中のものは最後まで送られ、回答は受け付けます。"
                "停止するには --yes を付けてください。"
            )
        elif cancel.stop(organization, given.id):
            print(f"停止しました。{waiting}を取り消しています。")
        else:
            print("この連絡は、すでに停止されています。")


def _board(organization: int, broadcast: int) -> Board:
    from denrei.reports.board import board

    return board(organization, broadcast)
