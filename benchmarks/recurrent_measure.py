"""Interleaved timing, peak memory of one step, and a line that says on what machine."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

import torch

SLOW_ROUNDS = 3
LEAST = 0.004  # seconds a timing lasts at least: what is quicker is repeated


Clock = Callable[[], float]


def interleaved(
    calls: Sequence[tuple[Callable[[], object], bool]], rounds: int, clock: Clock = time.perf_counter
) -> list[float]:
    """The median time in seconds of each call, all of them once a round in turn, so that a slow moment hits all alike.

    calls: (what to call, whether it is slow and is to take part in the first rounds only).
    clock: of the wall, or `time.thread_time`, which leaves out what other processes take (one thread only).
    """
    repeats = [_repeats(call, slow, clock) for call, slow in calls]
    times: list[list[float]] = [[] for _ in calls]
    for turn in range(rounds):
        for which, (call, slow) in enumerate(calls):
            if slow and turn >= SLOW_ROUNDS:
                continue
            start = clock()
            for _ in range(repeats[which]):
                call()
            times[which].append((clock() - start) / repeats[which])
    return [median(taken) for taken in times]


def _repeats(call: Callable[[], object], slow: bool, clock: Clock) -> int:
    call()  # compiles, allocates
    if slow:
        return 1
    start = clock()
    call()
    return max(1, round(LEAST / (clock() - start)))


def memory_of_training_step(name: str, size: Sequence[int]) -> float | None:
    """Peak memory in MiB that a training step adds, in a process of its own; None where the system does not tell."""
    if not Path("/proc/self/clear_refs").exists():
        return None
    command = [sys.executable, "-m", "benchmarks.recurrent_measure", name, *map(str, size)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(result.stdout.splitlines()[-1]))


def _status(field: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith(field))


def _measure_memory(name: str, *numbers: str) -> None:
    from benchmarks import recurrent_contestants as contestants

    torch.set_num_threads(1)
    B, T, features, H = map(int, numbers)
    module = {contestants.PEEPHOLE: contestants.LSTM, contestants.MAINSTREAM: torch.nn.LSTM}[name](features, H)
    # a short sequence loads every library and kernel, and leaves room for the gradients, which both must have
    for steps, batch in ((2, B), (T, B)):
        x, gradient = torch.randn(steps, batch, features, requires_grad=True), torch.randn(steps, batch, H)
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
        before = _status("VmRSS")
        module(x)[0].backward(gradient)
    print(json.dumps(_status("VmHWM") - before))


def machine() -> str:
    """Processor, cores, versions, load."""
    names = [line.split(":")[1].strip() for line in _cpu_info() if line.startswith("model name")]
    packages = ", ".join(f"{name} {_version(name)}" for name in ("torch", "numba", "keras"))
    load = f"; load when started {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    capability = torch.backends.cpu.get_cpu_capability()
    return (
        f"{names[0] if names else platform.processor()} ({capability}), {os.cpu_count()} cores, {platform.system()}; "
        f"Python {platform.python_version()}, {packages}{load}"
    )


def _cpu_info() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    _measure_memory(*sys.argv[1:])
