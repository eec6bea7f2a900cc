"""How many threads scikit-learn's compiled loops may use."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController

SMALL = 20_000  # rows


def fitting_threads(rows: int) -> AbstractContextManager[Any]:
    """One thread for few rows, all for many.

    Each tree starts and ends several parallel loops; with few rows they cost more than they bring, and on a busy machine,
    where a thread may have to wait for its turn, hundreds of times more. Holds for the calling thread.
    """
    return _controller().limit(limits=1, user_api="openmp") if rows < SMALL else nullcontext()


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
