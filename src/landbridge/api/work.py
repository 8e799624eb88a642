"""Long work: matrices, sweeps, losses, validation; what a job does, or a short question at once.

Each takes the answers of a case, the question, the form of the answer, and whom to tell how far it
is; each returns the bytes that `landbridge` writes in that form.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from landbridge.api.answers import Answers, as_json
from landbridge.api.schemas import (
    Asked,
    Cargo,
    ComparisonQuestion,
    LossesQuestion,
    MatrixQuestion,
    PairRow,
    PlanQuestion,
    SweepQuestion,
    ValidationQuestion,
)
from landbridge.planning.plan import Planner
from landbridge.report.pairs import Pair, pairs_of

Tell = Callable[[str, int, int], None]
"""Told what a step is, how many are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of work, and the question it answers."""

    question: type[Asked]
    work: Callable[[Answers, Any, str, Tell], bytes]


def untold(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def comparison(answers: Answers, question: ComparisonQuestion, form: str, tell: Tell) -> bytes:
    """Return corridors side by side."""
    tell("answers", 0, 1)
    return answers.comparison(question, form)


def plan(answers: Answers, question: PlanQuestion, form: str, tell: Tell) -> bytes:
    """Return itineraries."""
    tell("answers", 0, 1)
    return answers.plan(question, form)


def matrix(answers: Answers, question: MatrixQuestion, form: str, tell: Tell) -> bytes:
    """Return expected values of every pair: json, csv, npy or parquet."""
    from landbridge.report import matrix as many

    if form == "parquet":
        many.check_parquet()
    found = many.matrix(
        planner=answers.planner(),
        threads=1,
        counted=partial(tell, "origins"),
        **question.model_dump(),
    )
    if form == "json":
        return as_json(found.to_dict()).encode()
    if form == "csv":
        return found.to_csv().encode()
    return found.to_npy() if form == "npy" else found.to_parquet()


def sweep(answers: Answers, question: SweepQuestion, form: str, tell: Tell) -> bytes:
    """Return many pairs under many scenarios: json, csv or parquet."""
    from landbridge.report import sweep as many
    from landbridge.report.matrix import check_parquet
    from landbridge.report.whatif import WhatIf
    from landbridge.scenarios.load import bundled, bundled_names

    if form == "parquet":
        check_parquet()
    what_if = WhatIf(answers.case)
    asked = many.make_sweep(
        what_if,
        _pairs(question.pairs, what_if.base),
        [bundled(name) for name in question.scenarios or bundled_names()],
        **_cargo(question),
    )
    with tempfile.TemporaryDirectory(prefix="landbridge-sweep-") as folder:
        store = many.Store(Path(folder, "cells"), asked.digest)
        try:
            cells = many.run(asked, store, counted=partial(tell, "cells"))
        finally:
            store.close(is_done=True)
    if form == "json":
        return as_json(many.to_dict(asked, cells)).encode()
    return many.to_csv(asked, cells).encode() if form == "csv" else many.to_parquet(asked, cells)


def losses(answers: Answers, question: LossesQuestion, form: str, tell: Tell) -> bytes:
    """Return what the loss of each place on the best ways costs: json or csv."""
    from landbridge.report.critical import critical

    planner = answers.planner(question.scenarios)
    pairs = [(pair.start, pair.end, pair.weight) for pair in _pairs(question.pairs, planner)]
    found = critical(
        planner,
        pairs,
        counted=partial(tell, "pairs"),
        via=(),
        **_cargo(question),
    )
    return (as_json(found.to_dict()) if form == "json" else found.to_csv()).encode()


def validation(answers: Answers, question: ValidationQuestion, form: str, tell: Tell) -> bytes:
    """Return published figures run again: json or html."""
    from landbridge.validation import distances, times

    reports: dict[str, Any] = {}
    if "distances" in question.what:
        reports["distances"] = distances.run(
            answers.case, counted=partial(tell, "distances")
        ).to_dict()
    if "times" in question.what:
        reports["times"] = times.run(answers.case, counted=partial(tell, "journeys")).to_dict()
    if form == "json":
        return as_json(reports).encode()
    from landbridge.validation.page import validation_page

    return validation_page(reports, digest=answers.case.dataset.digest).encode()


KINDS = {
    "comparison": Kind(question=ComparisonQuestion, work=comparison),
    "plan": Kind(question=PlanQuestion, work=plan),
    "matrix": Kind(question=MatrixQuestion, work=matrix),
    "sweep": Kind(question=SweepQuestion, work=sweep),
    "losses": Kind(question=LossesQuestion, work=losses),
    "validation": Kind(question=ValidationQuestion, work=validation),
}


def _pairs(rows: list[PairRow], planner: Planner) -> tuple[Pair, ...]:
    return pairs_of(
        [
            (f"pair {number}", row.origin, row.destination, row.weight)
            for number, row in enumerate(rows, start=1)
        ],
        planner.case,
        country_at=planner.geography.country_at,
        where="pairs",
    )


def _cargo(question: Cargo) -> dict[str, Any]:
    return question.model_dump(include=set(Cargo.model_fields))
