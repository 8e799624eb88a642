"""Calibrate the parameters on published journeys: `python -m landbridge.validation.calibrate`.

Paths are found once; only prices change. Rows that set a parameter, claims, forecasts and context
take no part, nor do rows whose place is a coast or a continent. What the data do not teach
(posterior over prior deviation above 0.9) keeps its prior.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from landbridge.parameters import Parameters
from landbridge.planning.plan import Planner
from landbridge.scenarios.case import Case
from landbridge.validation.fit import FloatArray, Linear, solve
from landbridge.validation.journeys import Journey, masked_ids, read_journeys
from landbridge.validation.multipliers import (
    MULTIPLIERS,
    Multiplier,
    prior_parameters,
    prior_sd,
    rows_of,
    scaled,
)
from landbridge.validation.rerun import Chain, chains_of, figures_of, point_of
from landbridge.validation.write import write

EVIDENCE_WEIGHT = {"observed": 1.0, "offered": 0.7, "study": 0.5, "derived": 0.3}
TRUST_WEIGHT = {"A": 1.0, "B": 0.9, "C": 0.6, "D": 0.5, "E": 0.3}
DEMONSTRATION_WEIGHT, DEMONSTRATION_POINT = 0.5, 0.25
SD = {"time": 0.20, "delta": 0.20, "cost": 0.30}
STEP = 0.05
"""Step of the numerical derivatives, in logs."""
PASSES = 3
LEARNED = 0.9
JUDGES = ("observed", "offered")
Progress = Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One row that takes part: its ways, its weight, and the point of the model it is held to."""

    journey: Journey
    chains: tuple[Chain, ...]
    weight: float
    point: float

    @property
    def kind(self) -> str:
        """`time`, `delta` or `cost`."""
        return self.journey.asked.kind

    def log_model(self, parameters: Parameters) -> float:
        """Return the log of the model's value (h or USD) at the row's point."""
        return math.log(point_of(self.chains, parameters, kind=self.kind, point=self.point))

    def error_percent(self, parameters: Parameters) -> float:
        """Return how much the model's P50 is above the published value, %."""
        middle = figures_of(self.chains, parameters, kind=self.kind).p50
        return 100.0 * (middle / self.journey.central - 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One multiplier after the fit; `wanted` is its factor while all were free."""

    multiplier: Multiplier
    prior_sd: float
    posterior_over_prior: float
    wanted: float
    factor: float
    is_learned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Multipliers, errors before and after, and the errors of groups left out (median, %)."""

    learned: tuple[Learned, ...]
    rows: int
    before: Mapping[str, float]
    in_sample: Mapping[str, float]
    left_out: Mapping[str, float]
    left_out_by_group: Mapping[str, float]

    @property
    def factors(self) -> dict[str, float]:
        """Multiplier id -> factor, of those that were learned."""
        return {row.multiplier.id: row.factor for row in self.learned if row.is_learned}

    def to_dict(self) -> dict[str, Any]:
        """Return the calibration as plain objects."""
        return {
            "rows": self.rows,
            "multipliers": [
                {
                    "id": row.multiplier.id,
                    "title": row.multiplier.title,
                    "prior_sd": round(row.prior_sd, 3),
                    "posterior_over_prior": round(row.posterior_over_prior, 2),
                    "wanted": round(row.wanted, 3),
                    "factor": round(row.factor, 3),
                    "held_by": row.multiplier.held_by,
                    "learned": row.is_learned,
                }
                for row in self.learned
            ],
            "median_abs_error_percent": {
                "before": dict(self.before),
                "in_sample": dict(self.in_sample),
                "left_out": dict(self.left_out),
            },
            "left_out_by_group": dict(self.left_out_by_group),
        }


def observations(
    planner: Planner, parameters: Parameters, progress: Progress | None = None
) -> tuple[Observation, ...]:
    """Return the rows that take part, with their ways and weights.

    Weights are those of evidence and trust; rows of one publication share them per quantity.
    """
    journeys = read_journeys()
    masked = masked_ids(parameters, journeys)
    taken = [
        journey
        for journey in journeys
        if not journey.asked.excluded
        and journey.use == "validation"
        and journey.evidence in EVIDENCE_WEIGHT
        and journey.id not in masked
        and not journey.asked.is_vague
    ]
    shared = Counter((journey.source, journey.is_time) for journey in taken)
    found = []
    for journey in taken:
        if progress is not None:
            progress(f"finding the way of {journey.id}")
        weight = EVIDENCE_WEIGHT[journey.evidence] * TRUST_WEIGHT[journey.trust]
        is_first = journey.asked.is_demonstration and journey.asked.train == "block"
        found.append(
            Observation(
                journey=journey,
                chains=chains_of(planner, journey),
                weight=weight
                * (DEMONSTRATION_WEIGHT if journey.asked.is_demonstration else 1.0)
                / shared[journey.source, journey.is_time],
                point=DEMONSTRATION_POINT if is_first else 0.5,
            )
        )
    return tuple(found)


def calibrate(
    data: Sequence[Observation], prior: Parameters, progress: Progress | None = None
) -> Calibration:
    """Return the fit of `data` that starts from the prior parameters."""
    used = frozenset().union(*(figures_of(row.chains, prior, kind=row.kind).labels for row in data))
    tau = np.array([prior_sd(multiplier, prior, used) for multiplier in MULTIPLIERS])
    everything = np.ones(len(data), bool)
    linear = _settle(data, prior, tau, everything, None, progress)
    first = solve(linear)
    held = np.array([bool(multiplier.held_by) for multiplier in MULTIPLIERS])
    free = (first.learned <= LEARNED) & ~held
    linear = _settle(data, prior, tau, everything, free, progress)
    last = solve(linear, free=free)
    after = scaled(prior, _factors(last.beta))
    before = [row.error_percent(prior) for row in data]
    inside = [row.error_percent(after) for row in data]
    outside, by_group = _left_out(data, prior, linear, free)
    return Calibration(
        learned=tuple(
            Learned(
                multiplier=multiplier,
                prior_sd=float(tau[k]),
                posterior_over_prior=float(first.learned[k]),
                wanted=math.exp(float(first.beta[k])),
                factor=math.exp(float(last.beta[k])),
                is_learned=bool(first.learned[k] <= LEARNED),
            )
            for k, multiplier in enumerate(MULTIPLIERS)
        ),
        rows=len(data),
        before=_medians(data, before),
        in_sample=_medians(data, inside),
        left_out=_medians(data, outside),
        left_out_by_group=by_group,
    )


def _settle(
    data: Sequence[Observation],
    prior: Parameters,
    tau: FloatArray,
    rows: np.ndarray,
    free: np.ndarray | None,
    progress: Progress | None,
) -> Linear:
    """Return the rows linearised at the solution."""
    beta = np.zeros(len(tau))
    linear = _linear(data, prior, tau, beta)
    for step in range(PASSES - 1):
        if progress is not None:
            progress(f"fitting, pass {step + 2} of {PASSES}")
        beta = solve(_some(linear, rows), free=free).beta
        linear = _linear(data, prior, tau, beta)
    return linear


def _linear(
    data: Sequence[Observation], prior: Parameters, tau: FloatArray, beta: FloatArray
) -> Linear:
    here = scaled(prior, _factors(beta))
    log_model = np.array([row.log_model(here) for row in data])
    labels = [figures_of(row.chains, here, kind=row.kind).labels for row in data]
    slope = np.zeros((len(data), len(beta)))
    for k, multiplier in enumerate(MULTIPLIERS):
        moved = beta.copy()
        moved[k] += STEP
        there = scaled(prior, _factors(moved))
        own = {row.label for row in rows_of(multiplier, prior)}
        for i, row in enumerate(data):
            if own & labels[i]:
                slope[i, k] = (row.log_model(there) - log_model[i]) / STEP
    return Linear(
        log_published=np.log([row.journey.central for row in data]),
        log_model=log_model,
        slope=slope,
        weight=np.array([row.weight for row in data]),
        sd=np.array([SD[row.kind] for row in data]),
        beta0=beta,
        tau=tau,
    )


def _some(linear: Linear, rows: np.ndarray) -> Linear:
    return replace(
        linear,
        log_published=linear.log_published[rows],
        log_model=linear.log_model[rows],
        slope=linear.slope[rows],
        weight=linear.weight[rows],
        sd=linear.sd[rows],
    )


def _left_out(
    data: Sequence[Observation], prior: Parameters, linear: Linear, free: np.ndarray
) -> tuple[list[float], dict[str, float]]:
    """Return each row's error when its own corridor group take no part in the fit."""
    groups = [row.journey.asked.group for row in data]
    errors = [0.0] * len(data)
    by_group = {}
    for group in sorted(set(groups)):
        kept = np.array([name != group for name in groups])
        beta = solve(_some(linear, kept), free=free).beta
        without = scaled(prior, _factors(beta))
        mine = [i for i, name in enumerate(groups) if name == group]
        for i in mine:
            errors[i] = data[i].error_percent(without)
        by_group[group] = round(statistics.median(abs(errors[i]) for i in mine), 1)
    return errors, by_group


def _factors(beta: FloatArray) -> dict[str, float]:
    return {m.id: math.exp(b) for m, b in zip(MULTIPLIERS, beta.tolist(), strict=True)}


def _medians(data: Sequence[Observation], errors: Sequence[float]) -> dict[str, float]:
    kinds: dict[str, list[float]] = {}
    for row, error in zip(data, errors, strict=True):
        journey = row.journey
        if journey.is_time:
            kinds.setdefault("times", []).append(abs(error))
            if journey.evidence in JUDGES:
                kinds.setdefault("times, observed and offered", []).append(abs(error))
        elif journey.is_land:
            kinds.setdefault("costs, land chains", []).append(abs(error))
        else:
            kinds.setdefault("ocean rates", []).append(abs(error))
    return {name: round(statistics.median(found), 1) for name, found in sorted(kinds.items())}


def run(case: Case, progress: Progress | None = None) -> Calibration:
    """Return the calibration of a case's parameters, from their priors."""
    planner = Planner(case)
    data = observations(planner, case.parameters, progress)
    return calibrate(data, prior_parameters(case.parameters), progress)


def main() -> None:
    """Print the calibration as JSON; with `--write`, put it into the default parameters."""
    parser = argparse.ArgumentParser(prog="landbridge.validation.calibrate", description=__doc__)
    parser.add_argument("--write", action="store_true", help="change the shipped parameters")
    asked = parser.parse_args()
    case = Case.load()
    found = run(case, lambda line: sys.stderr.write(f"{line}\n"))
    sys.stdout.write(json.dumps(found.to_dict(), indent=2) + "\n")
    if asked.write:
        write(found.factors, prior_parameters(case.parameters))


if __name__ == "__main__":
    main()
