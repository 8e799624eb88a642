"""Run a benchmark by name: `python -m benchmarks SUBJECT [--runs N] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from pathlib import Path

from benchmarks import start
from landbridge import __version__

SUBJECTS = {"start": start.measure}


def main() -> int:
    """Measure, print a table, and write JSON if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "subject",
        choices=sorted(
            [*SUBJECTS, "compare", "growth", "peers", "pareto", "montecarlo", "load", "page"]
        ),
    )
    parser.add_argument("--runs", type=int, default=5, help="repetitions; medians are shown")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--picture", type=Path, help="peers: also draw cost against size here")
    parser.add_argument("--page", type=Path, help="peers: also write a page of docs here")
    parser.add_argument(
        "--graph", action="append", default=[], choices=("75k", "300k", "1.2M", "world")
    )
    parser.add_argument("--seconds", type=float, default=15.0, help="load: of each kind")
    parser.add_argument("--url", help="load: a server that runs, in place of one of its own")
    asked = parser.parse_args()
    if asked.runs < 1:
        parser.error("--runs must be at least 1")
    if asked.subject == "peers":
        from benchmarks import peers

        return peers.run(
            runs=asked.runs,
            json_path=asked.json,
            picture=asked.picture,
            page_path=asked.page,
            subjects=asked.graph,
        )
    if asked.subject == "growth":
        from benchmarks import growth

        return growth.run(runs=asked.runs, json_path=asked.json)
    if asked.subject == "compare":
        from benchmarks import compare

        return compare.run(json_path=asked.json)
    if asked.subject == "pareto":
        from benchmarks import pareto

        return pareto.run(runs=asked.runs, json_path=asked.json)
    if asked.subject == "page":
        from benchmarks import page

        return page.run(runs=asked.runs, json_path=asked.json)
    if asked.subject == "load":
        from benchmarks import load

        return load.run(seconds=asked.seconds, url=asked.url, json_path=asked.json)
    if asked.subject == "montecarlo":
        from benchmarks import montecarlo

        rows = montecarlo.measure(runs=asked.runs)
    else:
        rows = SUBJECTS[asked.subject](runs=asked.runs)
    report = {
        "subject": asked.subject,
        "version": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "rows": [row.to_dict() for row in rows],
    }
    print(f"{'what':<44} {'runs':>4} {'median s':>9} {'worst s':>8} {'peak MB':>8} {'goal':>16}")
    for row in rows:
        print(
            f"{row.what:<44} {row.runs:>4} {row.median_s:>9.3f} {row.worst_s:>8.3f} "
            f"{row.peak_mb:>8.0f} {row.goal:>16}{'' if row.is_met else '  MISSED'}"
        )
    if asked.json is not None:
        asked.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
