"""One training at a time in a process: torch's random numbers, and its threads, are shared by all threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from peephole.core.progress import advance, check_cancelled

_LOCK = threading.Lock()
_PATIENCE = 0.1


@contextmanager
def alone() -> Iterator[None]:
    """Within this block nobody else draws random numbers for a network; afterwards torch's own are as before."""
    if not _LOCK.acquire(blocking=False):
        advance(0, None, "Waiting for another training")
        while not _LOCK.acquire(timeout=_PATIENCE):
            check_cancelled()
    try:
        with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
            yield
    finally:
        _LOCK.release()


def reseed(seed: int) -> None:
    """As `torch.manual_seed`, which is slow where there is no graphics card to seed."""
    torch.default_generator.manual_seed(seed)
    if torch.cuda.is_available():
        torch.cuda.manual_seed_all(seed)


def mixed(seed: int, epoch: int) -> int:
    """A seed of its own for each epoch, so that an interrupted training goes on as it would have."""
    return (seed * 1_000_003 + epoch * 7_919 + 12_345) % (2**63 - 1)
