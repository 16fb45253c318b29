"""Run a module in a network namespace: `python -m tools.inside NAME MODULE …` becomes `python -m MODULE …`.

`enter` moves the calling thread alone (setns(2)), so that a test can look out of another host's window.
"""

from __future__ import annotations

import ctypes
import os
import sys

#: linux/sched.h
_CLONE_NEWNET = 0x40000000


def enter(name: str) -> None:
    """Move this thread into a namespace that `ip netns` made. OSError: it isn't there, or not allowed."""
    handle = os.open(f"/run/netns/{name}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(handle, _CLONE_NEWNET):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
    finally:
        os.close(handle)


if __name__ == "__main__":
    enter(sys.argv[1])
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[2:]])
