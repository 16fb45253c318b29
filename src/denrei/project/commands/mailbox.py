"""`denrei mailbox`: mailboxes at providers that are asked for bounces and replies (MSG-7)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from denrei.project import starting
from denrei.project.commands import naming
from denrei.project.failure import CommandError

if TYPE_CHECKING:
    from denrei.outcomes.models import Mailbox

#: Mails of nobody that are listed, and octets of one that is shown.
_LISTED, _SHOWN = 50, 20_000


def add(commands: Any) -> None:
    """Add the subcommands."""
    family = commands.add_parser(
        "mailbox", help="戻ってきたメールと返信を取得するメールボックス"
    ).add_subparsers(metavar="操作", required=True)
    _add_add(family)
    for name, run, words in (
        ("test", run_test, "サインインして、メールの数を確かめます。何も変えません"),
        ("remove", run_remove, "登録を削除します。取得したメールは残ります"),
    ):
        one = family.add_parser(name, help=words)
        one.add_argument("name", metavar="名称")
        one.add_argument("--organization", required=True, metavar="識別名")
        one.set_defaults(run=run)
    listed = family.add_parser("list", help="登録と、最後の取得の結果を一覧にします")
    listed.add_argument("--organization", required=True, metavar="識別名")
    listed.set_defaults(run=run_list)
    unclaimed = family.add_parser(
        "unclaimed", help="どの団体のものか分からないメールを一覧にします（設置者用）"
    )
    unclaimed.add_argument("--show", type=int, metavar="番号", help="1通の文字を表示します")
    unclaimed.set_defaults(run=run_unclaimed)


def _add_add(family: Any) -> None:
    new = family.add_parser("add", help="登録します。接続を確かめてから保存します")
    new.add_argument("name", metavar="名称", help="画面に表示する名称")
    new.add_argument("--organization", required=True, metavar="識別名")
    new.add_argument("--protocol", choices=("imap", "pop3"), default="imap")
    new.add_argument("--host", required=True, metavar="ホスト")
    new.add_argument("--port", type=int, metavar="ポート", help="省略時は、方式の標準のポート")
    new.add_argument("--security", choices=("tls", "starttls", "none"), default="tls")
    new.add_argument("--ca-file", default="", metavar="ファイル", help="自組織の認証局の証明書")
    new.add_argument("--username", required=True, metavar="利用者名")
    new.add_argument("--password-file", required=True, metavar="ファイル")
    new.add_argument("--folder", default="INBOX", metavar="フォルダー", help="IMAP のフォルダー")
    new.add_argument(
        "--after", choices=("delete", "keep", "mark", "move"), default="delete",
        help="取得した後：削除、残す、既読にする（IMAP）、移す（IMAP）",
    )  # fmt: skip
    new.add_argument("--move-to", default="", metavar="フォルダー", help="--after move の移す先")
    new.add_argument("--every", type=int, default=60, metavar="秒", help="取得の間隔（既定 60）")
    new.add_argument("--untested", action="store_true", help="接続を確かめずに保存します")
    new.set_defaults(run=run_add)


def run_add(given: argparse.Namespace) -> None:
    """Register a mailbox after it was asked once."""
    try:
        password = Path(given.password_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"パスワードのファイル {given.password_file} を読めません: {error}"
        ) from error
    with starting.migrated("app"):
        from denrei.outcomes.mailboxes import registering
        from denrei.outcomes.models import Mailbox

        port = given.port or registering.PORTS[given.protocol, given.security == "tls"]
        mailbox = Mailbox(
            organization=naming.organization(given.organization),
            name=given.name,
            protocol=given.protocol,
            host=given.host,
            port=port,
            security=given.security,
            ca_file=given.ca_file,
            username=given.username,
            folder=given.folder,
            after=given.after,
            move_to=given.move_to,
            every_seconds=given.every,
        )
        told = "" if given.untested else _asked(mailbox, password)
        try:
            registering.add(mailbox, password)
        except registering.RefusedError as error:
            raise CommandError(str(error)) from error
        print(f"メールボックス {mailbox.name} を登録しました。{told}")


def run_test(given: argparse.Namespace) -> None:
    """Ask a mailbox without changing anything."""
    with starting.migrated("app"):
        from denrei.accounts import sealing

        mailbox = _found(given)
        print(_asked(mailbox, sealing.unseal(mailbox.password)))


def run_remove(given: argparse.Namespace) -> None:
    """Ask a mailbox no longer."""
    with starting.migrated("app"):
        from denrei.outcomes.mailboxes import registering

        if not registering.remove(naming.organization(given.organization), given.name):
            raise CommandError(f"メールボックス {given.name} はありません。")
        print(f"メールボックス {given.name} を削除しました。")


def run_list(given: argparse.Namespace) -> None:
    """Print the mailboxes of an organization."""
    with starting.migrated("app"):
        from denrei.accounts import tenancy
        from denrei.outcomes.models import Mailbox

        organization = naming.organization(given.organization)
        with tenancy.acting_for(organization.pk):
            for one in Mailbox.objects.order_by("name"):
                fetched = f"{one.fetched_at:%Y-%m-%d %H:%M:%S}Z" if one.fetched_at else "まだ"
                place = f"{one.protocol}://{one.username}@{one.host}:{one.port}"
                print(f"{one.name}\t{place}\t最後の取得 {fetched}\t{one.trouble or '正常'}")


def run_unclaimed(given: argparse.Namespace) -> None:
    """Print mails that belong to no organization, or one of them with what can't be seen left out."""
    with starting.migrated("worker"):
        from django.db import transaction

        from denrei.accounts import tenancy
        from denrei.domain import text
        from denrei.outcomes.models import ReceivedMail

        with transaction.atomic():
            tenancy.as_worker()
            unclaimed = ReceivedMail.objects.unclaimed()
            if given.show is None:
                print(f"{unclaimed.count()}通")
                for one in unclaimed.defer("raw")[:_LISTED]:
                    said = "読み取りに失敗" if one.is_broken else one.envelope_to or "宛先不明"
                    print(f"{one.pk}\t{one.arrived_at:%Y-%m-%d %H:%M:%S}Z\t{one.way}\t{said}")
                return
            mail = unclaimed.filter(pk=given.show).first()
            if mail is None:
                raise CommandError(f"番号 {given.show} のメールはありません。")
            raw = bytes(mail.raw)[:_SHOWN].decode("utf-8", "replace")
            print(text.clean(raw, multiline=True).text)


def _found(given: argparse.Namespace) -> Mailbox:
    from denrei.accounts import tenancy
    from denrei.outcomes.models import Mailbox

    organization = naming.organization(given.organization)
    with tenancy.acting_for(organization.pk):
        mailbox = Mailbox.objects.filter(name=given.name).first()
    if mailbox is None:
        raise CommandError(f"メールボックス {given.name} はありません。")
    return mailbox


def _asked(mailbox: Mailbox, password: str) -> str:
    from denrei.outcomes.mailboxes import MailboxError, fetching

    try:
        return f"サインインできました。メールは{fetching.try_out(mailbox, password)}通あります。"
    except MailboxError as error:
        raise CommandError(str(error)) from error
