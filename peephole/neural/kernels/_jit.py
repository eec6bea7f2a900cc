"""How the CPU kernels are compiled: options, the disk cache and the message a first compilation shows."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba.core.caching
import numba.core.cgutils
import numba.extending

from peephole.core.progress import Reporter, listening

F = TypeVar("F", bound=Callable[..., Any])

# numba's own type hints do not follow what its decorators and helpers do
cgutils: Any = numba.core.cgutils
caching: Any = numba.core.caching
carray: Any = vars(numba)["carray"]

# `contract` lets multiply-adds fuse. `reassoc` would break the rounding trick of the exponential; Python's error model
# would put a branch into every division and stop the vectoriser.
OPTIONS: dict[str, Any] = {"fastmath": {"contract"}, "error_model": "numpy"}
MESSAGE_AFTER = 1.0  # seconds; loading a kernel from the disk cache takes less


def intrinsic(typing: Callable[..., Any]) -> Any:
    """A function for kernels that is written in LLVM's own terms: `typing` returns its signature and its code."""
    return numba.extending.intrinsic(typing)


def overload(stub: Callable[..., Any]) -> Callable[[F], F]:
    """Say how kernels compile `stub`, by the types of its arguments; always inlined."""
    options: Any = {"forceinline": True, **OPTIONS}
    return cast(Callable[[F], F], numba.extending.overload(stub, jit_options=options))


def inlined(function: F) -> F:
    """Compile a helper that is always inlined into the kernel that calls it."""
    return cast(F, numba.njit(forceinline=True, nogil=True, **OPTIONS)(function))


def subroutine(function: F) -> F:
    """Compile a helper of a kernel, called or inlined as LLVM sees fit."""
    return cast(F, numba.njit(nogil=True, **OPTIONS)(function))


def entry(function: Callable[..., Any], what: str) -> int:
    """Compile `void function(void *)`, or load it from the disk cache; return its address.

    what: names the kernel in the message that a compilation shows.
    """
    with _message(what), _alone_in_cache(function):
        compiled: Any = numba.cfunc(numba.void(numba.types.voidptr), cache=True, **OPTIONS)(function)
    _kept.append(compiled)  # the address is valid as long as the object lives
    return int(compiled.address)


_kept: list[Any] = []


@contextlib.contextmanager
def _alone_in_cache(function: Callable[..., Any]) -> Iterator[None]:
    """One process at a time looks into a kernel's disk cache and adds to it.

    Numba writes an index first and the code after it: two processes that add kernels of one name at once (single and double
    precision) may take the same file for both, and from then on the one is run as the other.
    """
    try:
        folder = Path(caching.FunctionCache(function).cache_path)
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / f"{function.__name__}.lock").open("w")
    except (OSError, RuntimeError):  # nowhere to keep anything: nothing is shared
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def source_stamp() -> int:
    """A checksum of every source file of the kernels, in [0, 2**32).

    Numba looks at the file of the compiled function alone when it decides whether a cached kernel is still valid. Kernels
    close over this number, and closed-over values are a part of the key of the disk cache: an edit anywhere recompiles.
    """
    files = sorted(Path(__file__).parent.glob("*.py"))
    return zlib.crc32(b"".join(file.read_bytes() for file in files))


@contextlib.contextmanager
def _message(what: str) -> Iterator[None]:
    """Say that a compilation is under way, once it has taken longer than loading from the cache would."""
    timer = threading.Timer(
        MESSAGE_AFTER, _announce, (what, listening())
    )  # a thread of its own hears nothing of who listens
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _announce(what: str, listener: Reporter | None) -> None:
    if listener is not None:
        listener.progress(0, None, "Compiling the recurrent layer, once")
    text = f"Compiling the {what} kernel (once; it is kept on disk) ..."
    logging.getLogger("peephole").info(text)
    print(f"peephole: {text}", file=sys.stderr, flush=True)
