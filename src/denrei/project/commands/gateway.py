"""`denrei gateway add|set|test|list|dkim`: ways to reach people, from their settings on the command line."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_type_hints

from denrei.channels import Found
from denrei.project import starting
from denrei.project.commands import naming, signing
from denrei.project.failure import CommandError

if TYPE_CHECKING:
    from denrei.accounts.models import Organization
    from denrei.channels import Channel
    from denrei.deliveries.models import Gateway

#: How a step of a connection test is told.
_FOUND = {
    Found.DONE: "成功",
    Found.FAILED: "失敗",
    Found.NEEDLESS: "不要",
    Found.AHEAD: "未実施",
}


def add(commands: Any) -> None:
    """Add the subcommands."""
    family = commands.add_parser("gateway", help="送信経路").add_subparsers(
        metavar="操作", required=True
    )
    new = family.add_parser("add", help="送信経路を登録します")
    new.add_argument("kind", metavar="種類", help="送信経路の種類（例：smtp）")
    new.add_argument("--organization", required=True, metavar="識別名")
    new.add_argument("--name", default="", metavar="名称", help="一覧に表示する名称")
    _add_settings(new)
    new.set_defaults(run=run_add)
    other = family.add_parser("set", help="送信経路の設定を変更します")
    other.add_argument("number", type=int, metavar="番号", help="送信経路の番号")
    other.add_argument("--organization", required=True, metavar="識別名")
    _add_settings(other)
    other.set_defaults(run=run_set)
    test = family.add_parser("test", help="接続を段階ごとに確かめます。メールは送りません")
    test.add_argument("number", type=int, metavar="番号", help="送信経路の番号")
    test.add_argument("--organization", required=True, metavar="識別名")
    test.set_defaults(run=run_test)
    listed = family.add_parser("list", help="送信経路と、その状態を一覧にします")
    listed.add_argument("--organization", required=True, metavar="識別名")
    listed.set_defaults(run=run_list)
    signing.add(family)


def _add_settings(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--set", action="append", default=[], metavar="項目=値", help="設定項目（何度でも）"
    )
    command.add_argument(
        "--set-file",
        action="append",
        default=[],
        metavar="項目=ファイル",
        help="値をファイルから読む設定項目。パスワードや鍵はこちらで渡してください（何度でも）",
    )


def run_add(given: argparse.Namespace) -> None:
    """Register a gateway; the medium's lane is made where there is none."""
    with starting.migrated("app"):
        from django.conf import settings

        from denrei.deliveries import gateways
        from denrei.deliveries.registering import register

        organization = naming.organization(given.organization)
        if given.kind not in gateways.KINDS:
            known = "、".join(sorted(gateways.KINDS))
            raise CommandError(f"種類 {given.kind} はありません。{known} から選んでください。")
        channel = _channel(gateways.KINDS[given.kind], dict(_texts(given)))
        safe = gateways.vault([settings.SECRET_KEY])
        created = register(organization, channel, safe, given.name)
        print(f"送信経路 {created.pk}（{created.kind}）を登録しました。")


