"""How a command fails: with one sentence for the operator."""

from __future__ import annotations


class CommandError(Exception):
    """A command could not do its work; the message says why and what to do, in Japanese."""


def stems_from(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Tell whether an error, or one of those behind it, is of a kind."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error is not None
