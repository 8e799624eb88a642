"""Comparison of all corridors in one warm process: 200 random pairs of the world's large towns.

Towns are the 500 with the most people, pairs are drawn with a fixed seed, and every pair is new:
nothing of it was asked before. The first 100 questions warm up and are not counted, nor is the
making of tables that they gave rise to. Then one pair again and again, and one pair in the case
that a scenario makes of it. Stages are measured in the same run by the time that their functions
take (of all threads, where they wait too).
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from landbridge import __version__
from landbridge.compliance.screener import Screener
from landbridge.domain.network import Place
from landbridge.planning import plan as planning
from landbridge.planning.candidates import Field
from landbridge.planning.plan import Planner
from landbridge.report import ask
from landbridge.report.whatif import WhatIf
from landbridge.scenarios.case import Case

SEED = 2026
PAIRS, WARM_UP, AGAIN = 200, 100, 15
TOWNS = 500
SAME_PAIR = ("Mumbai", "Moscow")
SCENARIO = "red-sea-diverted"
STAGES: tuple[tuple[str, Any, str], ...] = (
    ("doors and network of the request", Planner, "field"),
    ("search of every corridor", Planner, "sought"),
    ("of it: searches alone", Field, "search"),
    ("settling the ways found", planning, "settled"),
    ("building and pricing itineraries", planning, "build_settled"),
    ("screen", Screener, "screened"),
    ("basis of the figures", ask, "basis_for"),
    ("chances", ask, "with_chances"),
)
"""What is measured: its name, and the function where it is looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Times of one kind of question, ms."""

    what: str
    questions: int
    median_ms: float
    p95_ms: float
    goal_median_ms: float | None = None


def pairs(case: Case) -> Iterator[tuple[Place, Place]]:
    """Yield random pairs of the largest towns, without end."""
    gazetteer = case.gazetteer
    people = np.asarray(gazetteer._array("weight"))  # noqa: SLF001 - nobody else asks
    towns: list[Place] = []
    for row in np.argsort(-people, kind="stable").tolist():
        place = gazetteer.place(row)
        if place.kind == "town":
            towns.append(place)
        if len(towns) == TOWNS:
            break
    luck = random.Random(SEED)  # noqa: S311 - a fixed sample
    while True:
        origin, destination = luck.sample(towns, 2)
        yield origin, destination


@contextmanager
def timed(spent: dict[str, float]) -> Iterator[None]:
    """Add up the seconds that each stage takes meanwhile."""
    with ExitStack() as put_back:
        for name, owner, attribute in STAGES:
            inner = getattr(owner, attribute)

            def outer(
                *given: object, name: str = name, inner: Callable[..., Any] = inner, **named: object
            ) -> object:
                began = time.perf_counter()
                try:
                    return inner(*given, **named)
                finally:
                    spent[name] += time.perf_counter() - began

            setattr(owner, attribute, outer)
            put_back.callback(setattr, owner, attribute, inner)
        yield


def measure(n_pairs: int = PAIRS) -> tuple[list[Row], dict[str, float]]:
    """Return rows of times, and the mean milliseconds of each stage of a new pair."""
    case = Case.load()
    planner = Planner(case)
    drawn = pairs(case)
    for _ in range(WARM_UP):
        ask.compare(*next(drawn), planner=planner)
    planner.geography.kept.transits.finish()
    asked = [next(drawn) for _ in range(n_pairs)]
    wall: list[float] = []
    cpu: list[float] = []
    for origin, destination in asked:
        began, busy = time.perf_counter(), time.process_time()
        ask.compare(origin, destination, planner=planner)
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - busy)
    spent: dict[str, float] = defaultdict(float)
    staged = [next(drawn) for _ in range(max(n_pairs // 4, 1))]
    with timed(spent):
        for origin, destination in staged:
            ask.compare(origin, destination, planner=planner)
    same = _again(lambda: ask.compare(*SAME_PAIR, planner=planner))
    what_if = WhatIf(case)
    changed = _again(lambda: what_if.compare(*SAME_PAIR, scenarios=[SCENARIO]))
    rows = [
        _row("a new pair, by the clock", wall, 25.0),
        _row("a new pair, by processor time", cpu),
        _row("the same pair again", same),
        _row(f"the same pair, {SCENARIO}", changed, 100.0),
    ]
    return rows, {name: 1e3 * spent[name] / len(staged) for name, _, _ in STAGES}


def _again(question: Callable[[], object]) -> list[float]:
    question()
    times = []
    for _ in range(AGAIN):
        began = time.perf_counter()
        question()
        times.append(time.perf_counter() - began)
    return times


def _row(what: str, seconds: list[float], goal: float | None = None) -> Row:
    rising = sorted(seconds)
    return Row(
        what=what,
        questions=len(rising),
        median_ms=1e3 * statistics.median(rising),
        p95_ms=1e3 * rising[min(len(rising) - 1, int(0.95 * len(rising)))],
        goal_median_ms=goal,
    )


def run(*, json_path: Path | None) -> int:
    """Measure, print two tables, and write JSON if asked."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    rows, stages = measure()
    print(f"{'what':<36} {'questions':>9} {'median ms':>10} {'P95 ms':>8} {'goal':>6}")
    for row in rows:
        goal = "" if row.goal_median_ms is None else f"{row.goal_median_ms:.0f}"
        print(
            f"{row.what:<36} {row.questions:>9} {row.median_ms:>10.1f} {row.p95_ms:>8.1f} {goal:>6}"
        )
    print(f"\n{'stage of a new pair':<36} {'mean ms':>9}")
    for name, spent in stages.items():
        print(f"{name:<36} {spent:>9.1f}")
    print(f"\nload of the machine at the start: {load}, of {os.cpu_count()} processors")
    if json_path is not None:
        report = {
            "subject": "compare",
            "version": __version__,
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}",
            "load": load,
            "seed": SEED,
            "rows": [asdict(row) for row in rows],
            "stages_ms": stages,
        }
        json_path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0
