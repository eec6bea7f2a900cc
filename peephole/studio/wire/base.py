"""What all models have in common, and the answer that tells a failure."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, JsonValue

from peephole.engine.events import Problem

Json = JsonValue


class Answer(BaseModel):
    """What the server says."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True, defer_build=True)


class Request(BaseModel):
    """What the browser asks; anything unknown in it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Body(Request):
    """What is posted; built at once, for FastAPI does not expect otherwise."""

    model_config = ConfigDict(defer_build=False)


class Failure(Answer):
    """The body of every answer with a status of 400 or more."""

    problem: Problem
