"""What was made once and may be wanted again: a few values by key, the oldest goes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Up to `most` values by key; safe to use from several threads.

    A key names everything that its value was made from, so that nothing kept is ever stale.
    """

    __slots__ = ("_lock", "_most", "_values")

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[Key, Value] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        """Return what is kept under a key, None if nothing is."""
        return self._values.get(key)

    def put(self, key: Key, value: Value) -> Value:
        """Keep a value and return it; one that another thread kept first is returned instead."""
        with self._lock:
            known = self._values.setdefault(key, value)
            while len(self._values) > self._most:
                del self._values[next(iter(self._values))]
        return known

    def made(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return what is kept under a key, made first if nothing is."""
        found = self._values.get(key)
        return self.put(key, make()) if found is None else found
