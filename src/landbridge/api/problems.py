"""What goes wrong, as `application/problem+json` (RFC 9457): what, where, what would be right."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from landbridge.errors import InvariantError, LandbridgeError, ParameterError

MEDIA_TYPE = "application/problem+json"
ASKED_WRONG, OUR_FAULT, TOO_BUSY = 422, 500, 503
RETRY_AFTER_S = 2
FIELD_OF_PLACE = {
    "ORIGIN": "origin", "DESTINATION": "destination", "--via": "via", "--avoid": "avoid",
    "--depart": "depart", "--goods": "goods", "--mode": "modes", "--scope": "scope",
    "--objective": "objective", "--corridor": "corridors", "--samples": "samples",
    "--deadline": "deadline", "--jurisdiction": "jurisdictions", "--flag": "flag",
    "--scenario": "scenarios", "--tonnes": "tonnes", "--unit": "unit", "--units": "units",
    "--value-usd": "value_usd", "--operator": "operator", "--epsilon": "epsilon",
    "--alternatives": "alternatives",
}  # fmt: skip
"""The field of a question that the command line calls by another name."""


class Problem(BaseModel):
    """What is wrong with a question, or with us."""

    type: str = Field("about:blank", description="always about:blank: `title` says it all")
    title: str = Field(examples=["the question is malformed or ambiguous"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["no place 'Mumbay'"])
    where: str = Field("", description="the field at fault", examples=["origin"])
    hint: str = Field("", description="the nearest right thing", examples=["did you mean Mumbai?"])
    problems: list[str] = Field(default_factory=list, description="all of them, if several")


class TooBusyError(Exception):
    """As many questions are waiting as may wait."""


class TooLongError(Exception):
    """The answer took longer than a caller may wait."""


def problem(
    status: int, title: str, detail: str, *, where: str = "", hint: str = "",
    problems: tuple[str, ...] = (), headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """Return the response that says what is wrong."""
    body = Problem(
        type="about:blank", title=title, status=status, detail=detail, where=where, hint=hint,
        problems=list(problems),
    )  # fmt: skip
    return JSONResponse(
        body.model_dump(), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def of_error(error: LandbridgeError) -> Response:
    """Return the response for one of the program's own errors."""
    if isinstance(error, InvariantError):
        return problem(OUR_FAULT, "an error of ours", str(error))
    found = getattr(error, "problems", ())
    title = "the question is malformed or ambiguous"
    if isinstance(error, ParameterError):
        title = "the parameters cannot be used"
    return problem(
        ASKED_WRONG, title, error.message, where=FIELD_OF_PLACE.get(error.where, error.where),
        hint=error.hint, problems=found,
    )  # fmt: skip


def handled(app: FastAPI) -> None:
    """Make every failure of the application a problem in one form."""

    @app.exception_handler(LandbridgeError)
    async def own(_: Request, error: LandbridgeError) -> Response:
        return of_error(error)

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
        found = [_said(item) for item in error.errors()]
        where, detail = found[0] if found else ("", "the body cannot be read")
        several = tuple(f"{place}: {text}" for place, text in found) if len(found) > 1 else ()
        return problem(
            ASKED_WRONG, "the question is malformed or ambiguous", detail, where=where,
            problems=several,
        )  # fmt: skip

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> Response:
        headers = dict(error.headers) if error.headers else None
        return problem(error.status_code, "no answer", str(error.detail), headers=headers)

    @app.exception_handler(Exception)
    async def fault(_: Request, error: Exception) -> Response:
        return problem(OUR_FAULT, "an error of ours", type(error).__name__, hint="please report it")


def _said(item: Any) -> tuple[str, str]:  # noqa: ANN401 - pydantic's own dictionaries
    place = ".".join(str(part) for part in item["loc"] if part not in ("body", "query", "path"))
    return place, str(item["msg"])


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text, "content": {MEDIA_TYPE: {}}}
    for status, text in (
        (400, "The body is not JSON."),
        (401, "A token is wanted."),
        (413, "The body is too large."),
        (ASKED_WRONG, "The question is malformed or ambiguous."),
        (TOO_BUSY, "Too many questions at once, or one too long; see Retry-After."),
    )
}
"""Responses that every question may get."""
