"""Draws inside one process: many of one itinerary, few of all options, and what they cost a table.

All is warm: the case is open, the kernel loaded, and one round has gone before. The itinerary is
the western branch of the INSTC, Mumbai to Moscow: 15 legs with all their terms of time.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable

from benchmarks.start import KIB_PER_MB, Row
from landbridge.models.draws import Draws
from landbridge.models.pricing import pricing_of
from landbridge.montecarlo.run import arcs_of, sample, sample_hours
from landbridge.montecarlo.sensitivity import assumed_first, sensitivity
from landbridge.report import ask
from landbridge.report.chances import with_chances
from landbridge.scenarios.case import Case

SAMPLES = 100_000


def measure(*, runs: int) -> list[Row]:
    """Return the median of `runs` rounds of each job."""
    case = Case.load()
    compared = ask.compare("Mumbai", "Moscow", case=case, show_all=True)
    way = next(option for option in compared.options if option.corridor == "instc-west")
    pricing = pricing_of(case.parameters, compared.request, compared.request.origin.country)
    arcs = arcs_of(way)
    terms = sum(len(own.time) for own in pricing.terms(arcs))
    size = f"{len(way.legs)} legs, {terms} terms of time"
    ways = len(compared.options)
    return [
        _row(f"{SAMPLES:,} lead times, {size}",
             lambda: sample_hours(pricing, arcs, Draws(samples=SAMPLES)), runs, goal_s=0.060),
        _row(f"{SAMPLES:,} lead times, costs, emissions",
             lambda: sample(pricing, arcs, Draws(samples=SAMPLES)), runs, goal_s=0.060),
        _row("2,000 lead times, costs, emissions",
             lambda: sample(pricing, arcs, Draws()), runs, goal_s=0.010),
        _row(f"who is faster, {ways} ways, 2,000 draws",
             lambda: with_chances(compared, pricing, Draws()), runs, goal_s=0.020),
        _row(f"assumed parameters by weight, {ways} ways",
             lambda: assumed_first(pricing, compared.options), runs, goal_s=0.015),
        _row("all parameters at low and high, one way",
             lambda: sensitivity(pricing, way, pricing.draws), runs, goal_s=1.0),
    ]  # fmt: skip


def _row(what: str, job: Callable[[], object], runs: int, *, goal_s: float) -> Row:
    job()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        seconds.append(time.perf_counter() - start)
    return Row(
        what=what,
        runs=runs,
        median_s=statistics.median(seconds),
        worst_s=max(seconds),
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MB,
        goal_s=goal_s,
    )
