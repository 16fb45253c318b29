"""The roles of the database and the wall between organizations that depends on them (ADR 0005)."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import errors

from denrei.project.database_url import ROLES
from denrei.project.doctor.asking import Connection, acting, rows, value
from denrei.project.doctor.finding import Finding, fault, ok

_NAMES = tuple(ROLES.values())
#: Tables that hold what belongs to an organization, shown only to it.
_BARE = """
SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
   AND (a.attname = 'organization_id' OR c.relname = 'organization')
   AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid))
 ORDER BY 1
"""
_OWNED = """
SELECT min(c.relname) FROM pg_class c
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
   AND pg_has_role(%s, c.relowner, 'MEMBER')
"""


def examine(connection: Connection) -> Iterator[Finding]:
    """Yield whether both roles are there, ours to take, and without rights of their own."""
    for role in _NAMES:
        yield of_role(connection, role)


def of_role(connection: Connection, role: str) -> Finding:
    """Return the first thing to mend about a role, or that all is well."""
    return next(_troubles(connection, role), ok(_title(role), "正しく設定されています。"))


def may_become(connection: Connection, role: str) -> bool:
    """Tell whether the role is there and the login may act as it."""
    try:
        with acting(connection, role):
            return True
    except (errors.InsufficientPrivilege, errors.InvalidParameterValue):
        return False


def may_become_all(connection: Connection) -> bool:
    """Tell whether the login may act as both roles."""
    return all(may_become(connection, role) for role in _NAMES)


def _title(role: str) -> str:
    return f"役割 {role}"


def _troubles(connection: Connection, role: str) -> Iterator[Finding]:
    if _absent(connection, role):
        yield fault(
            _title(role),
            "データベースにありません。",
            "denrei migrate を実行してください。所有者に役割を作る権限（CREATEROLE）がないときは、"
            f"先に管理者が CREATE ROLE {role} NOLOGIN; を実行します。",
        )
        return
    login = connection.info.user
    if not may_become(connection, role):
        yield fault(
            _title(role),
            f"利用者 {login} は、この役割になれません。",
            f'管理者が GRANT {role} TO "{login}"; を実行してください。',
        )
    yield from _too_mighty(connection, role)


def _absent(connection: Connection, role: str) -> bool:
    return not rows(connection, "SELECT FROM pg_roles WHERE rolname = %s", role)


def _too_mighty(connection: Connection, role: str) -> Iterator[Finding]:
    superuser, bypasses = rows(
        connection, "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", role
    )[0]
    if superuser or bypasses:
        yield fault(
            _title(role),
            "行レベルセキュリティを越える権限（SUPERUSER または BYPASSRLS）を持っています。"
            "ほかの団体の名簿が見えてしまいます。",
            f"管理者が ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS; を実行してください。",
        )
        return
    owned = value(connection, _OWNED, role)
    if owned:
        yield fault(
            _title(role),
            f"表（{owned} など）の所有者です。行レベルセキュリティを外せてしまいます。",
            f"管理者が REASSIGN OWNED BY {role} TO 所有者; を実行し、"
            f"所有者の役割を {role} に与えている場合は REVOKE で取り消してください。",
        )


def examine_wall(connection: Connection) -> Iterator[Finding]:
    """Yield whether rows are hidden from whoever names no organization."""
    title = "団体の間の壁"
    bare = [name for (name,) in rows(connection, _BARE)]
    if bare:
        yield fault(
            title,
            f"行レベルセキュリティのない表があります：{'、'.join(bare)}",
            "この表を作った変更を確かめ、denrei migrate を実行してください。直るまで送信しないでください。",
        )
    with acting(connection, ROLES["app"]):
        shown = value(
            connection,
            "SELECT EXISTS (SELECT FROM recipient) OR EXISTS (SELECT FROM contact)"
            " OR EXISTS (SELECT FROM organization)",
        )
    if shown:
        yield fault(
            title,
            "団体を指定しなくても、名簿の行が見えます。",
            "ALTER ROLE や ALTER DATABASE で denrei.organization を設定していないか、"
            "表の方針（pg_policies）が変えられていないかを確認してください。直るまで送信しないでください。",
        )
    if not (bare or shown):
        yield ok(title, "団体を指定しない接続には、1行も見えません。")
