"""`denrei organization add|list`: who uses this installation."""

from __future__ import annotations

import argparse
from typing import Any

from denrei.domain import email_address, text
from denrei.project import starting
from denrei.project.failure import CommandError


def add(commands: Any) -> None:
    """Add the subcommands."""
    family = commands.add_parser("organization", help="団体").add_subparsers(
        metavar="操作", required=True
    )
    new = family.add_parser("add", help="団体を登録します")
    new.add_argument("slug", metavar="識別名", help="半角の英小文字、数字、ハイフン")
    new.add_argument("--name", required=True, metavar="名称", help="団体の名称")
    new.add_argument(
        "--preset",
        choices=("company", "school", "city"),
        default="company",
        help="団体の種類：company 企業（既定）、school 学校、city 市町村",
    )
    new.add_argument(
        "--sender-address", default="", metavar="アドレス", help="メールの差出人のアドレス"
    )
    new.set_defaults(run=run_add)
    family.add_parser("list", help="団体を一覧します").set_defaults(run=run_list)


def run_add(given: argparse.Namespace) -> None:
    """Create an organization with its first words."""
    name = text.clean(given.name).text
    if not name:
        raise CommandError("--name に団体の名称を指定してください。")
    sender_address = _address(given.sender_address)
    with starting.migrated("app"):
        from django.db import IntegrityError, transaction

        from denrei.accounts import organizations
        from denrei.accounts.models import Preset
        from denrei.broadcasts import presets

        try:
            with transaction.atomic():
                created = organizations.create(
                    given.slug, name, Preset(given.preset), sender_address=sender_address
                )
                presets.furnish(created)
        except IntegrityError as error:
            raise CommandError(
                f"識別名 {given.slug} は使えません。半角の英小文字、数字、ハイフンで、"
                "ほかの団体と重ならないものにしてください。"
            ) from error
        print(f"団体 {created.slug}（{created.name}）を登録しました。")


def _address(given: str) -> str:
    try:
        return email_address.parse(given).address if given else ""
    except email_address.InvalidAddressError as error:
        raise CommandError(f"--sender-address：{error}") from error


def run_list(given: argparse.Namespace) -> None:
    """List all organizations, as the worker's role sees them."""
    with starting.migrated("worker"):
        from denrei.accounts.models import Organization

        for found in Organization.objects.order_by("slug"):
            print(f"{found.slug}\t{found.name}")
