"""The files in a store that say what there is. Whatever stands in them may have been damaged, so it is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field

MANIFEST = "object.json"


class RecordedOutput(BaseModel):
    """An output as a record names it."""

    type: str
    key: Annotated[str, Field(pattern=r"^[\w.-]+$")]
    facts: dict[str, Any]


class Record(BaseModel):
    """A file in results/."""

    recipe: str
    outputs: dict[str, RecordedOutput]
    messages: list[str]
    seconds: float
    effects: dict[str, str]
    provisional: bool = False


class Manifest(BaseModel):
    """An object's own file: what it is, and the identity of each of its files."""

    type: str
    facts: dict[str, Any]
    files: Annotated[dict[str, str], Field(min_length=1)]


def read_record(path: Path, recipe: str | None = None) -> Record | None:
    """A result's record; a damaged one, or one of another recipe, counts as absent.

    It is left there: the next run may be replacing it at this moment, and what nobody replaces is swept.
    """
    try:
        record = Record.model_validate_json(path.read_bytes())
        if record.recipe == (recipe or path.stem):
            return record
    except (OSError, ValueError):
        pass
    return None


def result_path(store: Path, recipe: str) -> Path:
    """Where the record of a recipe's result lies."""
    return Path(f"{store}/results/{recipe[:2]}/{recipe}.json")  # quicker than joining


def object_path(store: Path, key: str) -> Path:
    """Where the object of that content key lies."""
    return Path(f"{store}/objects/{key.rpartition('-')[2][:2]}/{key}")
