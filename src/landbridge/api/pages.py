"""Routes of the page: its files, what it offers to choose from, scenarios, charts, many sources."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Body, FastAPI, Query, Request
from fastapi import Path as InPath
from starlette.exceptions import HTTPException
from starlette.responses import Response

from landbridge.api.answers import Answers
from landbridge.api.examples import shown
from landbridge.api.page import Page
from landbridge.api.schemas import ComparisonQuestion
from landbridge.api.worker import Worker, sent
from landbridge.scenarios.case import Case

MADE = ("land.json", "labels.json")
"""Files that the server makes of its outline of the world, once."""
MOST_IDS = 400
SVG: dict[int | str, dict[str, Any]] = {
    200: {"description": "The chart.", "content": {"image/svg+xml": {}}}
}


FOUNDING_CASE: Any = {
    "founding case": {"value": {"origin": "Mumbai", "destination": "Moscow"}},
}


def add_page(app: FastAPI, answers: Callable[[], Answers], worker: Worker) -> None:
    """Add what the page needs: its files at `/`, and routes of their own use to others."""
    page = Page()

    @app.get("/", include_in_schema=False)
    async def index(request: Request) -> Response:
        return _found(page.answer("index.html", request))

    @app.get("/web/{name:path}", include_in_schema=False)
    async def static(name: str, request: Request) -> Response:
        if name not in MADE:
            return _found(page.answer(name, request))
        body = b"" if page.has(name) else await worker.run(partial(_made, name))
        return page.made(name, body, request)

    @app.get(
        "/v1/choices",
        responses=shown("choices"),
        summary="Goods, units, jurisdictions: what a question may say",
    )
    async def choices() -> dict[str, Any]:
        return _choices()

    @app.get(
        "/v1/scenarios",
        responses=shown("scenarios"),
        summary="The bundled scenarios: what they change, and why",
    )
    async def scenarios() -> dict[str, list[dict[str, Any]]]:
        return {"scenarios": _scenarios()}

    @app.get(
        "/v1/evidence", responses=shown("many"), summary="Parameters and sources, many at once"
    )
    async def evidence(
        ids: Annotated[list[str], Query(alias="id", max_length=MOST_IDS, examples=[["BT108"]])],
    ) -> dict[str, Any]:
        return _evidence(answers().case, ids)

    @app.post("/v1/charts/{kind}", responses=SVG, summary="A chart of a comparison, as SVG")
    async def charts(
        request: Request,
        kind: Annotated[Literal["tcd", "tornado"], InPath(examples=["tcd"])],
        question: Annotated[ComparisonQuestion, Body(openapi_examples=FOUNDING_CASE)],
        corridor: Annotated[str, Query(max_length=100, examples=["instc-west"])] = "",
    ) -> Response:
        key = answers().key(f"chart {kind} {corridor}", question, "svg")
        work = partial(answers().chart, question, kind, corridor)
        return sent(await worker.answered(key, work), request, "image/svg+xml")


def _made(name: str) -> bytes:
    from landbridge.report.drawn import labels, land

    made = land() if name == "land.json" else labels()
    return json.dumps(made, separators=(",", ":")).encode()


def _found(response: Response | None) -> Response:
    if response is None:
        raise HTTPException(404, "Not Found")
    return response


def _choices() -> dict[str, Any]:
    from landbridge.compliance.rulebook import load_rulebook
    from landbridge.domain.cargo import UNIT_SIZE_TEU
    from landbridge.domain.request import REFERENCE_DATE
    from landbridge.parameters import goods_classes

    return {
        "units": list(UNIT_SIZE_TEU),
        "goods": [
            {"id": row.name, "title": row.title, "behaviour": row.behaviour}
            for row in goods_classes()
        ],
        "jurisdictions": list(load_rulebook().codes),
        "reference_date": REFERENCE_DATE.isoformat(),
    }


def _scenarios() -> list[dict[str, Any]]:
    from landbridge.scenarios.load import bundled, bundled_names

    return [
        {
            "id": one.name,
            "title": one.title,
            "note": one.note,
            "sources": list(one.sources),
            "reasons": list(dict.fromkeys(change.reason for change in one.changes)),
        }
        for one in map(bundled, bundled_names())
    ]


def _evidence(case: Case, ids: list[str]) -> dict[str, Any]:
    """Return the parameters and sources of these ids; an unknown id is left out."""
    from landbridge.evidence.sources import sources
    from landbridge.parameters.select import as_row

    rows = {row.label: row for row in case.parameters}
    asked = [rows[id_] for id_ in dict.fromkeys(ids) if id_ in rows]
    cited = {key for row in asked for key in row.evidence} | set(ids)
    return {
        "parameters": [as_row(row) for row in asked],
        "sources": {key: asdict(sources()[key]) for key in sorted(cited) if key in sources()},
    }
