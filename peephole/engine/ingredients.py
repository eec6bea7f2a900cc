"""The recipe of a result: everything it depends on, known before anything runs. Equal recipes give equal results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from peephole.core.colours import Colours, plain_colours
from peephole.core.node import NodeSpec
from peephole.core.settings import Dataset, FilePath
from peephole.data import identity
from peephole.engine.files import file_identity

Ingredients = dict[str, Any]
DRAWN = ("Figure", "Report")
NEW = "it has no result yet"

_encode = json.JSONEncoder(sort_keys=True).encode


def ingredients(
    spec: NodeSpec,
    settings: Mapping[str, Any],
    inputs: Mapping[str, list[str]],
    folder: Path,
    engine: str,
    colours: Colours | None = None,
) -> Ingredients:
    """What a node's result is made from, as plain data.

    settings: complete, as JSON data.  inputs: for each port (and `settings.NAME` fed by a wire) the recipes it reads,
    as "recipe:port".  folder: what relative paths start from.  engine: name and version of the table engine.
    colours: chosen for its tables, which count where it draws.
    """
    draws = colours and any(port.type.name in DRAWN for port in spec.outputs)
    return {
        "type": spec.type,
        "version": spec.version,
        "settings": dict(settings),
        "inputs": {port: list(recipes) for port, recipes in inputs.items()},
        "files": {path: file_identity(folder / path) for path in marked_paths(spec, settings, "read")},
        "data sets": {name: identity(name) for name in marked(spec, settings, Dataset)},
        "libraries": spec.require_libraries() | ({"engine": engine} if spec.runs == "engine" else {}),
        **({"colours": plain_colours(colours)} if colours and draws else {}),
    }


def changed_files(made_from: Ingredients | None, folder: Path) -> list[str]:
    """Those among the ingredients that are no longer as they were."""
    files = (made_from or {}).get("files", {})
    return [path for path, identity in files.items() if file_identity(folder / path) != identity]


def recipe_key(made_from: Ingredients) -> str:
    """The recipe's name: a hash of its ingredients."""
    return hashlib.sha256(_encode(made_from).encode()).hexdigest()[:40]


def why(before: Ingredients | None, now: Ingredients, sources: Mapping[str, str], *, kept: bool = True) -> str:
    """What has changed since the node last ran, for the person.  sources: title of the node that feeds each input port.

    kept: whether its result is stored.
    """
    if before is None:
        return NEW
    lost = "its result is no longer in the store" if kept else "what follows needs its rows again"
    return next(_changes(before, now, sources), lost)


def _changes(before: Ingredients, now: Ingredients, sources: Mapping[str, str]) -> Iterator[str]:
    if before["type"] != now["type"] or before["version"] != now["version"]:
        yield f"the node is of another version ({before['version']} → {now['version']})"
    old, new = before["settings"], now["settings"]
    for name in new:
        if old.get(name) != new[name]:
            yield f"{name} changed: {_short(old.get(name))} → {_short(new[name])}"
    for path in now["files"]:
        if before["files"].get(path) != now["files"][path]:
            yield (
                f"the file {Path(path).name} changed" if path in before["files"] else f"it reads {Path(path).name} now"
            )
    yield from (words for name, words in _OTHERWISE.items() if before.get(name) != now.get(name))
    for name, version in now["libraries"].items():
        if before["libraries"].get(name) != version:
            yield f"{name} is another version ({before['libraries'].get(name)} → {version})"
    for port in {**now["inputs"], **before["inputs"]}:
        if before["inputs"].get(port) != now["inputs"].get(port):
            yield f"its input changed: {sources.get(port, port)}"


_OTHERWISE = {
    "data sets": "the data set is another one",
    "colours": "the colours changed",
    "fetched": "what it reads from outside is fetched anew",
    "narrowed": "the nodes after it need other rows or columns",
}


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 40 else text[:37] + "..."


def marked_paths(spec: NodeSpec, settings: Mapping[str, Any], mode: Literal["read", "write"]) -> list[str]:
    """The paths a node reads or writes: its settings marked FilePath."""
    return marked(spec, settings, FilePath, writes=mode == "write")


def marked(spec: NodeSpec, settings: Mapping[str, Any], marker: Any, *, writes: bool = False) -> list[str]:
    """The values of all settings that carry a marker, lists opened out.  writes: of paths, those written."""
    given = [settings.get(name) for name in _marked_settings(spec.settings, marker, writes)]
    return [one for value in given if value for one in ([value] if isinstance(value, str) else value)]


@cache
def _marked_settings(settings: Hashable, marker: Hashable, writes: bool) -> list[str]:
    return [name for name, hint in vars(settings)["__annotations__"].items() if _carries(hint, marker, writes)]


def _carries(annotation: Any, marker: Any, writes: bool) -> bool:
    if get_origin(annotation) is not Annotated:
        return any(_carries(option, marker, writes) for option in get_args(annotation))
    inner, *marks = get_args(annotation)
    fits = [m for m in marks if isinstance(m, marker) and (getattr(m, "mode", "") == "write") == writes]
    return bool(fits) or _carries(inner, marker, writes)


def plain(settings: BaseModel) -> dict[str, Any]:
    """Checked settings as JSON data."""
    return settings.model_dump(mode="json")
