"""A cable of a given length: frames that go in at one end come out at the other so much later.

`python -m tools.cable NEAR_NS NEAR_DEVICE FAR_NS FAR_DEVICE SECONDS` makes a TAP device in each namespace,
prints `{"ready": true}` and carries until SIGTERM; SECONDS is the time one way. It is there where the
kernel has no `sch_netem`. Nothing is lost, and the order stays.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import struct
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from tools import inside

#: linux/if_tun.h
_TUNSETIFF, _IFF_TAP, _IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
#: A frame at most, and how many are taken from one end before the other has its turn.
_FRAME, _BURST = 65_600, 64


def _device(namespace: str, name: str) -> int:
    """Make a TAP device in a namespace; the descriptor works from everywhere."""
    with ThreadPoolExecutor(1, initializer=inside.enter, initargs=(namespace,)) as there:
        return there.submit(_tap, name).result()


def _tap(name: str) -> int:
    handle = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    asked = struct.pack("16sH22x", name.encode(), _IFF_TAP | _IFF_NO_PI)
    fcntl.ioctl(handle, _TUNSETIFF, asked)
    return handle


def carry(near: int, far: int, seconds: float) -> None:
    """Carry frames both ways for ever."""
    other = {near: far, far: near}
    under_way: dict[int, deque[tuple[float, bytes]]] = {near: deque(), far: deque()}
    while True:
        first = min((line[0][0] for line in under_way.values() if line), default=None)
        wait = None if first is None else max(0.0, first - time.monotonic())
        for end in select.select([near, far], [], [], wait)[0]:
            _take(end, under_way[other[end]], seconds)
        now = time.monotonic()
        for end, line in under_way.items():
            while line and line[0][0] <= now:
                _give(end, line.popleft()[1])


def _take(end: int, line: deque[tuple[float, bytes]], seconds: float) -> None:
    for _ in range(_BURST):
        try:
            line.append((time.monotonic() + seconds, os.read(end, _FRAME)))
        except BlockingIOError:
            return


def _give(end: int, frame: bytes) -> None:
    try:
        os.write(end, frame)
    except OSError:  # that end is down: a frame is lost, as on any cable
        return


def main() -> None:
    """Make both ends and carry."""
    near_ns, near, far_ns, far, seconds = sys.argv[1:6]
    ends = _device(near_ns, near), _device(far_ns, far)
    sys.stdout.write(json.dumps({"ready": True}) + "\n")
    sys.stdout.flush()
    carry(*ends, float(seconds))


if __name__ == "__main__":
    main()
