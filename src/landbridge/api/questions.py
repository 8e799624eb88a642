"""Routes that take a question: answered at once, or as a job."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal, get_args

from fastapi import Body, FastAPI, Header, Query, Request
from starlette.responses import JSONResponse, Response

from landbridge.api.answers import MEDIA_TYPES, Answers
from landbridge.api.examples import shown
from landbridge.api.jobs import Jobs
from landbridge.api.schemas import (
    Asked,
    ComparisonQuestion,
    Job,
    LossesQuestion,
    MatrixQuestion,
    PlanQuestion,
    SweepQuestion,
    ValidationQuestion,
)
from landbridge.api.settings import Settings
from landbridge.api.work import KINDS, untold
from landbridge.api.worker import Worker, sent
from landbridge.errors import RequestError

ASYNC = "respond-async"
Prefer = Annotated[
    str,
    Header(
        alias="Prefer",
        max_length=200,
        description=f"`{ASYNC}`: take it as a job, whatever its size (RFC 7240)",
        examples=[ASYNC],
    ),
]


FORM = Query(alias="format", description="form of the answer", examples=["json"])
PlanForm = Literal["json", "geojson", "csv", "html"]
ComparisonForm = Literal["json", "geojson", "csv", "html", "drawn"]
MatrixForm = Literal["json", "csv", "npy", "parquet"]
SweepForm = Literal["json", "csv", "parquet"]
LossesForm = Literal["json", "csv"]
ValidationForm = Literal["json", "html"]


def _examples(**values: dict[str, Any]) -> Any:  # noqa: ANN401 - FastAPI's own
    named: Any = {name.replace("_", " "): {"value": value} for name, value in values.items()}
    return Body(openapi_examples=named)


def _responses(*forms: str, example: str = "") -> dict[int | str, dict[str, Any]]:
    job = {
        "model": Job,
        "description": "Taken in as a job.",
        "headers": {"Location": {"description": "the job", "schema": {"type": "string"}}},
    }
    if not example:
        return {202: job}
    answer = shown(example, "The answer of the command line in the same form.")[200]
    others: dict[str, Any] = {
        MEDIA_TYPES[form].partition(";")[0]: {} for form in forms if form != "json"
    }
    return {200: {**answer, "content": {**answer["content"], **others}}, 202: job}


JOURNEYS = {
    "founding_case": {"origin": "Mumbai", "destination": "Moscow"},
    "a_box_of_parts,_on_a_date": {
        "origin": "INNSA",
        "destination": "Saint Petersburg",
        "unit": "20ft",
        "tonnes": 10,
        "value_usd": 60000,
        "depart": "2024-03-01",
        "corridors": ["instc-west", "suez-baltic"],
    },
}
PAIRS = [
    {"origin": "Mumbai", "destination": "Moscow"},
    {"origin": "Pune", "destination": "Kazan", "weight": 3},
]


def add_questions(
    app: FastAPI,
    settings: Settings,
    answers: Callable[[], Answers],
    worker: Worker,
    jobs: Callable[[], Jobs],
) -> None:
    """Add the routes that take a question."""

    def taken_in(kind: str, question: Asked, form: str, *, is_preferred: bool = False) -> Response:
        job = jobs().start(kind, form, question)
        headers = {"Location": job.path}
        if is_preferred:
            headers["Preference-Applied"] = ASYNC
        return JSONResponse(job.model_dump(), 202, headers)

    async def answered(
        request: Request, kind: str, question: Asked, form: str, prefer: str
    ) -> Response:
        if ASYNC in [word.strip() for word in prefer.split(",")]:
            return taken_in(kind, question, form, is_preferred=True)
        work = partial(KINDS[kind].work, answers(), question, form, untold)
        body = await worker.answered(answers().key(kind, question, form), work)
        return sent(body, request, MEDIA_TYPES[form])

    @app.post(
        "/v1/comparisons",
        responses=_responses(*get_args(PlanForm), example="comparisons"),
        summary="Set corridors side by side",
    )
    async def comparisons(
        request: Request,
        question: Annotated[ComparisonQuestion, _examples(**JOURNEYS)],
        form: Annotated[ComparisonForm, FORM] = "json",
        prefer: Prefer = "",
    ) -> Response:
        """`format=drawn` is JSON with lines for a map."""
        answers().check(question)
        return await answered(request, "comparison", question, form, prefer)

    @app.post(
        "/v1/plans",
        responses=_responses(*get_args(PlanForm), example="plans"),
        summary="Plan the way of a box",
    )
    async def plans(
        request: Request,
        question: Annotated[PlanQuestion, _examples(**JOURNEYS)],
        form: Annotated[PlanForm, FORM] = "json",
        prefer: Prefer = "",
    ) -> Response:
        answers().check(question)
        return await answered(request, "plan", question, form, prefer)

    @app.post(
        "/v1/matrices",
        responses=_responses(*get_args(MatrixForm), example="matrices"),
        summary="Every pair of two lists of places",
    )
    async def matrices(
        request: Request,
        question: Annotated[
            MatrixQuestion,
            _examples(
                two_by_three={
                    "origins": ["Mumbai", "INNSA"],
                    "destinations": ["Moscow", "Kazan", "56.84,60.65"],
                },
                each_to_each={"origins": ["Delhi", "Tehran", "Baku"], "unit": "20ft"},
            ),
        ],
        form: Annotated[MatrixForm, FORM] = "json",
        prefer: Prefer = "",
    ) -> Response:
        """Answered at once if small, else 202 and a job."""
        if question.cells > settings.most_cells:
            raise RequestError(
                f"{question.cells:,} pairs: at most {settings.most_cells:,} here",
                where="ORIGINS",
                hint="ask for a part of the origins at a time",
            )
        if question.cells > settings.most_short_cells:
            return taken_in("matrix", question, form)
        return await answered(request, "matrix", question, form, prefer)

    @app.post(
        "/v1/sweeps",
        responses=_responses(),
        status_code=202,
        summary="Many pairs under many scenarios, as a job",
    )
    async def sweeps(
        question: Annotated[
            SweepQuestion,
            _examples(two_pairs={"pairs": PAIRS, "scenarios": ["rasht-astara-open"]}),
        ],
        form: Annotated[SweepForm, FORM] = "json",
    ) -> Response:
        cells = len(question.pairs) * (len(question.scenarios) + 1)
        if cells > settings.most_cells:
            raise RequestError(
                f"{cells:,} cells: at most {settings.most_cells:,} here", where="PAIRS.csv"
            )
        return taken_in("sweep", question, form)

    @app.post(
        "/v1/losses",
        responses=_responses(),
        status_code=202,
        summary="What the loss of each place on the best ways costs, as a job",
    )
    async def losses(
        question: Annotated[LossesQuestion, _examples(two_pairs={"pairs": PAIRS})],
        form: Annotated[LossesForm, FORM] = "json",
    ) -> Response:
        return taken_in("losses", question, form)

    @app.get(
        "/v1/validation",
        responses=shown("validation"),
        summary="How far answers were from published figures, as recorded",
    )
    async def recorded() -> dict[str, Any]:
        """By mode, corridor group and kind of evidence; not `is_current` if the case changed."""
        from landbridge.validation.recorded import table

        found = table()
        return {**found, "is_current": found["case"] == answers().case.digest}

    @app.post(
        "/v1/validation",
        responses=_responses(),
        status_code=202,
        summary="Run the published figures again, as a job",
    )
    async def rerun(
        question: Annotated[ValidationQuestion, _examples(all_of_it={})],
        form: Annotated[ValidationForm, FORM] = "json",
    ) -> Response:
        return taken_in("validation", question, form)
