"""Keeps a store small: what dead processes left, what nobody names, what was used least recently. Call it alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from peephole.engine.files import size_of
from peephole.engine.records import object_path, read_record

MOST_SCHEMAS = 10_000
LONGEST_PAUSE = 30 * 24 * 3600.0  # seconds that kept work waits to be taken up again
WORK_SHARE = 0.25  # of the limit, for kept work


def sweep_scratch(store: Path) -> int:
    """Take away what processes that are gone were writing; gives the bytes freed."""
    freed = 0
    for left in (store / "tmp").iterdir():
        if not _alive(left.name.partition("-")[0]):
            freed += size_of(left)
            discard(left, store)
    return freed


def drop_to(store: Path, limit: int) -> int:
    """Drop what no record names, then the records used least recently until the rest is within the limit."""
    sizes = {o.name: size_of(o) for o in (store / "objects").glob("*/*")}
    records = {p: read_record(p) for p in sorted((store / "results").glob("*/*.json"), key=_used_at)}
    keys = {p: {o.key for o in r.outputs.values()} if r else set() for p, r in records.items()}
    users = Counter(key for named in keys.values() for key in named)
    freed = sum(_drop_object(store, key, sizes) for key in sizes.keys() - users.keys())
    total = sum(sizes.values())
    for path, named in keys.items():
        lost = records[path] is None or not named <= sizes.keys()
        if lost or total - freed > limit:
            path.unlink(missing_ok=True)
            users.subtract(named)
            freed += sum(_drop_object(store, key, sizes) for key in named if users[key] == 0)
    freed += _drop_work(store, limit * WORK_SHARE)
    for path in sorted((store / "schemas").glob("*.json"), key=_used_at)[:-MOST_SCHEMAS]:
        path.unlink(missing_ok=True)
    return freed


def _drop_work(store: Path, limit: float) -> int:
    """Drop kept work that nobody has taken up for long, then the oldest until the rest is within the limit."""
    freed, sizes = 0, {path: size_of(path) for path in (store / "checkpoints").glob("*/*")}
    total = sum(sizes.values())
    for path in sorted(sizes, key=_used_at):
        if time.time() - _used_at(path) > LONGEST_PAUSE or total - freed > limit:
            freed += sizes[path]
            discard(path, store)
    return freed


def _drop_object(store: Path, key: str, sizes: Mapping[str, int]) -> int:
    discard(object_path(store, key), store)
    return sizes.get(key, 0)


def discard(path: Path, store: Path) -> None:
    """Take something away at once: renamed first, so that nobody meets half of it."""
    grave = store / "tmp" / f"0-{os.urandom(6).hex()}"
    with contextlib.suppress(OSError):
        os.rename(path, grave)
    if grave.is_dir():
        shutil.rmtree(grave, ignore_errors=True)
    else:
        grave.unlink(missing_ok=True)


def _used_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _alive(pid: str) -> bool:
    if not pid.isdigit() or pid == "0":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
