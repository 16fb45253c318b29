"""`denrei operator add|unlock|reset|list`: who works with the console, from the machine itself.

The way in before anybody can sign in, and when nobody can any more (SMS-13).
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from denrei.domain import email_address, text
from denrei.project import starting
from denrei.project.commands import naming
from denrei.project.failure import CommandError

if TYPE_CHECKING:
    from denrei.accounts.models import Operator, Organization, Unit

#: Characters of a login, as the sign-in page takes them.
_LONGEST_LOGIN = 100


def add(commands: Any) -> None:
    """Add the subcommands."""
    family = commands.add_parser("operator", help="操作者").add_subparsers(
        metavar="操作", required=True
    )
    _add_new(family)
    for name, words, run in (
        ("unlock", "ロックを解除します", run_unlock),
        ("reset", "パスワードを再設定し、すべての端末からサインアウトさせます", run_reset),
    ):
        one = family.add_parser(name, help=words)
        one.add_argument("organization", metavar="団体", help="団体の識別名")
        one.add_argument("login", metavar="利用者ID")
        one.set_defaults(run=run)
        if name == "reset":
            one.add_argument(
                "--second-factor", action="store_true", help="認証アプリやパスキーの登録も消します"
            )
            _add_password(one)
    everybody = family.add_parser("list", help="操作者を一覧します")
    everybody.add_argument("organization", metavar="団体", help="団体の識別名")
    everybody.set_defaults(run=run_list)


def _add_new(family: Any) -> None:
    new = family.add_parser("add", help="操作者を登録します")
    new.add_argument("organization", metavar="団体", help="団体の識別名")
    new.add_argument("login", metavar="利用者ID")
    new.add_argument("--name", required=True, metavar="氏名")
    new.add_argument(
        "--role",
        choices=("admin", "sender", "viewer"),
        default="viewer",
        help="権限：admin 管理者、sender 発信者、viewer 閲覧者（既定）",
    )
    new.add_argument("--unit", default="", metavar="コード", help="担当する所属。省くと団体全体")
    new.add_argument("--email", default="", metavar="アドレス")
    _add_password(new)
    new.set_defaults(run=run_add)


def _add_password(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--password-stdin",
        action="store_true",
        help="パスワードを標準入力の1行目から読みます。付けなければ端末でたずねます",
    )


def run_add(given: argparse.Namespace) -> None:
    """Create an operator, who chooses another password at the first sign-in."""
    login, name = _line(given.login, "利用者ID"), _line(given.name, "--name")
    if text.length(login) > _LONGEST_LOGIN:
        raise CommandError(f"利用者IDは{_LONGEST_LOGIN}文字以内にしてください。")
    email = _email(given.email)
    with starting.migrated("app"):
        from denrei.accounts import operators
        from denrei.accounts.models import Operator, Role

        with _acting(given.organization) as organization:
            wanted = operators.Wanted(
                login=login,
                name=name,
                email=email,
                role=Role(given.role),
                unit=_unit(given.unit),
            )
            password = _password(given, Operator(login=login, name=name, email=email))
            with _refusals():
                made = operators.add(organization, wanted, password, None)
            print(f"操作者 {made.login}（{made.name}、{made.get_role_display()}）を登録しました。")
            print("最初のサインインで、本人が別のパスワードに変更します。")
            advice = operators.advice(organization)
            if advice:
                print(advice)


def run_unlock(given: argparse.Namespace) -> None:
    """End the lock of an operator, also of the last administrator."""
    with starting.migrated("app"):
        from denrei.accounts import keys

        with _acting(given.organization), _refusals():
            operator = _operator(given.login)
            if keys.unlock(operator, None):
                print(f"操作者 {operator.login}（{operator.name}）のロックを解除しました。")
            else:
                print(f"操作者 {operator.login}（{operator.name}）はロックされていません。")
            if not operator.is_active:
                print("この操作者は使用停止中のため、サインインできません。")


def run_reset(given: argparse.Namespace) -> None:
    """Give an operator another password, end his sessions and locks; on demand his second factor."""
    with starting.migrated("app"):
        from denrei.accounts import keys

        with _acting(given.organization), _refusals():
            operator = _operator(given.login)
            password = _password(given, operator)
            keys.reset_password(operator, password, None)
            keys.unlock(operator, None)
            print(f"操作者 {operator.login}（{operator.name}）のパスワードを再設定しました。")
            print("すべての端末からサインアウトしました。次のサインインで、本人が変更します。")
            if given.second_factor:
                removed = keys.remove_second_factor(operator, None)
                print(
                    "認証アプリやパスキーの登録を消しました。"
                    if removed
                    else "認証アプリやパスキーの登録はありません。"
                )


def run_list(given: argparse.Namespace) -> None:
    """List the operators: login, name, role, unit and state, separated by tabs."""
    with starting.migrated("app"), _acting(given.organization):
        from django.utils import timezone

        from denrei.accounts import locking
        from denrei.accounts.models import Operator

        everybody = list(Operator.objects.select_related("unit").order_by("login"))
        locks = locking.locked_among(everybody)
        for one in everybody:
            end = locks.get(one.pk)
            state = "使用中" if one.is_active else "使用停止中"
            if end:
                state = f"{timezone.localtime(end):%H:%M}までロック中"
            unit = one.unit.name if one.unit else "団体全体"
            print(one.login, one.name, one.get_role_display(), unit, state, sep="\t")


@contextmanager
def _acting(slug: str) -> Iterator[Organization]:
    from zoneinfo import ZoneInfo

    from django.utils import timezone

    from denrei.accounts import tenancy

    organization = naming.organization(slug)
    with (
        tenancy.acting_for(organization.pk),
        timezone.override(ZoneInfo(organization.time_zone)),
    ):
        yield organization


@contextmanager
def _refusals() -> Iterator[None]:
    """Say in words what a rule forbids."""
    from denrei.accounts.refusal import RefusedError

    try:
        yield
    except RefusedError as error:
        raise CommandError(error.words) from error


def _operator(login: str) -> Operator:
    from denrei.accounts.models import Operator

    found = Operator.objects.filter(login=login).first()
    if found is None:
        raise CommandError(
            f"操作者 {login} がいません。denrei operator list で利用者IDを確認してください。"
        )
    return found


def _unit(code: str) -> Unit | None:
    from denrei.accounts.models import Unit

    if not code:
        return None
    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise CommandError(f"所属 {code} がありません。所属のコードを確認してください。")
    return found


def _line(given: str, name: str) -> str:
    cleaned = text.clean(given).text
    if not cleaned:
        raise CommandError(f"{name} を指定してください。")
    return cleaned


def _email(given: str) -> str:
    try:
        return email_address.parse(given).address if given else ""
    except email_address.InvalidAddressError as error:
        raise CommandError(f"--email：{error}") from error


def _password(given: argparse.Namespace, operator: Operator) -> str:
    """Return the password from the terminal or the standard input. CommandError: it is weak."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    password = sys.stdin.readline().rstrip("\r\n") if given.password_stdin else _asked()
    try:
        validate_password(password, operator)
    except ValidationError as error:
        raise CommandError(f"このパスワードは使えません。{''.join(error.messages)}") from error
    return password


def _asked() -> str:
    if not sys.stdin.isatty():
        raise CommandError(
            "パスワードをたずねる端末がありません。--password-stdin を付けて、標準入力から渡してください。"
        )
    password = getpass.getpass("パスワード（10文字以上）: ")
    if getpass.getpass("もう一度: ") != password:
        raise CommandError("2回の入力が一致しません。もう一度実行してください。")
    return password
