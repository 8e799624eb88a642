"""Questions in one warm process: Pareto sets, alternatives and comparisons between large cities.

Pairs are drawn at random, with a fixed seed, from the towns of a million people or more; pairs that
no way joins are left out. `kernels` are the searches alone (bounds, unfolding, labels); the rest is
whole, from the request to priced itineraries.
"""

from __future__ import annotations

import json
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from landbridge import __version__
from landbridge.domain.cargo import Consignment
from landbridge.domain.itinerary import Itinerary, Plan, Selection
from landbridge.domain.network import Place
from landbridge.domain.request import Request
from landbridge.errors import InvariantError
from landbridge.planning.alternatives import AlternativesChooser
from landbridge.planning.hunt import WITHIN_RATIO, Hunt
from landbridge.planning.pareto import Epsilon, ParetoChooser
from landbridge.planning.plan import Planner
from landbridge.routing.pareto import pareto_set
from landbridge.routing.product import lower_bounds
from landbridge.routing.states import unfold
from landbridge.scenarios.case import Case

SEED = 2025
PAIRS_PER_RUN = 20
LARGE = 1_000_000
"""Inhabitants from which a town is a large city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One kind of question, asked of every pair."""

    what: str
    pairs: int
    median_ms: float
    p95_ms: float
    worst_ms: float
    goal_median_ms: float | None = None
    goal_p95_ms: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the goals are kept; None where there is none."""
        if self.goal_median_ms is None:
            return None
        return self.median_ms <= self.goal_median_ms and (
            self.goal_p95_ms is None or self.p95_ms <= self.goal_p95_ms
        )


class _Timed:
    """A chooser that times the searches of a Pareto set by themselves."""

    def __init__(self, shares: tuple[float, float, float]) -> None:
        self.shares = shares
        self.seconds = 0.0
        self.labels = self.paths = 0
        self.is_complete = True

    def __call__(self, hunt: Hunt) -> tuple[tuple[Itinerary, ...], Selection]:
        field = hunt.field
        weights = field.ruled(None, hunt.ban, hunt.shut_crossings, hunt.shut_passages)
        costs = field.costs()
        start = time.perf_counter()
        bound = lower_bounds(field.graph, weights)
        states = unfold(field.graph, weights, costs, bound, limit=hunt.best.weight * WITHIN_RATIO)
        if states is None:
            raise InvariantError("the best way is lost in unfolding")
        found = pareto_set(states, self.shares)
        self.seconds = time.perf_counter() - start
        self.labels, self.paths = found.labels, len(found.paths)
        self.is_complete = found.is_complete
        return (), Selection(kind="pareto", within_ratio=WITHIN_RATIO)

    def judged(self, plan: Plan) -> Plan:
        return plan


def pairs_of(case: Case) -> Iterator[Request]:
    """Yield requests between random large cities, for ever, in a fixed order."""
    gazetteer = case.gazetteer
    people = np.asarray(gazetteer._array("weight"))  # noqa: SLF001 - nobody else asks
    large = np.flatnonzero(people >= LARGE).tolist()
    towns = [place for place in map(gazetteer.place, large) if place.kind == "town"]
    luck = random.Random(SEED)  # noqa: S311 - a fixed sample
    while True:
        origin, destination = luck.sample(towns, 2)
        yield _request(origin, destination)


def _request(origin: Place, destination: Place) -> Request:
    cargo = Consignment(unit="40ft", units=1, cargo_mass_t=20.0, goods="general")
    return Request(origin=origin, destination=destination, consignment=cargo)


def measure(*, pairs: int) -> list[Stage]:
    """Return one row per stage."""
    case = Case.load()
    planner = Planner(case)
    corridors = sorted(case.dataset.corridors, key=lambda row: row.id)
    requests: list[Request] = []
    for request in pairs_of(case):
        if len(requests) == pairs:
            break
        if planner.plan(request).itineraries:
            requests.append(request)
    default, exact = Epsilon(), Epsilon.of(0.0)
    stages = [
        _kernels(planner, requests, "Pareto set, kernels, epsilon 0.01", default, goal=True),
        _kernels(planner, requests, "Pareto set, kernels, epsilon 0", exact, goal=False),
    ]
    for what, ask, goals in (
        (
            "Pareto set, whole, epsilon 0.01",
            lambda r: planner.plan(r, choose=ParetoChooser(epsilon=default)),
            (100.0, 500.0),
        ),
        (
            "Pareto set, whole, epsilon 0",
            lambda r: planner.plan(r, choose=ParetoChooser(epsilon=exact)),
            (None, None),
        ),
        (
            "three alternatives, whole",
            lambda r: planner.plan(r, choose=AlternativesChooser(most=3)),
            (None, None),
        ),
        ("best itinerary, whole", planner.plan, (None, None)),
        (
            "compare all corridors, whole",
            lambda r: planner.compare(r, corridors),
            (25.0, None),
        ),
    ):
        stages.append(_stage(what, requests, ask, *goals))
    return stages


def _kernels(
    planner: Planner, requests: list[Request], what: str, epsilon: Epsilon, *, goal: bool
) -> Stage:
    timed = _Timed((epsilon.time_share, epsilon.cost_share, epsilon.emissions_share))
    seconds, labels, paths = [], [], []
    n_cut = 0
    for request in requests:
        planner.plan(request, choose=timed)
        seconds.append(timed.seconds)
        labels.append(timed.labels)
        paths.append(timed.paths)
        n_cut += not timed.is_complete
    note = (
        f"labels {statistics.median(labels):,.0f}, at most {max(labels):,}; "
        f"paths {statistics.median(paths):.0f}, at most {max(paths)}; incomplete {n_cut}"
    )
    goals = (100.0, 500.0) if goal else (None, None)
    return _row(what, seconds, *goals, note=note)


def _stage(
    what: str,
    requests: list[Request],
    ask: Callable[[Request], Any],
    goal_median_ms: float | None,
    goal_p95_ms: float | None,
) -> Stage:
    ask(requests[0])
    seconds = []
    for request in requests:
        start = time.perf_counter()
        ask(request)
        seconds.append(time.perf_counter() - start)
    return _row(what, seconds, goal_median_ms, goal_p95_ms)


def _row(
    what: str,
    seconds: list[float],
    goal_median_ms: float | None,
    goal_p95_ms: float | None,
    note: str = "",
) -> Stage:
    ordered = sorted(seconds)
    return Stage(
        what=what,
        pairs=len(ordered),
        median_ms=1e3 * statistics.median(ordered),
        p95_ms=1e3 * ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)],
        worst_ms=1e3 * ordered[-1],
        goal_median_ms=goal_median_ms,
        goal_p95_ms=goal_p95_ms,
        note=note,
    )


def run(*, runs: int, json_path: Path | None) -> int:
    """Measure `runs` times 20 pairs, print a table, and write JSON if asked."""
    stages = measure(pairs=PAIRS_PER_RUN * runs)
    print(f"{'what':<36} {'pairs':>5} {'median ms':>9} {'P95 ms':>8} {'worst ms':>8}  goal")
    for stage in stages:
        goal = "" if stage.goal_median_ms is None else f"{stage.goal_median_ms:g}"
        goal += "" if stage.goal_p95_ms is None else f", P95 {stage.goal_p95_ms:g}"
        missed = "  MISSED" if stage.is_met is False else ""
        print(
            f"{stage.what:<36} {stage.pairs:>5} {stage.median_ms:>9.1f} {stage.p95_ms:>8.1f} "
            f"{stage.worst_ms:>8.1f}  {goal}{missed}"
        )
        if stage.note:
            print(f"    {stage.note}")
    if json_path is not None:
        report = {
            "subject": "pareto",
            "version": __version__,
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}",
            "seed": SEED,
            "stages": [{**asdict(stage), "is_met": stage.is_met} for stage in stages],
        }
        json_path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0
