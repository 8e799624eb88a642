"""One thread that answers, a queue of bounded length before it, and answers kept.

Answers hold the interpreter's lock, so more threads in a process would only take turns; a server
of two cores runs two processes. Whoever comes when the queue is full is sent away at once. Answers
are kept packed: a sixth of their size, and most callers take them so.
"""

from __future__ import annotations

import asyncio
import gzip
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from landbridge.api.kept import Kept
from landbridge.api.problems import TooBusyError, TooLongError
from landbridge.api.settings import Settings

PACKED_LEVEL = 4
REMEMBERED = 9
"""The last so many answers tell how long the next will take."""
Answer = TypeVar("Answer")


def packed(body: bytes) -> bytes:
    """Return a body as gzip, the same bytes whenever it is packed."""
    return gzip.compress(body, PACKED_LEVEL, mtime=0)


def sent(body: bytes, request: Request, media_type: str) -> Response:
    """Return a packed answer as its caller takes it."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers = {"content-encoding": "gzip", "vary": "Accept-Encoding"}
        return Response(body, media_type=media_type, headers=headers)
    return Response(gzip.decompress(body), media_type=media_type)  # GZipMiddleware says `vary`


class Worker:
    """Answers questions one after the other."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answer")
        self._waiting = 0
        self._took_s: deque[float] = deque(maxlen=REMEMBERED)
        self._lock = threading.Lock()
        self.kept = Kept(settings.most_kept)

    @property
    def waiting(self) -> int:
        """How many questions are waiting or being answered."""
        return self._waiting

    def begin(self, work: Callable[[], object]) -> None:
        """Do something before the first question, for which nobody waits."""
        self._pool.submit(work)

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """Return what `work` returns, after those that came before it.

        Raises
        ------
        TooBusyError
            If as many are waiting as may wait, or they will take longer than one should wait.
        TooLongError
            If it takes longer than a caller may wait; unstarted work is then dropped.
        """
        with self._lock:
            wait_s = self._waiting * (statistics.median(self._took_s) if self._took_s else 0.0)
            if self._waiting >= self._settings.most_waiting or wait_s > self._settings.most_wait_s:
                raise TooBusyError(f"{self._waiting} questions are waiting")
            self._waiting += 1
        future: Future[Answer] = self._pool.submit(self._timed, work)
        future.add_done_callback(self._one_less)
        try:
            return await asyncio.wait_for(
                asyncio.wrap_future(future), timeout=self._settings.longest_s
            )
        except TimeoutError:
            future.cancel()
            raise TooLongError(f"no answer within {self._settings.longest_s:g} s") from None

    async def answered(self, key: str, work: Callable[[], bytes]) -> bytes:
        """Return the answer kept under a key, packed; else work it out and keep it."""

        def worked_out() -> bytes:
            kept = self.kept.get(key)  # by now the same may have been asked and answered
            if kept is None:
                kept = packed(work())
                self.kept.put(key, kept)
            return kept

        kept = self.kept.get(key)
        return await self.run(worked_out) if kept is None else kept

    def close(self) -> None:
        """Finish what is running, drop what is waiting."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _timed(self, work: Callable[[], Answer]) -> Answer:
        began_s = time.monotonic()
        try:
            return work()
        finally:
            self._took_s.append(time.monotonic() - began_s)

    def _one_less(self, _: object) -> None:
        with self._lock:
            self._waiting -= 1
