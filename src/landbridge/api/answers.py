"""Answers as bytes: the same objects as the command line's, in the form asked for."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from landbridge.api.schemas import ComparisonQuestion, PlanQuestion, Question
from landbridge.api.settings import Settings
from landbridge.domain.itinerary import Itinerary, Plan
from landbridge.errors import InvariantError, RequestError
from landbridge.planning.plan import Planner
from landbridge.report import ask
from landbridge.report.compare import Comparison
from landbridge.scenarios.case import Case

if TYPE_CHECKING:
    from landbridge.dataset.gazetteer_prefix import Beginnings
    from landbridge.dataset.gazetteer_rank import Match

MEDIA_TYPES = {
    "json": "application/json",
    "drawn": "application/json",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "npy": "application/octet-stream",
    "parquet": "application/vnd.apache.parquet",
}
ENOUGH_BEGUN = 3
"""So many names that begin as typed, and names alike are not sought."""
MOST_PLANNERS = 6
"""Sets of scenarios whose compiled networks are kept, beside that without any."""
MOST_COMPARED = 24
"""Comparisons kept as objects, for charts and other forms of the same answer."""
WARMING = ComparisonQuestion(origin="Mumbai", destination="Moscow")
Key = TypeVar("Key")
Value = TypeVar("Value")


class Answers:
    """Everything a server answers from: one case, opened once."""

    def __init__(self, settings: Settings, case: Case | None = None) -> None:
        self.settings = settings
        self.case = case or Case.load(settings.dataset)
        self._plain: Planner | None = None
        self._planners: OrderedDict[tuple[str, ...], Planner] = OrderedDict()
        self._beginnings: Beginnings | None = None
        self._compared: OrderedDict[str, Comparison] = OrderedDict()

    def warm(self) -> None:
        """Compile what the first question would wait for: network, prices, names."""
        self.comparison(WARMING, "drawn")
        self.places("a", 1, is_begun=True)

    def comparison(self, question: ComparisonQuestion, form: str) -> bytes:
        """Return corridors side by side; `drawn` with lines for a map, which charts share."""
        answer = self._comparison(question, with_shapes=form in ("drawn", "geojson", "html"))
        case = self.planner(question.scenarios).case
        return _written(answer, answer.options, form, case)

    def chart(self, question: ComparisonQuestion, kind: str, corridor: str) -> bytes:
        """Return a chart (tcd, tornado) of all options, or of that of one corridor, as SVG."""
        from landbridge.report.charts.drawing import to_svg
        from landbridge.report.drawn import chart_of_corridor

        answer = self._comparison(question, with_shapes=False)
        case = self.planner(question.scenarios).case
        return to_svg(chart_of_corridor(kind, answer, corridor, case)).encode()

    def plan(self, question: PlanQuestion, form: str) -> bytes:
        """Return the best itinerary, the Pareto set or alternatives."""
        planner = self.planner(question.scenarios)
        answer = ask.plan(
            planner=planner, with_shapes=form in ("geojson", "html"), **self._given(question)
        )
        return _written(answer, answer.itineraries, form, planner.case)

    def places(self, query: str, limit: int, *, is_begun: bool = False) -> dict[str, Any]:
        """Return what a text means, best first; `is_begun`: names that begin so come first."""
        matches = self._begun(query, limit) if is_begun else ()
        if len(matches) < min(limit, ENOUGH_BEGUN):
            known = {match.place.id for match in matches}
            others = self.case.gazetteer.search(query, limit)
            matches += tuple(match for match in others if match.place.id not in known)
            matches = matches[:limit]
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

    def _begun(self, query: str, limit: int) -> tuple[Match, ...]:
        from landbridge.dataset.gazetteer_prefix import Beginnings

        if self._beginnings is None:
            self._beginnings = Beginnings(self.case.gazetteer)
        return self._beginnings.search(query, limit)

    def planner(self, scenarios: Sequence[str] = ()) -> Planner:
        """Return the planner of a set of scenarios; it keeps what it has compiled."""
        if self._plain is None:
            self._plain = Planner(self.case)
        if not scenarios:
            return self._plain
        key = tuple(scenarios)
        if key not in self._planners:
            planner = Planner(ask.case_with(self.case, scenarios), base=self._plain)
            _keep(self._planners, key, planner, MOST_PLANNERS)
        self._planners.move_to_end(key)
        return self._planners[key]

    def key(self, route: str, question: BaseModel, form: str) -> str:
        """Return what an answer depends on: case, question, form, and the day of asking."""
        day = _today()
        return f"{self.case.digest}\0{day}\0{route}\0{form}\0{question.model_dump_json()}"

    def _comparison(self, question: ComparisonQuestion, *, with_shapes: bool) -> Comparison:
        """Return the answer, kept from a moment ago where it is; lines do no harm to a table."""
        key = self.key("compared", question, "")
        if key in self._compared and (with_shapes in (False, _has_shapes(self._compared[key]))):
            self._compared.move_to_end(key)
            return self._compared[key]
        answer = ask.compare(
            planner=self.planner(question.scenarios),
            with_shapes=with_shapes,
            **self._given(question),
        )
        _keep(self._compared, key, answer, MOST_COMPARED)
        return answer

    def check(self, question: Question) -> None:
        """Raise RequestError if a question asks for more than this server gives."""
        if question.samples > self.settings.most_samples:
            raise RequestError(
                f"{question.samples} draws: at most {self.settings.most_samples} here",
                where="--samples",
            )

    def _given(self, question: Question) -> dict[str, Any]:
        self.check(question)
        given = question.model_dump(exclude={"scenarios"})
        return {**given, "asked_on": _today()}


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value, most: int) -> None:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)


def _has_shapes(answer: Comparison) -> bool:
    return any(leg.shape for option in answer.options for leg in option.legs)


def _written(
    answer: Comparison | Plan, itineraries: tuple[Itinerary, ...], form: str, case: Case
) -> bytes:
    writers: dict[str, Callable[[], str]] = {
        "json": lambda: as_json(answer.to_dict()),
        "drawn": lambda: _drawn(answer),
        "geojson": lambda: _geojson(answer, itineraries),
        "csv": lambda: _csv(itineraries),
        "html": lambda: _html(answer, case),
    }
    return writers[form]().encode()


def _today() -> date:
    return datetime.now(UTC).date()


def as_json(value: object) -> str:
    """Return JSON without a blank too many."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _drawn(answer: Comparison | Plan) -> str:
    from landbridge.report.drawn import drawn

    if isinstance(answer, Plan):
        raise InvariantError("only comparisons are drawn")
    return as_json(drawn(answer))


def _geojson(answer: Comparison | Plan, itineraries: tuple[Itinerary, ...]) -> str:
    from landbridge.report.geojson import itineraries_geojson

    drawn = [itinerary for itinerary in itineraries if itinerary.legs]
    return as_json(itineraries_geojson(drawn, request=answer.request, provenance=answer.provenance))


def _csv(itineraries: tuple[Itinerary, ...]) -> str:
    from landbridge.report.csvtable import itineraries_csv

    return itineraries_csv(itineraries)


def _html(answer: Comparison | Plan, case: Case) -> str:
    from landbridge.report.document import render

    return render(answer, case=case)
