"""How far one wave of a broadcast has come (OPS-7), as stored in `run.stage`."""

from __future__ import annotations

from enum import IntEnum


class Stage(IntEnum):
    """What the wave is doing."""

    #: 準備中: deliveries are still being written, slice by slice.
    PREPARING = 0
    #: 連絡中
    RUNNING = 1
    #: 連絡終了: nothing waits, nothing is in flight.
    FINISHED = 2
