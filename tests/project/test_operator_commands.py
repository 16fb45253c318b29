"""Operators from the command line: the first administrator, and the last one who is locked out."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt

from denrei.accounts import locking, organizations, sealing, tenancy, units
from denrei.accounts.models import AuditEntry, Operator, Organization, Role, Session
from tests.project.commands import Said, denrei

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("SMS-13")]
PASSWORD = "correct horse battery staple"


@pytest.fixture
def city(committed: None) -> Organization:
    """Return an organization with a unit."""
    made = organizations.create("city", "伝令市")
    units.add(made, "S1", "第一小学校")
    return made


@pytest.fixture
def boss(city: Organization) -> Operator:
    """Return its only administrator, locked out, signed in somewhere, with a second factor."""
    from allauth.mfa.models import Authenticator  # noqa: PLC0415  # needs the database

    with tenancy.acting_for(city.pk):
        made = Operator(organization=city, login="boss", name="髙﨑", role=Role.ADMIN)
        made.set_password(PASSWORD)
        made.save()
        AccessAttempt.objects.create(
            username=locking.name_of("city", "boss"),
            ip_address="203.0.113.9",
            failures_since_start=5,
        )
        Session.objects.create(
            session_key="k", expire_date="2999-01-01T00:00Z", organization=city, operator=made
        )
        Authenticator.objects.create(user=made, type="totp", data={"secret": sealing.seal("X")})
    return made


def add(*arguments: str, typed: str = f"{PASSWORD}\n") -> Said:
    given = ("operator", "add", "city", "admin", "--name", "防災 太郎", "--password-stdin")
    return denrei(*given, *arguments, typed=typed)


def test_the_first_administrator_is_added_and_told_to_name_a_second(city: Organization) -> None:
    said = add("--role", "admin", "--email", "TARO＠example.jp")

    assert (0, "操作者 admin（防災 太郎、管理者）を登録しました。") == (said.code, said.lines[0])
    assert "2人目の管理者を登録してください。" in said.lines[-1]
    with tenancy.acting_for(city.pk):
        made = Operator.objects.get()
        assert ("admin", "TARO@example.jp", True) == (
            made.role,
            made.email,
            made.check_password(PASSWORD),
        )
        assert ("operator.added", None) == AuditEntry.objects.values_list("action", "actor").get()


def test_an_operator_is_bounded_by_a_unit(city: Organization) -> None:
    add("--unit", "S1")

    with tenancy.acting_for(city.pk):
        assert "第一小学校" == Operator.objects.select_related("unit").get().unit.name


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        pytest.param([], "short\n", "このパスワードは使えません", id="weak password"),
        pytest.param([], "", "このパスワードは使えません", id="no password"),
        pytest.param(["--unit", "S9"], PASSWORD, "所属 S9 がありません", id="no such unit"),
        pytest.param(["--email", "taro"], PASSWORD, "--email：", id="no address"),
        pytest.param(["--name", " "], PASSWORD, "--name を指定してください", id="no name"),
    ],
)
def test_what_can_not_be_is_said(
    city: Organization, arguments: list[str], typed: str, words: str
) -> None:
    said = add(*arguments, typed=typed)

    assert (1, True) == (said.code, words in said.error), said.error


def test_a_login_is_given_once(city: Organization, boss: Operator) -> None:
    said = denrei(
        "operator", "add", "city", "BOSS", "--name", "x", "--password-stdin", typed=PASSWORD
    )

    assert (1, True) == (said.code, "ほかの操作者が使っています" in said.error)


def test_without_a_terminal_the_password_is_not_asked(city: Organization) -> None:
    said = denrei("operator", "add", "city", "x", "--name", "x")

    assert (1, True) == (said.code, "--password-stdin を付けて" in said.error)


def test_the_last_administrator_is_unlocked(city: Organization, boss: Operator) -> None:
    first = denrei("operator", "unlock", "city", "boss")
    second = denrei("operator", "unlock", "city", "boss")

    assert (0, ["操作者 boss（髙﨑）のロックを解除しました。"]) == (first.code, first.lines)
    assert (0, ["操作者 boss（髙﨑）はロックされていません。"]) == (second.code, second.lines)


def test_a_new_password_ends_sessions_and_locks_and_keeps_the_second_factor(
    city: Organization, boss: Operator
) -> None:
    said = denrei(
        "operator", "reset", "city", "boss", "--password-stdin", typed="新しい長い合言葉です\n"
    )

    assert 0 == said.code, said.error
    with tenancy.acting_for(city.pk):
        boss.refresh_from_db()
        assert (True, 0, None, 1) == (
            boss.check_password("新しい長い合言葉です"),
            Session.objects.count(),
            locking.locked_until(boss),
            boss.authenticator_set.count(),
        )


def test_a_lost_second_factor_is_taken_away(city: Organization, boss: Operator) -> None:
    given = ("operator", "reset", "city", "boss", "--second-factor", "--password-stdin")
    said = denrei(*given, typed=f"{PASSWORD} 2\n")

    assert (0, "認証アプリやパスキーの登録を消しました。") == (said.code, said.lines[-1])


def test_the_list_tells_who_is_locked(city: Organization, boss: Operator) -> None:
    said = denrei("operator", "list", "city")

    (line,) = said.lines
    assert ["boss", "髙﨑", "管理者", "団体全体"] == line.split("\t")[:4]
    assert line.endswith("までロック中")


@pytest.mark.parametrize("given", [["unlock", "city", "x"], ["list", "town"]])
def test_who_is_unknown_is_named(city: Organization, given: list[str]) -> None:
    said = denrei("operator", *given)

    assert (1, True) == (said.code, "がいません" in said.error or "がありません" in said.error)
