"""Long work, each in a process of its own; known to every process of one server by its folder."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from landbridge.api.journal import Journal, locked, locking, try_lock
from landbridge.api.problems import NotFoundError, Problem, TooBusyError
from landbridge.api.schemas import FINAL, Asked, Job, State
from landbridge.api.settings import Settings

LOOKED_AT_EVERY_S = 0.1
SWEPT_EVERY_S = 5.0
STILL_HERE_EVERY_S = 10.0
"""A stream without news says so, s."""
CANCELLED_WITHIN_S = 3.0
FORGOTTEN_AFTER_S = 5.0
STATUS_OF_FAILED, STATUS_OF_CANCELLED = 500, 410
FATES = {"failed": "failed", "cancelled": "was stopped"}
ID_BYTES = 16
ID_FORM = r"^[0-9a-f]{32}$"


@dataclass(slots=True, kw_only=True)
class _Own:
    """A job that this process started."""

    process: subprocess.Popen[bytes]
    holds: IO[bytes] | None
    began_s: float


class Jobs:
    """The jobs of a server. `ending` is set once the server is told to end."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self._own: dict[str, _Own] = {}
        self._streams = 0
        self.ending = threading.Event()

    def start(self, kind: str, form: str, question: Asked) -> Job:
        """Take in a job and start its process, which waits for its turn.

        Raises
        ------
        TooBusyError
            If as many wait or run as may.
        """
        with locked(self._folder / "lock"):
            unfinished = [job for job in self._all() if job.state not in FINAL]
            if len(unfinished) >= self._settings.most_jobs or self.ending.is_set():
                raise TooBusyError(f"{len(unfinished)} jobs are waiting or running")
            id_ = secrets.token_hex(ID_BYTES)
            journal = Journal(self._folder / id_)
            journal.folder.mkdir(mode=0o700)
            holds = try_lock(journal.folder / "alive")
            dataset = self._settings.dataset
            journal.ask(
                {
                    "kind": kind,
                    "form": form,
                    "question": question.model_dump_json(),
                    "dataset": "" if dataset is None else str(dataset),
                    "most_running": self._settings.most_running,
                }
            )
            job = Job(id=id_, kind=kind, state="waiting", events=f"/v1/jobs/{id_}/events")
            journal.write(job)
        environment = {**os.environ, "LANDBRIDGE_TOKEN": ""}
        process = subprocess.Popen(  # noqa: S603 - this program
            [sys.executable, "-P", "-m", "landbridge.api.job", str(journal.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        self._own[id_] = _Own(process=process, holds=holds, began_s=time.monotonic())
        return job

    def get(self, id_: str) -> Job:
        """Return where a job stands, whichever process of the server does it.

        Raises
        ------
        NotFoundError
            If there is none, or no longer.
        """
        journal = Journal(self._folder / id_)
        job = journal.last()
        if job is None or journal.is_removed:
            raise _no_job(id_)
        if job.state in FINAL or id_ in self._own:
            return job
        holds = None if locking is None else try_lock(journal.folder / "alive")
        if holds is None:
            return job
        with holds:  # the process that took it in is no more
            job = journal.last() or job
            if job.state not in FINAL:
                job = _stopped(job, "the process that did it has ended", "failed")
                journal.write(job)
        return job

    def form(self, id_: str) -> str:
        """Return the form in which a job was asked."""
        return str(Journal(self._folder / id_).asked()["form"])

    def result(self, id_: str) -> Path:
        """Return the file of a result."""
        return Journal(self._folder / id_).result

    async def cancel(self, id_: str) -> Job:
        """Stop a job and forget it; return it as it ended. Who follows it is told."""
        job = self.get(id_)
        journal = Journal(self._folder / id_)
        journal.cancel()
        last_s = time.monotonic() + CANCELLED_WITHIN_S
        while job.state not in FINAL and time.monotonic() < last_s:
            await asyncio.sleep(LOOKED_AT_EVERY_S / 2)
            job = self.get(id_)
        journal.remove()
        return job

    async def follow(self, id_: str, after: int) -> AsyncIterator[str]:
        """Yield what happens to a job as server-sent events, from the one after `after` on.

        Raises
        ------
        TooBusyError
            If as many callers follow jobs as may.
        """
        if self._streams >= self._settings.most_streams:
            raise TooBusyError(f"{self._streams} callers are following jobs")
        self._streams += 1
        journal, offset, number, said_s = Journal(self._folder / id_), 0, 0, time.monotonic()
        try:
            yield "retry: 1000\n\n"
            while True:
                lines, offset = journal.since(offset)
                for line in lines:
                    number += 1
                    if number > after:
                        said_s = time.monotonic()
                        state = Job.model_validate_json(line).state
                        yield f"id: {number}\nevent: {state}\ndata: {line}\n\n"
                last = journal.last()
                if last is None or (last.state in FINAL and not journal.since(offset)[0]):
                    return
                if time.monotonic() - said_s >= STILL_HERE_EVERY_S:
                    said_s = time.monotonic()
                    yield ": still here\n\n"
                await asyncio.sleep(LOOKED_AT_EVERY_S)
        except OSError:
            return  # it is gone
        finally:
            self._streams -= 1

    async def watch(self) -> None:
        """Look after this process's jobs until cancelled: their end, their time, old results."""
        swept_s = 0.0
        while True:
            with suppress(OSError):  # the disk may have room again in a moment
                self.look()
                if time.monotonic() - swept_s >= SWEPT_EVERY_S:
                    swept_s = time.monotonic()
                    self.sweep()
            await asyncio.sleep(LOOKED_AT_EVERY_S)

    def look(self) -> None:
        """Write down what became of own jobs; stop those that were cancelled or take too long."""
        for id_, own in list(self._own.items()):
            journal = Journal(self._folder / id_)
            job = journal.last()
            why = self._why_stop(journal, own)
            if own.process.poll() is None:
                if not why or job is None or job.state in FINAL:
                    continue
                own.process.kill()
                own.process.wait()
                job = journal.last()
            if job is not None and job.state not in FINAL:
                state: State = "failed" if why in ("", self._too_long) else "cancelled"
                why = why or "its process ended without a result"
                journal.write(_stopped(job, why, state))
            self._forget(id_)

    def sweep(self) -> None:
        """Remove results that are old, or too many."""
        with locked(self._folder / "lock"):
            finished = sorted(
                (folder.stat().st_mtime, folder)
                for folder in self._folder.iterdir()
                if folder.is_dir()
                and (job := Journal(folder).last()) is not None
                and job.state in FINAL
            )
            oldest_s = time.time() - self._settings.job_kept_s
            too_many = max(len(finished) - self._settings.most_finished, 0)
            for position, (written_s, folder) in enumerate(finished):
                if written_s < oldest_s or position < too_many or _is_forgotten(folder):
                    shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Stop this process's jobs."""
        self.ending.set()
        self.look()
        for id_, own in list(self._own.items()):  # their results are written; now they end
            own.process.kill()
            own.process.wait()
            self._forget(id_)

    @property
    def _too_long(self) -> str:
        return f"it took longer than {self._settings.longest_job_s:g} s"

    def _why_stop(self, journal: Journal, own: _Own) -> str:
        """Return why a job is to be stopped, nothing if it is not."""
        if journal.is_cancelled:
            return "it was cancelled"
        if self.ending.is_set():
            return "the server ends"
        if time.monotonic() - own.began_s > self._settings.longest_job_s:
            return self._too_long
        return ""

    def _forget(self, id_: str) -> None:
        own = self._own.pop(id_)
        if own.process.stdin is not None:
            own.process.stdin.close()
        if own.holds is not None:
            own.holds.close()

    def _all(self) -> list[Job]:
        found = []
        for folder in self._folder.iterdir():
            if folder.is_dir():
                with suppress(NotFoundError):
                    found.append(self.get(folder.name))
        return found


def ends_with_signal(ending: threading.Event) -> None:
    """Set an event when this process is told to end, before whatever else is done then."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        former = signal.getsignal(number)

        def handle(number: int, frame: FrameType | None, former: object = former) -> None:
            ending.set()
            if callable(former):
                former(number, frame)

        signal.signal(number, handle)


def _is_forgotten(folder: Path) -> bool:
    """Return whether a job is removed, and all who followed it have heard of its end."""
    journal = Journal(folder)
    return journal.is_removed and time.time() - folder.stat().st_mtime > FORGOTTEN_AFTER_S


def _no_job(id_: str) -> NotFoundError:
    return NotFoundError(f"no job '{id_}'", where="job", hint="results are kept for a while only")


def _stopped(job: Job, why: str, state: State) -> Job:
    """Return the job as one that came to no result of its own."""
    status = STATUS_OF_FAILED if state == "failed" else STATUS_OF_CANCELLED
    problem = Problem(title=f"the job {FATES[state]}", status=status, detail=why)
    return job.model_copy(update={"state": state, "problem": problem})
