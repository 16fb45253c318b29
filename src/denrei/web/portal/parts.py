"""The parts of an answer page as its templates read them."""

from __future__ import annotations

from dataclasses import dataclass

from denrei.responses.models import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    chosen: bool = False
    needs_help: bool = False
    #: What is said of it beside its label, "" for nothing.
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer that was given."""

    answer: str
    at: str
    by: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The question to one person."""

    person: int
    name: str
    choices: tuple[Option, ...]
    sources: tuple[Option, ...]
    comment: str
    #: Whether what is folded away by default must be seen.
    unfolded: bool
    before: Shown | None
    complaints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """What a person reads after an answer."""

    title: str
    person: int
    name: str
    shown: Shown
    needs_help: bool
    #: What becomes of messages still to come.
    stopped: str
    #: Who goes on answering when the next tap changes the answer.
    source: Source
    #: People at the same address who have not answered: (id, words of the link).
    others: tuple[tuple[int, str], ...]
    #: Answers that call for help, to change to by one tap.
    worse: tuple[Option, ...]
