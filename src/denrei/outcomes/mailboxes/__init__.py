"""Mailboxes at providers, asked for what came: by IMAP (RFC 3501) and by POP3 (RFC 1939).

A mail is deleted, moved or marked there only after it was stored here. A session is synchronous and
bounded in time; it runs in a thread of its own.

Errors: `MailboxError` is the only one that a session raises; `step` says how far it came.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from denrei.channels import Secret
from denrei.outcomes.models import After, Mailbox, Security

#: Seconds that a server may take for one answer.
SECONDS = 30.0


class Step(StrEnum):
    """How far a session came; the value is what people read."""

    CONNECT = "接続"
    SIGN_IN = "サインイン"
    FOLDER = "フォルダーを開く"
    LIST = "一覧の取得"
    FETCH = "メールの取得"
    SETTLE = "取得したメールの片付け"


class MailboxError(Exception):
    """A mailbox can't be asked; `str()` is a sentence for operators."""

    def __init__(self, step: Step, why: object) -> None:
        #: The words of the server or of the system.
        self.why = " ".join(str(why).split())[:300]
        super().__init__(f"{step}に失敗しました：{self.why}")
        self.step = step


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a mailbox is, and what becomes of mails there."""

    host: str
    port: int
    security: str
    ca_file: str
    username: str
    password: Secret
    folder: str
    after: str
    move_to: str
    #: IMAP: up to where all is stored.
    seen_to: str

    @classmethod
    def of(cls, mailbox: Mailbox, password: str) -> Account:
        """Read a row; the password comes unsealed."""
        return cls(
            host=mailbox.host,
            port=mailbox.port,
            security=mailbox.security,
            ca_file=mailbox.ca_file,
            username=mailbox.username,
            password=Secret(password),
            folder=mailbox.folder,
            after=mailbox.after,
            move_to=mailbox.move_to,
            seen_to=mailbox.seen_to,
        )

    @property
    def keeps(self) -> bool:
        """Whether mails stay where they are, so that it must be remembered which are stored."""
        return self.after in (After.KEEP, After.MARK)

    def context(self) -> ssl.SSLContext | None:
        """Return how TLS is spoken; None: it is not."""
        if self.security == Security.NONE:
            return None
        return ssl.create_default_context(cafile=self.ca_file or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """A mail that lies in a mailbox."""

    #: UID or UIDL; names it for ever in this mailbox.
    name: str
    #: Octets as the server tells.
    size: int


class Session(Protocol):
    """A mailbox that was opened."""

    def lying(self) -> Sequence[Lying]:
        """Tell what is there, the oldest first; IMAP leaves out what `seen_to` covers."""

    def fetch(self, mail: Lying, most: int) -> bytes:
        """Return a mail, or so many octets of its beginning."""

    def settle(self, names: Sequence[str]) -> None:
        """Do with stored mails what is to become of them (`After`)."""

    def seen_to(self, names: Sequence[str]) -> str:
        """Return what `Account.seen_to` is when these are stored; "" where that says nothing."""


#: Opens a mailbox; what leaves the context without an error keeps what was settled.
Opens = Callable[[Account], AbstractContextManager[Session]]