def run_set(given: argparse.Namespace) -> None:
    """Change settings of a gateway; those that are not named stay."""
    with starting.migrated("app"):
        from django.conf import settings

        from denrei.accounts import tenancy
        from denrei.deliveries import gateways
        from denrei.deliveries.registering import change

        organization = naming.organization(given.organization)
        safe = gateways.vault([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
        with tenancy.acting_for(organization.pk):
            found = _found(organization, given.number)
            try:
                before = gateways.to_channel(found.kind, found.settings, safe)
            except gateways.GatewayError as error:
                raise CommandError(str(error)) from error
            changed = change(organization, found, _changed(before, dict(_texts(given))), safe)
        names = "、".join(changed) or "なし（すでにそのとおりです）"
        print(f"送信経路 {found.pk}（{found.kind}）の設定を変更しました: {names}")


def run_test(given: argparse.Namespace) -> None:
    """Test the connection of a gateway, and say what to do where a step failed."""
    with starting.migrated("app"):
        from django.conf import settings

        from denrei.accounts import tenancy
        from denrei.deliveries import gateways

        organization = naming.organization(given.organization)
        safe = gateways.vault([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
        with tenancy.acting_for(organization.pk):
            found = _found(organization, given.number)
        try:
            channel = gateways.to_channel(found.kind, found.settings, safe)
        except gateways.GatewayError as error:
            raise CommandError(str(error)) from error
        checks = gateways.examine(channel)
    if not checks:
        print(f"種類 {found.kind} は、外部につながりません。")
    for check in checks:
        print("\t".join((_FOUND[check.found], check.name, " ".join(check.said.split()))).rstrip())
    for check in checks:
        if check.found is Found.FAILED:
            raise CommandError(f"{check.name}に失敗しました。{check.what}{check.todo}")


def run_list(given: argparse.Namespace) -> None:
    """Print number, medium, order, kind, name and state of each gateway, divided by tabs."""
    with starting.migrated("app"):
        from denrei.accounts import tenancy
        from denrei.deliveries.models import Gateway
        from denrei.domain.states import Medium

        organization = naming.organization(given.organization)
        with tenancy.acting_for(organization.pk):
            for one in Gateway.objects.kept().select_related("lane"):
                state = (one.trouble or "正常") if one.enabled else "止めています"
                medium = Medium(one.lane.medium).label
                print(one.pk, medium, one.rank, one.kind, one.name, state, sep="\t")


def _found(organization: Organization, number: int) -> Gateway:
    """Return a gateway of the organization that the transaction acts for. CommandError."""
    from denrei.deliveries.models import Gateway

    found = Gateway.objects.kept().filter(organization=organization, pk=number).first()
    if found is None:
        raise CommandError(f"送信経路 {number} は、団体 {organization.slug} にありません。")
    return found


def _changed(channel: Channel, texts: dict[str, str]) -> Channel:
    """Return a channel with other settings."""
    if not texts:
        raise CommandError(
            "変更する項目を --set 項目=値 か --set-file 項目=ファイル で指定してください。"
        )
    _check_names(type(channel), texts)
    known = {name: getattr(channel, name) for name in _fields(type(channel))}
    values = _values(type(channel), texts)
    try:
        return type(channel)(**{**known, **values})
    except ValueError as error:
        raise CommandError(f"設定に誤りがあります。{error}") from error


def _texts(given: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Yield (setting, its value as text), what comes from files last."""
    for pair in given.set:
        yield _split(pair, "--set 項目=値")
    for pair in given.set_file:
        name, path = _split(pair, "--set-file 項目=ファイル")
        try:
            yield name, Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{name} のファイル {path} を読めません: {error}") from error


def _split(pair: str, form: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise CommandError(f"設定は {form} の形で書いてください（今の値: {pair}）。")
    return name, value


def _channel(kind: type[Channel], texts: dict[str, str]) -> Channel:
    _check_names(kind, texts)
    missing = [
        name
        for name, field in _fields(kind).items()
        if name not in texts
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise CommandError(f"次の項目も必要です: {'、'.join(missing)}（--set 項目=値）")
    try:
        return kind(**_values(kind, texts))
    except ValueError as error:
        raise CommandError(f"設定に誤りがあります。{error}") from error


def _fields(kind: type[Channel]) -> dict[str, dataclasses.Field[Any]]:
    return {field.name: field for field in dataclasses.fields(cast("Any", kind))}


def _check_names(kind: type[Channel], texts: dict[str, str]) -> None:
    fields = _fields(kind)
    for name in texts.keys() - fields:
        raise CommandError(
            f"設定項目 {name} はありません。{'、'.join(fields)} から選んでください。"
        )


def _values(kind: type[Channel], texts: dict[str, str]) -> dict[str, Any]:
    """Return the settings that are given, as their types."""
    hints = get_type_hints(kind)
    return {name: _value(hints[name], name, text) for name, text in texts.items()}


def _value(hint: Any, name: str, text: str) -> Any:
    """Return a setting's text as its type."""
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
