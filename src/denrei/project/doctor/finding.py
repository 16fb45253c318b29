"""What the doctor says: one finding, and the three ways to make one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How bad it is."""

    #: As it should be.
    OK = "ok"
    #: Works, but something is missing, or it could not be examined.
    WARNING = "warning"
    #: Does not work, or loses something: the command's exit code is 1.
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was examined, in Japanese; never a secret, never a person's data."""

    #: What was examined, a few words.
    title: str
    state: State
    #: What was found.
    words: str
    #: How to mend it; "" where there is nothing to mend.
    remedy: str = ""


def ok(title: str, words: str, remedy: str = "") -> Finding:
    """Return that it is as it should be; `remedy` may say what to think of later."""
    return Finding(title=title, state=State.OK, words=words, remedy=remedy)


def warning(title: str, words: str, remedy: str) -> Finding:
    """Return that something deserves a look."""
    return Finding(title=title, state=State.WARNING, words=words, remedy=remedy)


def fault(title: str, words: str, remedy: str) -> Finding:
    """Return that something must be mended."""
    return Finding(title=title, state=State.FAULT, words=words, remedy=remedy)
