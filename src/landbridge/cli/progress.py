"""Progress on stderr, only for work that lasts over a second."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

PATIENCE_S = 1.0
"""Work shorter than this says nothing."""


class Progress:
    """A callable that takes what is being done; prints it once the work has lasted a while."""

    def __init__(self) -> None:
        self._start_s = time.monotonic()
        self._text = ""
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        """Start the clock."""
        self._start_s = time.monotonic()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the clock; what has not been said is not said any more."""
        if self._timer is not None:
            self._timer.cancel()

    def __call__(self, text: str) -> None:
        """Say what is being done, now or once a second has passed."""
        waited_s = time.monotonic() - self._start_s
        with self._lock:
            self._text = text
        if waited_s >= PATIENCE_S:
            self._print()
        elif self._timer is None:
            self._timer = threading.Timer(PATIENCE_S - waited_s, self._print)
            self._timer.daemon = True
            self._timer.start()

    def _print(self) -> None:
        with self._lock:
            text, self._text = self._text, ""
        if text:
            with suppress(OSError, ValueError):
                sys.stderr.write(f"landbridge: {text} ...\n")
                sys.stderr.flush()
