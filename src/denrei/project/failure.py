"""How a command fails: with one sentence for the operator."""

from __future__ import annotations


class CommandError(Exception):
    """A command could not do its work; the message says why and what to do, in Japanese."""


def stems_from(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Tell whether an error, or one of those behind it, is of a kind."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error is not None


def why(error: OSError) -> str:
    """Return why a file can't be read, in Japanese where it is one of the usual reasons."""
    if isinstance(error, FileNotFoundError):
        return "ファイルがありません"
    if isinstance(error, IsADirectoryError):
        return "フォルダーです"
    if isinstance(error, PermissionError):
        return "ファイルを読む権限がありません"
    return error.strerror or str(error)
