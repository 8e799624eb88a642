"""Routes of jobs: where one stands, its progress as it happens, its result, its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Header
from fastapi import Path as InPath
from starlette.responses import FileResponse, Response, StreamingResponse

from landbridge.api.answers import MEDIA_TYPES
from landbridge.api.jobs import ID_FORM, Jobs
from landbridge.api.problems import MEDIA_TYPE, NOT_FOUND, Problem, answered, problem
from landbridge.api.schemas import Job

NOT_YET = 409
LastEventId = Annotated[
    int,
    Header(alias="Last-Event-ID", ge=0, le=2**31, description="go on after this one", examples=[7]),
]
JobId = Annotated[str, InPath(pattern=ID_FORM, examples=["5f0c1e9a7d3b4826b1c09e55aa10f3d2"])]
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events named by state, each with the job as data; ends with the job.",
        "content": {"text/event-stream": {}},
    },
    **NOT_FOUND,
}
RESULT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The result in the form asked for.",
        "content": {media.partition(";")[0]: {} for media in MEDIA_TYPES.values()},
    },
    **NOT_FOUND,
    NOT_YET: {"model": Problem, "description": "Not done yet.", "content": {MEDIA_TYPE: {}}},
    410: {"model": Problem, "description": "It was stopped.", "content": {MEDIA_TYPE: {}}},
    500: {"model": Problem, "description": "It failed.", "content": {MEDIA_TYPE: {}}},
}


def add_jobs(app: FastAPI, jobs: Callable[[], Jobs]) -> None:
    """Add the routes of jobs."""

    @app.get("/v1/jobs/{job}", responses=NOT_FOUND, summary="Where a job stands")
    async def state(job: JobId) -> Job:
        return jobs().get(job)

    @app.get("/v1/jobs/{job}/events", responses=STREAM, summary="Its progress, as it happens")
    async def events(
        job: JobId,
        last: LastEventId = 0,
    ) -> Response:
        """Server-sent events; whoever comes back with `Last-Event-ID` misses none."""
        jobs().get(job)
        return StreamingResponse(
            jobs().follow(job, last),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    @app.get("/v1/jobs/{job}/result", responses=RESULT, summary="Its result, once done")
    async def result(job: JobId) -> Response:
        found = jobs().get(job)
        if found.problem is not None:
            return answered(found.problem)
        if found.state != "done":
            return problem(
                NOT_YET, "not yet", f"the job is {found.state}", hint=f"follow {found.events}"
            )
        return FileResponse(jobs().result(job), media_type=MEDIA_TYPES[jobs().form(job)])

    @app.delete("/v1/jobs/{job}", responses=NOT_FOUND, summary="Stop it and remove it")
    async def cancel(job: JobId) -> Job:
        """Stop a job if it has not ended, forget its result, and say how it ended."""
        return await jobs().cancel(job)
