"""The application: routes over one case."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi import Path as InPath
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse

from landbridge import __version__
from landbridge.api.answers import Answers
from landbridge.api.examples import shown
from landbridge.api.following import add_jobs
from landbridge.api.guard import LOOPBACK, Guard
from landbridge.api.jobs import Jobs, ends_with_signal
from landbridge.api.metrics import Metrics
from landbridge.api.pages import add_page
from landbridge.api.problems import NOT_FOUND, PROBLEMS, NotFoundError, handled
from landbridge.api.questions import add_questions
from landbridge.api.schemas import Day, Places
from landbridge.api.settings import Settings
from landbridge.api.worker import Worker
from landbridge.report.ask import by_id
from landbridge.report.compare import nan_to_none
from landbridge.report.nearest import nearest
from landbridge.scenarios.case import Case

Begun = Annotated[bool, Query(description="as typed so far: names that begin so", examples=[True])]


def _warm(answers: Answers) -> None:
    """Compile what the first question waits for; what is open then stays open."""
    answers.warm()
    gc.collect()
    gc.freeze()  # no collection walks the half million objects of the dataset again
    gc.enable()  # a command ends before its garbage matters, and has turned it off


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
    worker = Worker(chosen)
    metrics = Metrics(lambda: worker.waiting)
    opened: list[Answers] = []
    working: list[Jobs] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with TemporaryDirectory(prefix="landbridge-jobs-") as folder:
            shared = chosen.folder or Path(folder)
            opened.append(Answers(chosen, case))
            working.append(Jobs(chosen, shared / "jobs"))
            worker.kept.share(shared / "kept")
            ends_with_signal(jobs().ending)
            metrics.share(shared / "counts")
            watching = [
                asyncio.create_task(work) for work in (jobs().watch(), metrics.write_now_and_then())
            ]
            if ready is not None:
                ready()
                worker.begin(partial(_warm, answers()))
            yield
            for task in watching:
                task.cancel()
            await asyncio.wait(watching)
            jobs().close()
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

    def jobs() -> Jobs:
        return working[0]

    @app.get(
        "/v1/places",
        responses=shown("places"),
        summary="What a text means",
    )
    async def places(
        q: Annotated[str, Query(min_length=1, max_length=200, examples=["Мумбаи"])],
        limit: Annotated[int, Query(ge=1, le=20, examples=[5])] = 10,
        begun: Begun = False,  # noqa: FBT002 - a query parameter
    ) -> Places:
        return Places.model_validate(answers().places(q, limit, is_begun=begun))

    @app.get(
        "/v1/corridors",
        responses=shown("corridors"),
        summary="The corridors and their rules",
    )
    async def corridors() -> dict[str, list[dict[str, Any]]]:
        known = by_id(answers().case.dataset.corridors)
        return {"corridors": [asdict(known[key]) for key in sorted(known)]}

    @app.get(
        "/v1/passages",
        responses=shown("passages"),
        summary="The named straits and canals",
    )
    async def passages() -> dict[str, list[Any]]:
        known = by_id(answers().case.dataset.passages)
        return {"passages": [nan_to_none(asdict(known[key])) for key in sorted(known)]}

    @app.get(
        "/v1/events",
        responses=shown("events"),
        summary="What opened, closed or was avoided, and when",
    )
    async def events(
        on: Annotated[Day | None, Query(examples=["2024-03-01"])] = None,
    ) -> dict[str, list[dict[str, object]]]:
        from landbridge.report.dates import chosen_facts

        day = None if on is None else on.isoformat()
        facts = chosen_facts(answers().case.dataset, on=day)
        return {"events": [fact.to_dict() for fact in facts]}

    @app.get(
        "/v1/evidence/{id_}",
        responses={**shown("evidence"), **NOT_FOUND},
        summary="A parameter or a source, by its id",
    )
    async def evidence(
        id_: Annotated[str, InPath(min_length=1, max_length=200, examples=["BT108"])],
    ) -> dict[str, Any]:
        return _evidence(answers().case, id_)

    @app.get(
        "/healthz",
        responses=shown("healthz"),
        summary="Whether the server answers",
    )
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__, "case": answers().case.digest}

    @app.get("/metrics", response_class=PlainTextResponse, summary="Counts, for Prometheus")
    async def counted() -> str:
        return metrics.text()

    add_questions(app, chosen, answers, worker, jobs)
    add_jobs(app, jobs)
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
    raise NotFoundError(
        f"no parameter or source '{id_}'", where="id", hint=nearest(id_, [*rows, *sources()])
    )
