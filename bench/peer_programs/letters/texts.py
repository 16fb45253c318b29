"""The text of the peers' mails: as long as denrei's."""

from __future__ import annotations

SUBJECT = "【重要】地震発生：安否を回答してください"
_BODY = "市内全域で震度5弱以上を観測しました。身の安全を最優先に行動してください。\n" * 8
SENDER = "bousai@example.jp"


def body(url: str) -> str:
    """Return one person's text."""
    return f"{_BODY}\n{url}\n"


def people(count: int) -> list[tuple[str, str]]:
    """Return addresses and URLs."""
    return [(f"u{n}@example.jp", f"https://anpi.example.jp/a/{n:032x}") for n in range(count)]
