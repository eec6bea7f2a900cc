"""Nodes that get in each other's way: several that write one file, or one that writes what another reads."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from peephole.engine.ingredients import marked_paths
from peephole.engine.plan import Plan
from peephole.engine.steps import Step
from peephole.workflow.unroll import path_of


def same_files(plan: Plan) -> dict[str, list[str]]:
    """By step that writes: what to warn of. Paths that come by wire are not known yet."""
    readers, writers = _users(plan, "read"), _users(plan, "write")
    told: dict[str, list[str]] = {}
    for file, steps in writers.items():
        for step in steps:
            others = [other.title for other in steps if path_of(other.id) != path_of(step.id)]
            if others:
                told.setdefault(step.id, []).append(
                    f'Another node, "{others[0]}", writes {file.name} too: only what comes last stays. Give each its own file.'
                )
            if file in readers:
                told.setdefault(step.id, []).append(
                    f'It writes over {file.name}, which "{readers[file][0].title}" reads: what the file holds now is lost, '
                    "and the next run reads this run's rows. Write another file."
                )
    return told


def _users(plan: Plan, mode: Literal["read", "write"]) -> dict[Path, list[Step]]:
    found: dict[Path, list[Step]] = {}
    for step in plan.involved():
        paths = marked_paths(step.spec, step.settings, mode) if step.spec is not None and step.problem is None else ()
        for path in paths:
            found.setdefault((plan.folder / Path(path).expanduser()).resolve(), []).append(step)
    return found
