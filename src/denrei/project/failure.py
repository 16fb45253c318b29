"""How a command fails: with one sentence for the operator."""

from __future__ import annotations

#: The system's word in what PostgreSQL says while it can't start, or take a connection.
FULL = "No space left on device"
#: PostgreSQL, appendix A: disk_full.
_DISK_FULL = "53100"
#: What to do about it.
MAKE_ROOM = "ディスクの空きを増やしてから、もう一度実行してください。"


class CommandError(Exception):
    """A command could not do its work; the message says why and what to do, in Japanese."""


def stems_from(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Tell whether an error, or one of those behind it, is of a kind."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error is not None


def is_full(error: BaseException | None) -> bool:
    """Tell whether an error of the database, or one behind it, comes of a full disk.

    A statement that is refused has PostgreSQL's code; a connection that is refused has words only.
    """
    behind = error
    while behind is not None and getattr(behind, "sqlstate", None) != _DISK_FULL:
        behind = behind.__cause__ or behind.__context__
    return behind is not None or FULL in str(error)


def why(error: OSError) -> str:
    """Return why a file can't be read, in Japanese where it is one of the usual reasons."""
    if isinstance(error, FileNotFoundError):
        return "ファイルがありません"
    if isinstance(error, IsADirectoryError):
        return "フォルダーです"
    if isinstance(error, PermissionError):
        return "ファイルを読む権限がありません"
    return error.strerror or str(error)
