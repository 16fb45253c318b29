"""Turns: one number of a person after the other, in rounds (EMC-4)."""

from __future__ import annotations

from collections.abc import Sequence

from denrei.deliveries.connection import Call


def passed_on(ids: Sequence[int], chunk: int | None = None) -> list[Call]:
    """Return what gives the people of these deliveries, or of a chunk, their next turn.

    To be run in the transaction that ended or freed them; nothing where numbers have no turns.
    """
    people = {"ids": list(ids), "chunk": chunk}
    return [("turn_lock", people), ("next_turn", people)]
