"""Answers kept for the next caller with the same question, whichever process is asked."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from pathlib import Path


class Kept:
    """Packed answers by key, the oldest out first: in memory, and in a folder for the others.

    Parameters
    ----------
    most
        So many are held in memory, and so many files in the folder are of this process.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._folder: Path | None = None
        self._lock = threading.Lock()
        self._here: OrderedDict[str, bytes] = OrderedDict()
        self._written: OrderedDict[str, None] = OrderedDict()

    def share(self, folder: Path) -> None:
        """Share them with the other processes of a server in a folder."""
        folder.mkdir(exist_ok=True)
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """Return what is kept under a key, None if there is nothing."""
        name = _name(key)
        with self._lock:
            if name in self._here:
                self._here.move_to_end(name)
                return self._here[name]
        if self._folder is None:
            return None
        try:
            body = (self._folder / name).read_bytes()
        except OSError:
            return None
        self._hold(name, body)
        return body

    def put(self, key: str, body: bytes) -> None:
        """Keep an answer."""
        name = _name(key)
        self._hold(name, body)
        if self._folder is None:
            return
        aside = self._folder / f"{name}.{os.getpid()}"
        try:
            aside.write_bytes(body)
            aside.rename(self._folder / name)
        except OSError:  # the disk is full: it is kept in memory
            return
        with self._lock:
            self._written[name] = None
            self._written.move_to_end(name)
            old = [self._written.popitem(last=False)[0] for _ in range(self._too_many)]
        for name_of_old in old:
            (self._folder / name_of_old).unlink(missing_ok=True)

    @property
    def _too_many(self) -> int:
        return max(len(self._written) - self._most, 0)

    def _hold(self, name: str, body: bytes) -> None:
        with self._lock:
            self._here[name] = body
            self._here.move_to_end(name)
            while len(self._here) > self._most:
                self._here.popitem(last=False)


def _name(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
