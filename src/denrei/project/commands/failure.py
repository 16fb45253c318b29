"""How a command fails: with one sentence for the operator."""

from __future__ import annotations


class CommandError(Exception):
    """A command could not do its work; the message says why and what to do, in Japanese."""
