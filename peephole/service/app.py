"""The HTTP side of a service: rows in and out as JSON or Arrow, health, metrics, a page that explains it."""

from __future__ import annotations

import hmac
import json
import logging
import time
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
import pyarrow as pa
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from peephole import __version__
from peephole.service.describe import answer_schema, openapi, page, request_schema
from peephole.service.metrics import Metrics
from peephole.service.program import Program
from peephole.service.query import ComputeError
from peephole.service.rows import MOST_PROBLEMS, RowProblem, json_rows

ARROW = "application/vnd.apache.arrow.stream"
_log = logging.getLogger("peephole.service")
_OPEN = ("/health", "/docs", "/openapi.json")


@dataclass(frozen=True)
class Limits:
    """rows, megabytes: of one request, at most."""

    rows: int = 10_000
    megabytes: int = 64


class Refused(Exception):  # noqa: N818 - the answer to a request, not a failure of ours
    """A request that is answered with what is wrong with it."""

    def __init__(self, status: int, what: str, remedy: str, problems: list[RowProblem] | None = None) -> None:
        super().__init__(what)
        self.status = status
        self.body: dict[str, Any] = {"error": {"what": what, "remedy": remedy}}
        if problems:
            self.body["problems"] = [problem.to_json() for problem in problems[:MOST_PROBLEMS]]
            self.body["problem_count"] = len(problems)
        self.bad = len({(p.input, p.row) for p in problems or []})


def make_app(program: Program, *, token: str | None, limits: Limits | None = None) -> FastAPI:
    """The service.  token: must come with every request that sees data; None where everybody may ask."""
    bounds, metrics = limits or Limits(), Metrics()
    app = FastAPI(title=program.title, version=__version__, docs_url=None, redoc_url=None, openapi_url=None)

    @app.exception_handler(HTTPException)
    async def elsewhere(request: Request, error: HTTPException) -> Response:
        """A path or a method that is not there, told as everything else is."""
        what = f"{request.method} {request.url.path} is not offered ({error.detail})."
        refusal = _refusal(Refused(error.status_code, what, "Send rows by POST to /run; /docs tells more."))
        refusal.headers.update(error.headers or {})
        return refusal

    if token is not None:
        app.add_middleware(_Door, token=token)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok", "workflow": program.title}

    @app.get("/metrics")
    def counted() -> Response:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @app.get("/docs", response_class=HTMLResponse)
    def docs() -> HTMLResponse:
        return HTMLResponse(page(program, locked=token is not None), headers={"Content-Security-Policy": _POLICY})

    @app.get("/openapi.json")
    def described() -> dict[str, Any]:
        return openapi(program, locked=token is not None)

    @app.get("/schema")
    def schema() -> dict[str, Any]:
        return {"request": request_schema(program), "answer": answer_schema(program)}

    @app.post("/run")
    async def answer(request: Request, partial: bool = False, output: str | None = None) -> Response:
        metrics.begin()
        began, good, bad, status = time.monotonic(), 0, 0, 500
        try:
            body = await _body(request, bounds)
            response, good, bad = await anyio.to_thread.run_sync(
                _answer, program, bounds, request.headers, body, partial, output
            )
            status = response.status_code
            return response
        except Refused as refused:
            status, bad = refused.status, refused.bad
            return _refusal(refused)
        except Exception:  # whatever a node or a library does: told to whoever keeps the service, not to who asks
            _log.exception("A request failed")
            return _refusal(Refused(500, "The service made a mistake.", "Tell whoever keeps it: its log says more."))
        finally:
            metrics.end(status, time.monotonic() - began, good=good, bad=bad)

    return app


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:"


class _Door:
    """Lets in who has the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in _OPEN or _knows(Headers(scope=scope), self._token):
            await self._app(scope, receive, send)
        else:
            remedy = "Send the header Authorization: Bearer TOKEN."
            await _refusal(Refused(401, "The token is missing or wrong.", remedy))(scope, receive, send)


def _knows(headers: Headers, token: str) -> bool:
    kind, _, given = headers.get("authorization", "").partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _refusal(refused: Refused) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if refused.status == 401 else {}
    return Response(_text(refused.body), refused.status, headers, "application/json")


async def _body(request: Request, limits: Limits) -> bytes:
    """The request's body.  Raises Refused where it is longer than allowed, before all of it has come."""
    most = limits.megabytes * 1_000_000
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refused(
                413, f"The request is larger than {limits.megabytes} MB.", "Send the rows in several requests."
            )
        parts.append(part)
    return b"".join(parts)


