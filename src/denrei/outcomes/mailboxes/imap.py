"""A mailbox by IMAP4rev1 (RFC 3501), with UIDPLUS (RFC 4315) and MOVE (RFC 6851) where they are."""

from __future__ import annotations

import base64
import imaplib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, cast

from denrei.outcomes.mailboxes import SECONDS, Account, Lying, MailboxError, Step
from denrei.outcomes.models import After, Security

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_FAILURES = (imaplib.IMAP4.error, OSError, EOFError)
#: Mails whose sizes are asked for at once.
_TOGETHER = 500


@contextmanager
def session(account: Account) -> Iterator[Imap]:
    """Open a mailbox. MailboxError."""
    connection = _tried(Step.CONNECT, lambda: _connect(account))
    try:
        _tried(Step.SIGN_IN, lambda: connection.login(account.username, account.password.reveal()))
        yield Imap(connection, account)
    finally:
        with suppress(*_FAILURES):
            connection.logout()


class Imap:
    """A folder that is open."""

    def __init__(self, connection: imaplib.IMAP4, account: Account) -> None:
        self._connection = connection
        self._account = account
        is_looked_at = account.after == After.KEEP
        self._ask(
            Step.FOLDER, lambda: connection.select(_name(account.folder), readonly=is_looked_at)
        )
        validity = connection.response("UIDVALIDITY")[1]
        self._validity = (validity[0] or b"0").decode("ascii", "replace") if validity else "0"

    def lying(self) -> list[Lying]:
        """Tell what is there; of mails that stay, those that are not stored yet."""
        validity, _, last = self._account.seen_to.partition(".")
        is_known = self._account.keeps and validity == self._validity and last.isdecimal()
        least = int(last) + 1 if is_known else 1
        # "n:*" holds the last mail, however small its UID is (RFC 3501, 6.4.8)
        found = self._uid(Step.LIST, "SEARCH", f"UID {least}:*")
        uids = sorted(uid for uid in map(int, (found[0] or b"").split()) if uid >= least)
        return [
            mail
            for start in range(0, len(uids), _TOGETHER)
            for mail in self._sizes(uids[start : start + _TOGETHER])
        ]

    def fetch(self, mail: Lying, most: int) -> bytes:
        """Return the beginning of a mail; it stays unread."""
        told = self._uid(Step.FETCH, "FETCH", mail.name, f"(UID BODY.PEEK[]<0.{most}>)")
        raw = next((part[1] for part in told if isinstance(part, tuple)), None)
        if not isinstance(raw, bytes):
            raise MailboxError(Step.FETCH, f"UID {mail.name}")
        return raw

    def settle(self, names: Sequence[str]) -> None:
        """Mark, move or delete stored mails."""
        uids, after = ",".join(names), self._account.after
        if not names or after == After.KEEP:
            return
        if after == After.MARK:
            self._uid(Step.SETTLE, "STORE", uids, "+FLAGS.SILENT", r"(\Seen)")
            return
        if after == After.MOVE:
            folder = _name(self._account.move_to)
            if self._can("MOVE"):
                self._uid(Step.SETTLE, "MOVE", uids, folder)
                return
            self._uid(Step.SETTLE, "COPY", uids, folder)
        self._uid(Step.SETTLE, "STORE", uids, "+FLAGS.SILENT", r"(\Deleted)")
        if self._can("UIDPLUS"):
            self._uid(Step.SETTLE, "EXPUNGE", uids)
        else:
            self._ask(Step.SETTLE, self._connection.expunge)

    def seen_to(self, names: Sequence[str]) -> str:
        """Return the UID up to which all is stored, in this incarnation of the folder."""
        return f"{self._validity}.{max(map(int, names))}" if names else ""

    def _sizes(self, uids: Sequence[int]) -> Iterator[Lying]:
        told = self._uid(Step.LIST, "FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        for line in told:
            words = line[0] if isinstance(line, tuple) else line
            uid, size = _UID.search(words or b""), _SIZE.search(words or b"")
            if uid and size:
                yield Lying(name=uid[1].decode(), size=int(size[1]))

    def _can(self, capability: str) -> bool:
        return capability in self._connection.capabilities

    def _uid(self, step: Step, command: str, *words: str) -> list[Any]:
        return self._ask(step, lambda: self._connection.uid(command, *words))

    def _ask(self, step: Step, ask: Callable[[], tuple[str, list[Any]]]) -> list[Any]:
        verdict, told = cast("tuple[str, list[Any]]", _tried(step, ask))
        if verdict != "OK":
            words = told[0] if told else verdict
            raise MailboxError(
                step, words.decode("utf-8", "replace") if isinstance(words, bytes) else words
            )
        return told


def _connect(account: Account) -> imaplib.IMAP4:
    context = account.context()
    if account.security == Security.TLS:
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=context, timeout=SECONDS)
    connection = imaplib.IMAP4(account.host, account.port, timeout=SECONDS)
    if context is not None:
        try:
            connection.starttls(context)
        except _FAILURES:
            connection.shutdown()
            raise
    return connection


def _tried(step: Step, ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except _FAILURES as error:
        raise MailboxError(step, error) from error


def _name(folder: str) -> str:
    """Return a folder's name in quotes, its characters in modified UTF-7 (RFC 3501, 5.1.3)."""
    parts = re.findall(r"[ -~]+|[^ -~]+", folder)
    written = "".join(
        part.replace("&", "&-") if part.isascii() and part.isprintable() else f"&{_base64(part)}-"
        for part in parts
    )
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _base64(part: str) -> str:
    encoded = base64.b64encode(part.encode("utf-16-be")).decode("ascii")
    return encoded.rstrip("=").replace("/", ",")
