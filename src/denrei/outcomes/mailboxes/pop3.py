"""A mailbox by POP3 (RFC 1939) with UIDL and TOP; deletions count when it is left in order."""

from __future__ import annotations

import poplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from denrei.outcomes.mailboxes import SECONDS, Account, Lying, MailboxError, Step
from denrei.outcomes.models import After, Security

_FAILURES = (poplib.error_proto, OSError, EOFError)
#: poplib gives a mailbox up at a line of more than 2,048 octets; mails that come back have them.
poplib._MAXLINE = 1 << 20  # type: ignore[attr-defined]  # no other way is offered
#: Octets of a line, at the least, by which TOP's lines are counted.
_LINE = 40


@contextmanager
def session(account: Account) -> Iterator[Pop3]:
    """Open a mailbox. MailboxError; then nothing was deleted."""
    connection = _tried(Step.CONNECT, lambda: _connect(account))
    try:
        _tried(Step.SIGN_IN, lambda: connection.user(account.username))
        _tried(Step.SIGN_IN, lambda: connection.pass_(account.password.reveal()))
        yield Pop3(connection, account)
        _tried(Step.SETTLE, connection.quit)
    finally:
        with suppress(*_FAILURES):
            connection.close()


class Pop3:
    """A mailbox that is open."""

    def __init__(self, connection: poplib.POP3, account: Account) -> None:
        self._connection = connection
        self._account = account
        self._numbers: dict[str, int] = {}

    def lying(self) -> list[Lying]:
        """Tell everything that is there; which of it is stored, is asked elsewhere."""
        named = _tried(Step.LIST, self._connection.uidl)[1]
        listed = _tried(Step.LIST, self._connection.list)[1]
        sizes = dict(map(_pair, listed))
        found = {uidl: int(number) for number, uidl in map(_pair, named)}
        self._numbers = found
        return [
            Lying(name=uidl, size=int(sizes.get(str(number), 0)))
            for uidl, number in sorted(found.items(), key=lambda one: one[1])
        ]

    def fetch(self, mail: Lying, most: int) -> bytes:
        """Return a mail; of a long one the head and its first lines."""
        number = self._numbers[mail.name]
        if mail.size <= 4 * most:
            _, lines, _ = _tried(Step.FETCH, lambda: self._connection.retr(number))
        else:
            _, lines, _ = _tried(Step.FETCH, lambda: self._connection.top(number, most // _LINE))
        return b"\r\n".join([*lines, b""])[:most]

    def settle(self, names: Sequence[str]) -> None:
        """Delete stored mails, or leave them."""
        if self._account.after == After.DELETE:
            for name in names:
                self._delete(self._numbers[name])

    def _delete(self, number: int) -> None:
        _tried(Step.SETTLE, lambda: self._connection.dele(number))

    def seen_to(self, names: Sequence[str]) -> str:
        """Return "": UIDLs have no order."""
        del names
        return ""


def _connect(account: Account) -> poplib.POP3:
    context = account.context()
    if account.security == Security.TLS:
        return poplib.POP3_SSL(account.host, account.port, timeout=SECONDS, context=context)
    connection = poplib.POP3(account.host, account.port, timeout=SECONDS)
    if context is not None:
        try:
            connection.stls(context)
        except _FAILURES:
            connection.close()
            raise
    return connection


def _tried(step: Step, ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except _FAILURES as error:
        raise MailboxError(step, _words(error)) from error


def _words(error: BaseException) -> str:
    """Return what the server said: poplib tells it as bytes."""
    told = error.args[0] if error.args else error
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(error)


def _pair(line: bytes) -> tuple[str, str]:
    first, _, second = line.decode("ascii", "replace").partition(" ")
    return first, second.strip()
