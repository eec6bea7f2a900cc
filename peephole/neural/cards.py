"""Whether this machine may have a graphics card that torch can use, without importing torch."""

from __future__ import annotations

import ctypes
from functools import cache
from importlib import metadata
from pathlib import Path

DRIVER = "libcuda.so.1" if Path("/proc").is_dir() else "nvcuda.dll"
AMD = Path("/dev/kfd")  # of cards for which torch is built with ROCm, and says "cuda" all the same


def without_card() -> str:
    """Why there can be no such card here; "" where there may be one: torch itself finds out when the training starts."""
    built = _torch()
    if built.endswith("+cpu"):
        return f"torch {built} is built without CUDA"
    return "" if _driver() or AMD.exists() else "no driver of one is installed"


def _torch() -> str:
    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return ""


@cache
def _driver() -> bool:
    try:
        ctypes.CDLL(DRIVER)
    except OSError:
        return False
    return True
