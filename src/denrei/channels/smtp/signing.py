"""Texts signed in threads, before a connection asks for them: the loop goes on, and every core helps."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from denrei.channels import SendError
from denrei.channels.smtp.item import Item
from denrei.channels.smtp.message import Composer
from denrei.channels.smtp.wire import Cause
from denrei.domain.states import Phase

#: More would only wait for each other: hashing and joining hold Python's lock.
_MOST_THREADS = 8


class Signing:
    """The messages whose text is being signed."""

    def __init__(self, composer: Composer, ready: Callable[[Item], None]) -> None:
        """`ready` is given each message when its text is there."""
        self._composer = composer
        self._ready = ready
        self._loop = asyncio.get_running_loop()
        self._items: set[Item] = set()
        self._threads = ThreadPoolExecutor(
            min(os.cpu_count() or 1, _MOST_THREADS), thread_name_prefix="dkim"
        )

    def begin(self, item: Item) -> None:
        """Sign a message; one that can't be composed fails at once."""
        try:
            write = self._composer.writing(item.outgoing)
        except SendError as refusal:
            item.fail(refusal)
            return
        self._items.add(item)
        signed = self._loop.run_in_executor(self._threads, write)
        signed.add_done_callback(partial(self._signed, item))

    def close(self, cause: Cause) -> None:
        """Fail what is not signed yet; waits for the signatures under way, a millisecond or so."""
        for item in self._items:
            item.cut(cause, Phase.UNSENT)
        self._items.clear()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _signed(self, item: Item, signed: asyncio.Future[bytes]) -> None:
        if signed.cancelled() or item not in self._items:
            return
        self._items.discard(item)
        item.signed = signed.result()
        self._ready(item)
