"""What goes wrong, as `application/problem+json` (RFC 9457): what, where, what would be right."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route

from landbridge.api.wording import in_fields, said
from landbridge.errors import InvariantError, LandbridgeError, ParameterError, RequestError

MEDIA_TYPE = "application/problem+json"
NOT_SO = 405
NO_SUCH, ASKED_WRONG, OUR_FAULT, TOO_BUSY = 404, 422, 500, 503
MALFORMED, OURS = "the question is malformed or ambiguous", "an error of ours"
RETRY_AFTER_S = 2
FIELD_OF_PLACE = {
    "ORIGIN": "origin", "DESTINATION": "destination", "--via": "via", "--avoid": "avoid",
    "--depart": "depart", "--goods": "goods", "--mode": "modes", "--scope": "scope",
    "--objective": "objective", "--corridor": "corridors", "--samples": "samples",
    "--deadline": "deadline", "--jurisdiction": "jurisdictions", "--flag": "flag",
    "--vessel": "vessel", "--scenario": "scenarios", "--tonnes": "tonnes", "--unit": "unit",
    "--units": "units",
    "--value-usd": "value_usd", "--operator": "operator", "--epsilon": "epsilon",
    "--alternatives": "alternatives", "ORIGINS": "origins", "DESTINATIONS": "destinations",
    "PAIRS.csv": "pairs", "--format parquet": "format", "--on": "on",
}  # fmt: skip
"""The field of a question that the command line calls by another name."""


class Problem(BaseModel):
    """What is wrong with a question, or with us."""

    type: str = Field(default="about:blank", description="always about:blank: `title` says it all")
    title: str = Field(examples=["the question is malformed or ambiguous"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["no place 'Mumbay'"])
    where: str = Field(default="", description="the field at fault", examples=["origin"])
    hint: str = Field(
        default="", description="the nearest right thing", examples=["did you mean Mumbai?"]
    )
    problems: list[str] = Field(default_factory=list, description="all of them, if several")


class NotFoundError(RequestError):
    """There is nothing of this id, or no longer."""


class TooBusyError(Exception):
    """As many questions are waiting as may wait."""


class TooLongError(Exception):
    """The answer took longer than a caller may wait."""


def problem(
    status: int, title: str, detail: str, *, where: str = "", hint: str = "",
    problems: tuple[str, ...] = (), headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """Return the response that says what is wrong."""
    found = Problem(
        title=title, status=status, detail=detail, where=where, hint=hint, problems=list(problems)
    )
    return answered(found, headers)


def problem_of(error: Exception) -> Problem:
    """Return what is wrong, of an error that was raised: the program's own say it themselves."""
    if not isinstance(error, LandbridgeError) or isinstance(error, InvariantError):
        said = str(error) if isinstance(error, LandbridgeError) else type(error).__name__
        return Problem(title=OURS, status=OUR_FAULT, detail=said, hint="please report it")
    is_ours = isinstance(error, ParameterError)
    return Problem(
        title="the parameters cannot be used" if is_ours else MALFORMED,
        status=NO_SUCH if isinstance(error, NotFoundError) else ASKED_WRONG,
        detail=in_fields(error.message),
        where=FIELD_OF_PLACE.get(error.where, error.where),
        hint=in_fields(error.hint),
        problems=list(getattr(error, "problems", ())),
    )


def answered(found: Problem, headers: dict[str, str] | None = None) -> Response:
    """Return the response that says what is wrong."""
    return JSONResponse(
        found.model_dump(), status_code=found.status, media_type=MEDIA_TYPE, headers=headers
    )


def handled(app: FastAPI) -> None:
    """Make every failure of the application a problem in one form."""

    @app.exception_handler(LandbridgeError)
    async def own(_: Request, error: LandbridgeError) -> Response:
        return answered(problem_of(error))

    @app.exception_handler(TooBusyError)
    async def busy(_: Request, error: TooBusyError) -> Response:
        return problem(
            TOO_BUSY, "too many questions at once", str(error), hint="ask again in a moment",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )  # fmt: skip

    @app.exception_handler(TooLongError)
    async def long(_: Request, error: TooLongError) -> Response:
        return problem(
            TOO_BUSY, "the answer takes too long", str(error), hint="ask for less, or a job",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )  # fmt: skip

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        found = [said(item) for item in error.errors()]
        where, detail, hint = found[0] if found else ("", "the body cannot be read", "")
        several = tuple(
            str(RequestError(text, where=place, hint=right)) for place, text, right in found
        )
        return problem(
            ASKED_WRONG, MALFORMED, detail, where=where, hint=hint,
            problems=several if len(several) > 1 else (),
        )  # fmt: skip

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if error.status_code == NOT_SO:
            headers["Allow"] = ", ".join(_methods(app, request))
        return problem(error.status_code, "no answer", str(error.detail), headers=headers)


def _methods(app: FastAPI, request: Request) -> list[str]:
    """Return the methods of all routes of a path: each route knows its own only."""
    routes = [
        route
        for route in app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
    ]
    return sorted({method for route in routes for method in route.methods or ()})


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text, "content": {MEDIA_TYPE: {}}}
    for status, text in (
        (400, "The body is not JSON."),
        (401, "A token is wanted."),
        (403, "Asked under another name, or by a page of another site."),
        (408, "The body took too long to come."),
        (413, "The body is too large."),
        (ASKED_WRONG, "The question is malformed or ambiguous."),
        (OUR_FAULT, "An error of ours."),
        (TOO_BUSY, "Too many questions at once, or one too long; see Retry-After."),
    )
}
"""Responses that every question may get."""
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    NO_SUCH: {"model": Problem, "description": "None of this id.", "content": {MEDIA_TYPE: {}}}
}
