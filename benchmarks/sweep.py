"""A sweep of many pairs under all scenarios, whole and killed twice: `python -m benchmarks.sweep`.

1,000 pairs of terminals, drawn by a seed, without and under each of the nine bundled scenarios, by
the command line. Once unbroken; once killed (SIGKILL) after 0.4 of that time, begun again, killed
again after as long, and finished. The bytes must be the same, and the unbroken run takes 3 minutes
or less.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from landbridge.scenarios.case import Case
from landbridge.scenarios.load import bundled_names

GOAL_S = 180.0
KILLED_AFTER = 0.4
COMMAND = "import sys; from landbridge.cli import main; sys.exit(main())"


def write_pairs(path: Path, pairs: int, seed: int) -> None:
    """Write so many pairs of two terminals each."""
    draw = random.Random(seed)  # noqa: S311 - a draw of examples
    ids = sorted(terminal.id for terminal in Case.load().dataset.terminals)
    rows = [",".join(draw.sample(ids, 2)) for _ in range(pairs)]
    path.write_text("\n".join(("origin,destination", *rows, "")), encoding="utf-8")


def sweep(pairs: Path, out: Path, *, threads: int, kill_after_s: float | None = None) -> float:
    """Run the command, kill it after so many seconds, and return the seconds taken.

    Raises
    ------
    SystemExit
        If it fails by itself.
    """
    command = [sys.executable, "-c", COMMAND, "scenario", "sweep", str(pairs), "-o", str(out),
               "--threads", str(threads)]  # fmt: skip
    start = time.perf_counter()
    told = out.with_suffix(".txt")
    with told.open("wb") as errors, subprocess.Popen(command, stderr=errors) as process:
        try:
            process.wait(kill_after_s)
        except subprocess.TimeoutExpired:
            process.kill()
    if process.returncode > 0 or (process.returncode < 0 and kill_after_s is None):
        raise SystemExit(told.read_text(encoding="utf-8", errors="replace"))
    return time.perf_counter() - start


def main() -> int:
    """Run both sweeps and print their times."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweep", description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pairs, whole, broken = (Path(folder) / name for name in ("pairs.csv", "a.csv", "b.csv"))
        write_pairs(pairs, asked.pairs, asked.seed)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent_s = sweep(pairs, whole, threads=asked.threads)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        lines = whole.read_bytes().count(b"\n") - 1
        scenarios = len(bundled_names()) + 1
        print(
            f"{asked.pairs:,} pairs x {scenarios} on {asked.threads} threads: {lines:,} rows, "
            f"{spent_s:.1f} s, {busy_s:.1f} s of processor; goal {GOAL_S:.0f} s"
            f"{'' if spent_s <= GOAL_S else '  MISSED'}"
        )
        parts_s = [
            sweep(pairs, broken, threads=asked.threads, kill_after_s=spent_s * KILLED_AFTER)
            for _ in range(2)
        ]
        kept = broken.with_name(f"{broken.name}.cells").exists() and not broken.exists()
        parts_s.append(sweep(pairs, broken, threads=asked.threads))
        is_same = kept and whole.read_bytes() == broken.read_bytes()
        print(
            f"killed twice: {' + '.join(f'{part:.1f}' for part in parts_s)} s; "
            f"{'the same bytes' if is_same else 'OTHER BYTES'}"
        )
    return 0 if is_same else 1


if __name__ == "__main__":
    raise SystemExit(main())
