"""How the demo ends by a signal: by an exception that leaves every context, so that all is ended.

The actors have sessions of their own; what ends us must never leave them behind.
"""

from __future__ import annotations

import signal
from types import FrameType

from denrei.project import embedded


class Interrupted(KeyboardInterrupt):
    """Ctrl-C.

    Not the bare KeyboardInterrupt: where that comes amid an import, CPython notes it as unhandled
    and dies by SIGINT at its exit, although it was caught (pythonrun.c, run_eval_code_obj).
    """


def unwind_on_signals() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into exceptions; what is ignored stays so."""
    embedded.unwind_on_sigterm()
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise Interrupted
