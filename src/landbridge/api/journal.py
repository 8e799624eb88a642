"""The folder of one job: its question, what happened to it line by line, its result.

Every process of a server reads it; one at a time writes it: who took the job in, then the process
that does it, then the first again once that has ended. A line that is not whole is not read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from landbridge.api.schemas import Job

locking: ModuleType | None
try:
    import fcntl as locking
except ImportError:  # no such locks on Windows: there a server has one process
    locking = None

TAIL_BYTES = 8192
"""More than the longest line."""


class Journal:
    """What happened to one job, in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "events.jsonl"

    @property
    def result(self) -> Path:
        """Where the result is, once done."""
        return self.folder / "result"

    def asked(self) -> dict[str, Any]:
        """Return what the job was given."""
        content: dict[str, Any] = json.loads((self.folder / "question.json").read_text("utf-8"))
        return content

    def ask(self, content: dict[str, Any]) -> None:
        """Keep what the job is given."""
        (self.folder / "question.json").write_text(json.dumps(content), encoding="utf-8")

    def write(self, job: Job) -> None:
        """Append where the job stands."""
        with self._path.open("ab", buffering=0) as file:
            file.write(job.model_dump_json().encode() + b"\n")

    def last(self) -> Job | None:
        """Return where the job stands, None if it is gone."""
        try:
            with self._path.open("rb") as file:
                file.seek(max(os.fstat(file.fileno()).st_size - TAIL_BYTES, 0))
                lines = file.read().split(b"\n")[:-1]
        except OSError:
            return None
        return Job.model_validate_json(lines[-1]) if lines else None

    def since(self, offset: int) -> tuple[list[str], int]:
        """Return the whole lines from an offset on, and the offset after them.

        Raises
        ------
        OSError
            If the job is gone.
        """
        with self._path.open("rb") as file:
            file.seek(offset)
            whole = file.read().rpartition(b"\n")[0]
        if not whole:
            return [], offset
        return whole.decode().split("\n"), offset + len(whole) + 1

    def cancel(self) -> None:
        """Ask for the job to be stopped, whichever process does it."""
        (self.folder / "cancel").touch()

    def remove(self) -> None:
        """Answer for it no more; those who follow it are still told how it ended."""
        (self.folder / "removed").touch()

    @property
    def is_removed(self) -> bool:
        """Whether nobody may ask for it any more."""
        return (self.folder / "removed").exists()

    @property
    def is_cancelled(self) -> bool:
        """Whether it was asked to be stopped."""
        return (self.folder / "cancel").exists()


def try_lock(path: Path) -> IO[bytes] | None:
    """Return the file, locked until it is closed or its process ends; None if another has it."""
    file = path.open("ab")
    if locking is not None:
        try:
            locking.flock(file, locking.LOCK_EX | locking.LOCK_NB)
        except OSError:
            file.close()
            return None
    return file


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that other processes hold for a moment only."""
    with path.open("ab") as file:
        if locking is not None:
            locking.flock(file, locking.LOCK_EX)
        yield
