"""What the machine has, and how it is shared by what runs side by side."""

from __future__ import annotations

import os
import resource
from functools import cache
from pathlib import Path

# The engine's own default, for one query alone, is 80 %.
USABLE = 0.75
# A process's own limit counts address space too: stacks, libraries, and the gaps in what the engine's allocator holds.
USABLE_OF_LIMIT = 0.4


@cache
def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def memory() -> int:
    """Bytes of memory this process may use: the machine's, or its container's or its own limit where that is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = [_limit(Path("/sys/fs/cgroup", name)) for name in ("memory.max", "memory/memory.limit_in_bytes")]
    return min([total, *(limit for limit in (*limits, own_limit()) if limit is not None)])


def own_limit() -> int | None:
    """Bytes of address space that this process may have, where that is limited (as by `ulimit -d`)."""
    found = [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_DATA, resource.RLIMIT_AS)]
    return min((limit for limit in found if limit != resource.RLIM_INFINITY), default=None)


def allocator() -> dict[str, str]:
    """What to set in the environment of a process that computes.

    The engine's allocator keeps up to twice the address space that it uses; under a limit it must give it back at once.
    """
    if own_limit() is None:
        return {}
    return {"DUCKDB_JE_MALLOC_CONF": "retain:false,dirty_decay_ms:0,muzzy_decay_ms:0,narenas:2"}


def memory_share(side_by_side: int) -> str:
    """The memory that each of so many queries at once may use, as the engine wants it written."""
    whole = memory()
    # Python, Arrow and what the engine does not count need room too, which tells where there is little.
    usable = min(whole * USABLE, max(whole / 2, whole - 2**30))
    if own_limit() is not None:
        usable = min(usable, whole * USABLE_OF_LIMIT)
    return f"{max(64, int(usable / side_by_side) // 2**20)}MiB"


def thread_share(side_by_side: int) -> int:
    """The threads of each of so many queries at once: twice the cores in all, as they seldom all work at full speed."""
    return min(cores(), max(2, -(-2 * cores() // side_by_side)))


def _limit(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):  # no such file, or "max"
        return None
