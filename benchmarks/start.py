"""Whole processes as a user starts them: wall time and peak memory.

The first run has an empty cache for the dataset and for compiled kernels; the second has what the
first left. Python's own byte code is warm in both.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

PROGRAM = (sys.executable, "-c", "import sys; from landbridge.cli import main; sys.exit(main())")
JOB = ("compare", "Mumbai", "Moscow")
KIB_PER_MB = 1000 / 1.024
"""`ru_maxrss` counts KiB on Linux; macOS counts bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of process, measured several times."""

    what: str
    runs: int
    median_s: float
    worst_s: float
    peak_mb: float
    goal_s: float
    goal_mb: float | None = None

    @property
    def goal(self) -> str:
        """The goal in words."""
        memory = "" if self.goal_mb is None else f", {self.goal_mb:.0f} MB"
        return f"{self.goal_s:g} s{memory}"

    @property
    def is_met(self) -> bool:
        """Whether the median time and the peak memory keep to the goal."""
        return self.median_s <= self.goal_s and (
            self.goal_mb is None or self.peak_mb <= self.goal_mb
        )

    def to_dict(self) -> dict[str, object]:
        """Return the figures and whether the goal is met."""
        return {**asdict(self), "is_met": self.is_met}


def measure(*, runs: int) -> list[Row]:
    """Return help, first answer, second answer; each the median of `runs` processes."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder) / "warm"
        help_page = [_process(("--help",), warm) for _ in range(max(runs, 2))][1:]
        rows.append(_row("landbridge --help", help_page, goal_s=0.120))
        first = [_process(JOB, Path(folder) / f"cold-{run}") for run in range(min(runs, 3))]
        rows.append(_row("landbridge compare Mumbai Moscow, first", first, goal_s=20.0))
        _process(JOB, warm)
        second = [_process(JOB, warm) for _ in range(runs)]
        rows.append(
            _row("landbridge compare Mumbai Moscow, second", second, goal_s=1.0, goal_mb=400.0)
        )
    return rows


def _row(
    what: str, figures: list[tuple[float, float]], *, goal_s: float, goal_mb: float | None = None
) -> Row:
    seconds = [duration for duration, _ in figures]
    return Row(
        what=what,
        runs=len(figures),
        median_s=statistics.median(seconds),
        worst_s=max(seconds),
        peak_mb=max(peak for _, peak in figures),
        goal_s=goal_s,
        goal_mb=goal_mb,
    )


def _process(arguments: tuple[str, ...], cache: Path) -> tuple[float, float]:
    """Run the program once; return wall seconds and peak resident memory in MB."""
    environment = {
        **os.environ,
        "LANDBRIDGE_CACHE": str(cache),
        "NUMBA_CACHE_DIR": str(cache / "numba"),
    }
    start_s = time.perf_counter()
    process = subprocess.Popen(
        [*PROGRAM, *arguments], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )  # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    duration_s = time.perf_counter() - start_s
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)} ended with status {process.returncode}")
    unit = KIB_PER_MB if sys.platform != "darwin" else 1e6
    return duration_s, usage.ru_maxrss / unit
