"""One thread that answers, a queue of bounded length before it, and answers kept.

Answers hold the interpreter's lock, so more threads in a process would only take turns; a server
of two cores runs two processes. Whoever comes when the queue is full is sent away at once.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from landbridge.api.problems import TooBusyError, TooLongError
from landbridge.api.settings import Settings

Answer = TypeVar("Answer")


class Worker:
    """Answers questions one after the other."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answer")
        self._waiting = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many questions are waiting or being answered."""
        return self._waiting

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """Return what `work` returns, after those that came before it.

        Raises
        ------
        TooBusyError
            If as many are waiting as may wait.
        TooLongError
            If it takes longer than a caller may wait; unstarted work is then dropped.
        """
        with self._lock:
            if self._waiting >= self._settings.most_waiting:
                raise TooBusyError(f"{self._waiting} questions are waiting")
            self._waiting += 1
        future: Future[Answer] = self._pool.submit(work)
        future.add_done_callback(self._one_less)
        try:
            return await asyncio.wait_for(
                asyncio.wrap_future(future), timeout=self._settings.longest_s
            )
        except TimeoutError:
            future.cancel()
            raise TooLongError(f"no answer within {self._settings.longest_s:g} s") from None

    async def answered(self, key: str, work: Callable[[], bytes]) -> bytes:
        """Return the answer kept under a key, else work it out and keep it."""
        name = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None:
                self._kept.move_to_end(name)
                return kept
        answer = await self.run(work)
        with self._lock:
            self._kept[name] = answer
            while len(self._kept) > self._settings.most_kept:
                self._kept.popitem(last=False)
        return answer

    def close(self) -> None:
        """Finish what is running, drop what is waiting."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _one_less(self, _: object) -> None:
        with self._lock:
            self._waiting -= 1