def _answer(
    program: Program, limits: Limits, headers: Any, body: bytes, partial: bool, output: str | None
) -> tuple[Response, int, int]:
    """The response, and how many rows were good and bad.  Runs in a thread of its own."""
    given, places, problems = _rows(program, headers.get("content-type", ""), body, limits)
    good = sum(table.num_rows for table in given.values())
    bad = len({(p.input, p.row) for p in problems})
    if problems and (not partial or not all(p.row is not None for p in problems)):
        count = f"{len(problems)} thing{'s' if len(problems) > 1 else ''}"
        raise Refused(
            422,
            f"{count} in the rows cannot be used.",
            "Mend them, or ask with ?partial=true for the others.",
            problems,
        )
    wanted = _output(program, headers.get("accept", ""), output)
    try:
        tables = program.answer(given)
    except ComputeError as error:
        raise Refused(422, error.what, error.remedy) from error
    if wanted is not None:
        return Response(_arrow(tables[wanted]), media_type=ARROW), good, bad
    told: dict[str, Any] = {name: json_rows(table) for name, table in tables.items()}
    if problems:
        told["problems"] = [problem.to_json() for problem in problems[:MOST_PROBLEMS]]
        told["problem_count"] = len(problems)
        told["rows_used"] = places
    return Response(_text(told), media_type="application/json"), good, bad


def _rows(
    program: Program, kind: str, body: bytes, limits: Limits
) -> tuple[dict[str, pa.Table], dict[str, list[int]], list[RowProblem]]:
    """The rows of each input, their places in the request, and what is wrong with others."""
    sent = _from_arrow(program, body) if kind.partition(";")[0].strip() == ARROW else _from_json(program, body)
    tables: dict[str, pa.Table] = {}
    places: dict[str, list[int]] = {}
    problems: list[RowProblem] = []
    for name, rows in sent.items():
        if len(rows) > limits.rows:
            raise Refused(
                413,
                f"{len(rows)} rows were sent, and {limits.rows} are taken at once.",
                "Send them in several requests.",
            )
        read = program.inputs[name].from_arrow if isinstance(rows, pa.Table) else program.inputs[name].from_json
        tables[name], places[name], wrong = read(rows)
        problems += wrong
    return tables, places, problems


def _from_json(program: Program, body: bytes) -> dict[str, Any]:
    names = ", ".join(program.inputs)
    example = "{" + ", ".join(f'"{name}": [...]' for name in program.inputs) + "}"
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"The request is not JSON: {error}.", f"Send {example}.") from error
    if not isinstance(sent, dict) or set(sent) != set(program.inputs):
        got = ", ".join(sent) if isinstance(sent, dict) else "no object"
        raise Refused(400, f"The request must hold {names}, and holds {got or 'nothing'}.", f"Send {example}.")
    return {name: rows if isinstance(rows, list) else [rows] for name, rows in sent.items()}


def _from_arrow(program: Program, body: bytes) -> dict[str, Any]:
    if len(program.inputs) != 1:
        raise Refused(415, "Arrow can bring the rows of one input, and there are several.", "Send JSON.")
    try:
        with pa.ipc.open_stream(body) as reader:
            table = reader.read_all()
    except (pa.ArrowInvalid, OSError) as error:
        raise Refused(400, f"The request is no stream of Arrow: {error}.", f"Send one, of the type {ARROW}.") from error
    return {next(iter(program.inputs)): table}


def _output(program: Program, accept: str, output: str | None) -> str | None:
    """The output that is wanted as Arrow; None where JSON is wanted."""
    if ARROW not in accept:
        return None
    if output is None and len(program.outputs) == 1:
        return next(iter(program.outputs))
    if output not in program.outputs:
        names = ", ".join(program.outputs)
        raise Refused(406, "Arrow can give the rows of one output.", f"Ask with ?output=NAME; there are: {names}.")
    return output


def _arrow(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str).encode()
