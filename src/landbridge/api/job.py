"""The process that does one job: `python -m landbridge.api.job FOLDER`.

It waits for its turn, says how far it is, and ends with the process that started it: that one
holds the other end of its standard input.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from landbridge.api.journal import Journal, try_lock
from landbridge.api.problems import problem_of
from landbridge.api.schemas import Job
from landbridge.api.settings import Settings

TOLD_EVERY_S = 0.25
TURN_EVERY_S = 0.1
NICENESS = 10
"""Jobs give way to questions."""


class Told:
    """Writes down how far a job is, now and then."""

    def __init__(self, journal: Journal, job: Job) -> None:
        self._journal, self._job = journal, job
        self._told_s = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Say how many steps are done."""
        self._job = self._job.model_copy(update={"step": step, "done": done, "total": total})
        now_s = time.monotonic()
        if now_s - self._told_s >= TOLD_EVERY_S:
            self._told_s = now_s
            self._journal.write(self._job)

    def succeeded(self) -> None:
        """Say that the result is there."""
        done = {"state": "done", "done": self._job.total, "result": f"{self._job.path}/result"}
        self._journal.write(self._job.model_copy(update=done))

    def failed(self, error: Exception) -> None:
        """Say why there is no result."""
        failed = {"state": "failed", "problem": problem_of(error)}
        self._journal.write(self._job.model_copy(update=failed))


def main(folder: Path) -> None:
    """Do the job of a folder."""
    threading.Thread(target=_ends_with_starter, daemon=True).start()
    journal = Journal(folder)
    asked = journal.asked()
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    turn = None
    while turn is None:
        for number in range(asked["most_running"]):
            turn = turn or try_lock(folder.parent / f"turn-{number}")
        if turn is None:
            time.sleep(TURN_EVERY_S)
    job = journal.last()
    if job is None:
        return
    told = Told(journal, job.model_copy(update={"state": "running"}))
    told("", 0, 0)
    try:
        _write_aside(journal.result, _done(asked, told))
    except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for it
        told.failed(error)
    else:
        told.succeeded()
    turn.close()


def _done(asked: dict[str, str], told: Told) -> bytes:
    from landbridge.api.answers import Answers
    from landbridge.api.work import KINDS

    settings = Settings(dataset=Path(asked["dataset"]) if asked["dataset"] else None)
    kind = KINDS[asked["kind"]]
    question = kind.question.model_validate_json(asked["question"])
    return kind.work(Answers(settings), question, asked["form"], told)


def _write_aside(path: Path, body: bytes) -> None:
    aside = path.with_suffix(".part")
    aside.write_bytes(body)
    aside.rename(path)


def _ends_with_starter() -> None:
    with suppress(OSError):
        while os.read(0, 1024):  # not sys.stdin: the interpreter could not end while it is read
            pass
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
