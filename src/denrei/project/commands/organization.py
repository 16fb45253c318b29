"""`denrei organization add|list` and `denrei gateway add`: what an installation begins with."""

from __future__ import annotations

import argparse
import dataclasses
import json
from typing import Any, get_type_hints

from denrei.project import starting
from denrei.project.commands import naming
from denrei.project.commands.failure import CommandError


def add(commands: Any) -> None:
    """Add the subcommands."""
    family = commands.add_parser("organization", help="団体を登録します").add_subparsers(
        metavar="操作", required=True
    )
    new = family.add_parser("add", help="団体を登録します")
    new.add_argument("slug", metavar="識別名", help="半角の英小文字、数字、ハイフン")
    new.add_argument("--name", required=True, help="団体の名称")
    new.add_argument("--preset", choices=("company", "school", "city"), default="company")
    new.add_argument("--sender-address", default="", help="差出人のアドレス")
    new.set_defaults(run=run_add)
    family.add_parser("list", help="団体を一覧します").set_defaults(run=run_list)
    gateways = commands.add_parser("gateway", help="送信経路を登録します").add_subparsers(
        metavar="操作", required=True
    )
    gateway = gateways.add_parser("add", help="送信経路を登録します")
    gateway.add_argument("kind", metavar="種類", help="smtp または simulator")
    gateway.add_argument("--organization", required=True, metavar="識別名")
    gateway.add_argument("--name", default="", help="一覧に表示する名称")
    gateway.add_argument(
        "--set", action="append", default=[], metavar="項目=値", help="設定項目（何度でも）"
    )
    gateway.set_defaults(run=run_gateway)


def run_add(given: argparse.Namespace) -> None:
    """Create an organization with its first words."""
    with starting.ready("app"):
        from django.db import IntegrityError

        from denrei.accounts import organizations
        from denrei.accounts.models import Preset
        from denrei.broadcasts import presets

        try:
            created = organizations.create(
                given.slug,
                given.name,
                Preset(given.preset),
                sender_address=given.sender_address,
            )
        except IntegrityError as error:
            raise CommandError(
                f"識別名 {given.slug} は使えません。半角の英小文字、数字、ハイフンで、"
                "ほかの団体と重ならないものにしてください。"
            ) from error
        presets.furnish(created)
        print(f"団体 {created.slug}（{created.name}）を登録しました。")


def run_list(given: argparse.Namespace) -> None:
    """List all organizations, as the worker's role sees them."""
    with starting.ready("worker"):
        from denrei.accounts.models import Organization

        for found in Organization.objects.order_by("slug"):
            print(f"{found.slug}\t{found.name}")


def run_gateway(given: argparse.Namespace) -> None:
    """Register a gateway; the medium's lane is made where there is none."""
    with starting.ready("app"):
        from django.conf import settings

        from denrei.deliveries import gateways
        from denrei.deliveries.registering import register

        if given.kind not in gateways.KINDS:
            known = "、".join(sorted(gateways.KINDS))
            raise CommandError(f"種類 {given.kind} はありません。{known} から選んでください。")
        values = _values(gateways.KINDS[given.kind], given.set)
        safe = gateways.vault([settings.SECRET_KEY])
        try:
            channel = gateways.KINDS[given.kind](**values)
        except (TypeError, ValueError) as error:
            raise CommandError(f"設定に誤りがあります: {error}") from error
        created = register(naming.organization(given.organization), channel, safe, given.name)
        print(f"送信経路 {created.pk}（{created.kind}）を登録しました。")


def _values(kind: type[Any], pairs: list[str]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    fields = {field.name for field in dataclasses.fields(kind)}
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or name not in fields:
            raise CommandError(
                f"設定項目 {name} はありません。{'、'.join(sorted(fields))} から選んでください。"
            )
        values[name] = _value(hints[name], name, text)
    return values


def _value(hint: Any, name: str, text: str) -> Any:
    if hint is bool:
        if text not in ("true", "false"):
            raise CommandError(f"{name} には true か false を書いてください。")
        return text == "true"
    try:
        if hint in (int, float):
            return hint(text)
        if str(hint).startswith(("dict", "list")):
            return json.loads(text)
        return hint(text) if isinstance(hint, type) else text
    except ValueError as error:
        raise CommandError(f"{name} の値 {text} を読み取れません。") from error
