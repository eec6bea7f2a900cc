"""What a service takes and gives, for people (a page) and for programs (OpenAPI)."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import jinja2

from peephole import __version__
from peephole.core.schema import ColumnType
from peephole.service.program import Program
from peephole.service.rows import InputRows, json_rows

_JSON: dict[ColumnType, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "text": {"type": "string"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
    "binary": {"type": "string", "contentEncoding": "base64"},
    "list": {"type": "array", "items": {}},
    "struct": {"type": "object"},
}
_PROBLEM = {
    "type": "object",
    "properties": {
        "input": {"type": "string"},
        "row": {"type": ["integer", "null"], "description": "counted from 0"},
        "column": {"type": ["string", "null"]},
        "got": {"type": ["string", "null"]},
        "what": {"type": "string"},
        "remedy": {"type": "string"},
    },
}
_REFUSAL = {
    "type": "object",
    "properties": {
        "error": {"type": "object", "properties": {"what": {"type": "string"}, "remedy": {"type": "string"}}},
        "problems": {"type": "array", "items": _PROBLEM},
        "problem_count": {"type": "integer"},
    },
}


def request_schema(program: Program) -> dict[str, Any]:
    """JSON Schema of a request."""
    lists = {name: {"type": "array", "items": _row(rows)} for name, rows in program.inputs.items()}
    return {"type": "object", "properties": lists, "required": list(lists), "additionalProperties": False}


def answer_schema(program: Program) -> dict[str, Any]:
    """JSON Schema of an answer."""
    rows = {name: {"type": "array", "items": {"type": "object"}} for name in program.outputs}
    return {"type": "object", "properties": rows, "required": list(rows)}


def _row(rows: InputRows) -> dict[str, Any]:
    columns = {name: _nullable(_JSON.get(word, {})) for name, word in rows.words.items()}
    needed = [name for name in columns if name not in rows.optional]
    return {"type": "object", "properties": columns, "required": needed, "additionalProperties": False}


def _nullable(kind: dict[str, Any]) -> dict[str, Any]:
    return {**kind, "type": [kind["type"], "null"]} if "type" in kind else kind


def example(program: Program) -> dict[str, Any]:
    """A request with the sample rows."""
    return {name: json_rows(rows.sample) for name, rows in program.inputs.items()}


def openapi(program: Program, *, locked: bool) -> dict[str, Any]:
    """The OpenAPI description.  locked: whether a token is needed."""
    arrow = {"schema": {"type": "string", "format": "binary"}}
    content = {"application/vnd.apache.arrow.stream": arrow}
    refusal = {"content": {"application/json": {"schema": _REFUSAL}}}
    run = {
        "summary": "Run the workflow for a batch of rows",
        "operationId": "run",
        "parameters": [
            _query("partial", {"type": "boolean", "default": False}, "answer for the good rows, and tell of the others"),
            _query("output", {"type": "string", "enum": list(program.outputs)}, "which rows to give as Arrow"),
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": request_schema(program), "example": example(program)}, **content},
        },
        "responses": {
            "200": {"description": "the answer", "content": {"application/json": {"schema": answer_schema(program)}, **content}},
            "400": {"description": "the request cannot be read", **refusal},
            "401": {"description": "the token is missing or wrong", **refusal},
            "413": {"description": "too many rows at once", **refusal},
            "422": {"description": "rows that cannot be used, each with what is wrong with it", **refusal},
        },
    }  # fmt: skip
    text = {"text/plain": {"schema": {"type": "string"}}}
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": program.title, "version": __version__, "description": program.description},
        "paths": {
            "/run": {"post": run},
            "/health": {"get": _get("Whether the service runs", {"application/json": {"schema": {"type": "object"}}})},
            "/metrics": {"get": _get("Counters for Prometheus", text)},
        },
    }
    if locked:
        described["components"] = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
        described["security"] = [{"token": []}]
        described["paths"]["/health"]["get"]["security"] = []
    return described


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _get(summary: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"summary": summary, "responses": {"200": {"description": "as it is now", "content": content}}}


def page(program: Program, *, locked: bool) -> str:
    """The page for people: what to send, an example, and a place to try it."""
    body = json.dumps(example(program), indent=1, ensure_ascii=False)
    return _template().render(program=program, locked=locked, body=body)


@cache
def _template() -> jinja2.Template:
    text = resources.files("peephole.service").joinpath("page.html.jinja").read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(text)
