"""One line that says on what machine something was measured."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path


def machine() -> str:
    """Processor, cores, memory and Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def quiet() -> str:
    """How much of the processor nobody used over the last two seconds: asked before measuring, in words."""
    found = idle()
    return "other work on it not known" if found is None else f"{found:.0f} % idle before"


def idle() -> float | None:
    """The percentage of the processor that nobody uses, over two seconds from now; None where that cannot be known."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return None
    start = _idle(stat)
    time.sleep(2)
    unused, whole = (now - before for now, before in zip(_idle(stat), start, strict=True))
    return 100 * unused / whole


def _idle(stat: Path) -> tuple[int, int]:
    """Ticks without work, and all, since the machine started."""
    ticks = [int(one) for one in stat.read_text().splitlines()[0].split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
