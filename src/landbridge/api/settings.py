"""What a server allows: sizes, times, lengths of queue, and who may ask."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits of one server; the defaults suit one machine of two cores.

    Attributes
    ----------
    token
        What callers must show as `Authorization: Bearer ...`; none is asked for if empty.
    dataset
        Folder of a built dataset; the embedded one if None.
    folder
        Where the processes of one server keep what they share; one of its own if None.
    most_body_bytes, most_samples, most_cells, most_short_cells
        Largest request body, most draws of an answer, most pairs of a matrix, and most pairs that
        are answered at once; larger matrices become jobs.
    most_at_once, longest_body_s
        Requests of any kind at a time in one process, and how long a body may take to come, s.
    most_waiting, most_wait_s
        Questions that may wait for the worker, and how long they may have to by what the last ones
        took, s; whoever would be more, or wait longer, is sent away with 503.
    longest_s
        A caller waits no longer than this, s.
    most_kept
        Answers kept for the next caller with the same question.
    most_jobs, most_running
        Jobs that wait or run at a time, and those of them that run; more are sent away with 503.
    longest_job_s, job_kept_s, most_finished
        A job runs no longer, s; its result is kept for so long, s, and no more than so many are.
    most_streams
        Callers of one process that may follow jobs at a time.
    """

    token: str = ""
    dataset: Path | None = None
    folder: Path | None = None
    most_body_bytes: int = 64 * 1024
    most_samples: int = 20_000
    most_cells: int = 250_000
    most_short_cells: int = 100
    most_at_once: int = 256
    longest_body_s: float = 15.0
    most_waiting: int = 16
    most_wait_s: float = 5.0
    longest_s: float = 30.0
    most_kept: int = 256
    most_jobs: int = 4
    most_running: int = 1
    longest_job_s: float = 1800.0
    job_kept_s: float = 900.0
    most_finished: int = 16
    most_streams: int = 32
