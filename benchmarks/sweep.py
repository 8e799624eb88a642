"""A sweep of many pairs under all scenarios, whole and killed twice: `python -m benchmarks.sweep`.

1,000 pairs of terminals, drawn by a seed, without and under each of the nine bundled scenarios, by
the command line. Once unbroken; once killed (SIGKILL) after a third and after two thirds of the
cells, and finished. The bytes must be the same, and the unbroken run takes 3 minutes or less.
"""

from __future__ import annotations

import argparse
import contextlib
import json
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
POLL_S = 0.2
COMMAND = "import sys; from landbridge.cli import main; sys.exit(main())"


def write_pairs(path: Path, pairs: int, seed: int) -> None:
    """Write so many pairs of two terminals each."""
    draw = random.Random(seed)  # noqa: S311 - a draw of examples
    ids = sorted(terminal.id for terminal in Case.load().dataset.terminals)
    rows = [",".join(draw.sample(ids, 2)) for _ in range(pairs)]
    path.write_text("\n".join(("origin,destination", *rows, "")), encoding="utf-8")


def sweep(pairs: Path, out: Path, *, threads: int, kill_at: int | None = None) -> float:
    """Run the command, kill it once so many cells are kept; return the seconds taken.

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
        while kill_at is not None and process.poll() is None:
            if kept(out) >= kill_at:
                process.kill()
                break
            time.sleep(POLL_S)
    if process.returncode > 0 or (process.returncode < 0 and kill_at is None):
        raise SystemExit(told.read_text(encoding="utf-8", errors="replace"))
    return time.perf_counter() - start


def kept(out: Path) -> int:
    """Return how many cells are kept of a sweep that is not done; a torn line counts for none."""
    path = out.with_name(f"{out.name}.cells")
    count = 0
    for line in path.read_bytes().splitlines() if path.exists() else ():
        with contextlib.suppress(ValueError):
            count += len(json.loads(line.partition(b" ")[2]).get("cells", ()))
    return count


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
            sweep(pairs, broken, threads=asked.threads, kill_at=lines * third // 3)
            for third in (1, 2)
        ]
        found = kept(broken)
        parts_s.append(sweep(pairs, broken, threads=asked.threads))
        is_same = 0 < found < lines and whole.read_bytes() == broken.read_bytes()
        print(
            f"killed twice: {' + '.join(f'{part:.1f}' for part in parts_s)} s, "
            f"{found:,} rows kept; "
            f"{'the same bytes' if is_same else 'OTHER BYTES'}"
        )
    return 0 if is_same else 1


if __name__ == "__main__":
    raise SystemExit(main())
