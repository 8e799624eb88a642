"""Answers as bytes: the same objects as the command line's, in the form asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from landbridge.api.schemas import ComparisonQuestion, PlanQuestion, Question
from landbridge.api.settings import Settings
from landbridge.domain.itinerary import Itinerary, Plan
from landbridge.errors import RequestError
from landbridge.report import ask
from landbridge.report.compare import Comparison
from landbridge.scenarios.case import Case

MEDIA_TYPES = {
    "json": "application/json",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
}


class Answers:
    """Everything a server answers from: one case, opened once."""

    def __init__(self, settings: Settings, case: Case | None = None) -> None:
        self.settings = settings
        self.case = case or Case.load(settings.dataset)

    def comparison(self, question: ComparisonQuestion, form: str) -> bytes:
        """Return corridors side by side."""
        given = self._given(question)
        answer = ask.compare(with_shapes=form in ("geojson", "html"), **given)
        return _written(answer, answer.options, form, self.case)

    def plan(self, question: PlanQuestion, form: str) -> bytes:
        """Return the best itinerary, the Pareto set or alternatives."""
        given = self._given(question)
        answer = ask.plan(with_shapes=form in ("geojson", "html"), **given)
        return _written(answer, answer.itineraries, form, self.case)

    def places(self, query: str, limit: int) -> dict[str, Any]:
        """Return what a text means, best first."""
        matches = self.case.gazetteer.search(query, limit)
        return {
            "query": query,
            "places": [
                {
                    **match.place.to_dict(),
                    "region": match.region,
                    "score": match.score,
                    "reason": match.reason,
                }
                for match in matches
            ],
        }

    def key(self, route: str, question: Question, form: str) -> str:
        """Return what an answer depends on: case, question and form."""
        return f"{self.case.digest}\0{route}\0{form}\0{question.model_dump_json()}"

    def _given(self, question: Question) -> dict[str, Any]:
        if question.samples > self.settings.most_samples:
            raise RequestError(
                f"{question.samples} draws: at most {self.settings.most_samples} here",
                where="--samples",
            )
        given = question.model_dump()
        scenarios = given.pop("scenarios")
        if scenarios:
            given["scenarios"] = scenarios
        return {**given, "case": self.case}


def _written(
    answer: Comparison | Plan, itineraries: tuple[Itinerary, ...], form: str, case: Case
) -> bytes:
    writers: dict[str, Callable[[], str]] = {
        "json": lambda: _json(answer.to_dict()),
        "geojson": lambda: _geojson(answer, itineraries),
        "csv": lambda: _csv(itineraries),
        "html": lambda: _html(answer, case),
    }
    return writers[form]().encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _geojson(answer: Comparison | Plan, itineraries: tuple[Itinerary, ...]) -> str:
    from landbridge.report.geojson import itineraries_geojson

    drawn = [itinerary for itinerary in itineraries if itinerary.legs]
    return _json(itineraries_geojson(drawn, request=answer.request, provenance=answer.provenance))


def _csv(itineraries: tuple[Itinerary, ...]) -> str:
    from landbridge.report.csvtable import itineraries_csv

    return itineraries_csv(itineraries)


def _html(answer: Comparison | Plan, case: Case) -> str:
    from landbridge.report.document import render

    return render(answer, case=case)
