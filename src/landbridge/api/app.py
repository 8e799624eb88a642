"""The application: routes over one case."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Body, FastAPI, Path, Query
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse, Response

from landbridge import __version__
from landbridge.api.answers import MEDIA_TYPES, Answers
from landbridge.api.guard import LOOPBACK, Guard
from landbridge.api.metrics import Metrics
from landbridge.api.pages import add_page
from landbridge.api.problems import PROBLEMS, handled
from landbridge.api.schemas import ComparisonQuestion, Places, PlanQuestion
from landbridge.api.settings import Settings
from landbridge.api.worker import Worker
from landbridge.errors import RequestError
from landbridge.report.ask import by_id, nearest
from landbridge.report.compare import nan_to_none
from landbridge.scenarios.case import Case

Form = Literal["json", "geojson", "csv", "html"]
ComparisonForm = Literal["json", "geojson", "csv", "html", "drawn"]
FormQuery = Annotated[Form, Query(alias="format", description="form of the answer")]
ComparisonFormQuery = Annotated[
    ComparisonForm,
    Query(alias="format", description="form of the answer; `drawn`: JSON with lines for a map"),
]
EXAMPLES = {
    "founding case": {"value": {"origin": "Mumbai", "destination": "Moscow"}},
    "a box of parts, on a date": {
        "value": {
            "origin": "INNSA",
            "destination": "Saint Petersburg",
            "unit": "20ft",
            "tonnes": 10,
            "value_usd": 60000,
            "depart": "2024-03-01",
            "corridors": ["instc-west", "suez-baltic"],
        }
    },
}  # fmt: skip
FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer of the command line in the same form.",
        "content": {media.partition(";")[0]: {} for media in MEDIA_TYPES.values()},
    }
}


def create_app(
    settings: Settings | None = None,
    *,
    case: Case | None = None,
    is_remote: bool = False,
    ready: Callable[[], None] | None = None,
) -> FastAPI:
    """Return the application; the case is opened when the server starts.

    Parameters
    ----------
    settings
        Limits; the defaults if None.
    case
        A loaded case, in place of the settings' dataset.
    is_remote
        Whether it may be asked under any host name, not only this machine's own.
    ready
        Called once the case is open and questions are answered.
    """
    chosen = settings or Settings()
    worker, metrics = Worker(chosen), Metrics()
    opened: list[Answers] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        opened.append(Answers(chosen, case))
        if ready is not None:
            ready()
        yield
        worker.close()

    app = FastAPI(
        title="Landbridge",
        version=__version__,
        description="Freight corridors compared, door to door. A screen, not legal advice.",
        lifespan=lifespan,
        responses=PROBLEMS,
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
    )
    handled(app)

    def answers() -> Answers:
        return opened[0]

    async def kept(key: str, work: Callable[[], bytes], form: str) -> Response:
        body = await worker.answered(key, work)
        return Response(body, media_type=MEDIA_TYPES[form])

    @app.post("/v1/comparisons", responses=FORMS, summary="Set corridors side by side")
    async def comparisons(
        question: Annotated[ComparisonQuestion, Body(openapi_examples=EXAMPLES)],
        form: ComparisonFormQuery = "json",
    ) -> Response:
        work = partial(answers().comparison, question, form)
        return await kept(answers().key("comparison", question, form), work, form)

    @app.post("/v1/plans", responses=FORMS, summary="Plan the way between two places")
    async def plans(
        question: Annotated[PlanQuestion, Body(openapi_examples=EXAMPLES)],
        form: FormQuery = "json",
    ) -> Response:
        work = partial(answers().plan, question, form)
        return await kept(answers().key("plan", question, form), work, form)

    @app.get("/v1/places", summary="What a text means")
    async def places(
        q: Annotated[str, Query(min_length=1, max_length=200, examples=["Мумбаи"])],
        limit: Annotated[int, Query(ge=1, le=20)] = 10,
        begun: Annotated[bool, Query(description="as typed so far: names that begin so")] = False,  # noqa: FBT002 - a query parameter
    ) -> Places:
        return Places.model_validate(answers().places(q, limit, is_begun=begun))

    @app.get("/v1/corridors", summary="The corridors and their rules")
    async def corridors() -> dict[str, list[dict[str, Any]]]:
        known = by_id(answers().case.dataset.corridors)
        return {"corridors": [asdict(known[key]) for key in sorted(known)]}

    @app.get("/v1/passages", summary="The named straits and canals")
    async def passages() -> dict[str, list[Any]]:
        known = by_id(answers().case.dataset.passages)
        return {"passages": [nan_to_none(asdict(known[key])) for key in sorted(known)]}

    @app.get("/v1/events", summary="What opened, closed or was avoided, and when")
    async def events(
        on: Annotated[str | None, Query(max_length=10, examples=["2024-03-01"])] = None,
    ) -> dict[str, list[dict[str, object]]]:
        from landbridge.report.dates import chosen_facts

        facts = chosen_facts(answers().case.dataset, on=on)
        return {"events": [fact.to_dict() for fact in facts]}

    @app.get("/v1/evidence/{id_}", summary="A parameter or a source, by its id")
    async def evidence(
        id_: Annotated[str, Path(min_length=1, max_length=200, examples=["BT108"])],
    ) -> dict[str, Any]:
        return _evidence(answers().case, id_)

    @app.get("/healthz", summary="Whether the server answers")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__, "case": answers().case.digest}

    @app.get("/metrics", response_class=PlainTextResponse, summary="Counts, for Prometheus")
    async def counted() -> str:
        return metrics.text(worker.waiting)

    add_page(app, answers, worker)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(
        Guard,
        settings=chosen,
        metrics=metrics,
        hosts=frozenset() if is_remote else LOOPBACK,
    )
    return app


def _evidence(case: Case, id_: str) -> dict[str, Any]:
    from landbridge.evidence.sources import sources
    from landbridge.parameters.select import as_row

    rows = {row.label: row for row in case.parameters}
    if id_ in rows:
        row = rows[id_]
        cited = [asdict(sources()[key]) for key in row.evidence if key in sources()]
        return {"kind": "parameter", **as_row(row), "sources": cited}
    if id_ in sources():
        using = sorted(label for label, row in rows.items() if id_ in row.evidence)
        return {"kind": "source", **asdict(sources()[id_]), "parameters": using}
    raise RequestError(
        f"no parameter or source '{id_}'", where="id", hint=nearest(id_, [*rows, *sources()])
    )
