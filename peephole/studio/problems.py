"""Failures as HTTP answers: the same four words (what, remedy, setting, id) whatever went wrong."""

from __future__ import annotations

import logging
from typing import ClassVar

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from peephole.core.errors import PeepholeError
from peephole.engine.events import Problem
from peephole.studio.wire.base import Failure

_log = logging.getLogger("peephole.studio")


class StudioError(PeepholeError):
    """What was asked cannot be done.  status: of the HTTP answer."""

    id: ClassVar[str] = "studio"
    status: ClassVar[int] = 400


class NotThereError(StudioError):
    """There is no such document, port, file or template."""

    id = "not-there"
    status = 404


class NotAllowedError(StudioError):
    """It is outside what the studio may touch."""

    id = "not-allowed"
    status = 403


class NotComputedError(StudioError):
    """The port's value is not there yet, and cannot be had cheaply."""

    id = "not-computed"
    status = 409


class TakenError(StudioError):
    """A file of that name is there already."""

    id = "taken"
    status = 409


class TooLargeError(StudioError):
    """More than the studio takes."""

    id = "too-large"
    status = 413


class GoneError(StudioError):
    """The browser has closed the connection before the answer was there."""

    id = "gone"
    status = 499


class UntrustedError(StudioError):
    """The workflow comes from elsewhere, and the person has not let it run yet."""

    id = "untrusted"
    status = 403


class EndingError(StudioError):
    """The studio is being stopped."""

    id = "ending"
    status = 503


def problem_from(error: PeepholeError) -> Problem:
    """A failure as it is told."""
    return Problem(id=error.id, what=error.what, remedy=error.remedy, setting=error.setting)


def failure(problem: Problem, status: int) -> JSONResponse:
    """The answer that tells a problem."""
    return JSONResponse(Failure(problem=problem).model_dump(mode="json"), status_code=status)


def install(app: FastAPI) -> None:
    """Have the app tell every failure in this form."""

    @app.exception_handler(PeepholeError)
    async def told(_: Request, error: PeepholeError) -> Response:
        return failure(problem_from(error), getattr(error, "status", 400))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        what = f"The request does not fit: {place}: {first['msg']}."
        return failure(Problem(id="request", what=what, remedy="Reload the page."), 422)

    @app.exception_handler(HTTPException)
    async def plain(_: Request, error: HTTPException) -> Response:
        return failure(Problem(id="request", what=f"{error.detail}.", remedy="Reload the page."), error.status_code)

    @app.exception_handler(Exception)
    async def mistake(_: Request, error: Exception) -> Response:
        _log.exception("A request failed", exc_info=error)
        what = f"The studio made a mistake: {type(error).__name__}: {error}"
        return failure(Problem(id="mistake", what=what, remedy="Try again; the terminal tells the details."), 500)
