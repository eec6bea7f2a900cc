"""The values that a document may hold: plain JSON that can be written and read back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, JsonValue

MAX_VALUE_DEPTH = 32  # lists in lists in a setting
MAX_KEPT_DEPTH = 100  # of what is kept unread


def _plain(deepest: int) -> Callable[[JsonValue], JsonValue]:
    """Refuses what JSON cannot hold, or what could not be read back."""

    def check(value: JsonValue) -> JsonValue:
        level = [value]
        for _ in range(deepest):
            below: list[JsonValue] = []
            for item in level:
                if isinstance(item, dict):
                    below.extend(item.values())
                elif isinstance(item, list):
                    below.extend(item)
                elif isinstance(item, float) and not math.isfinite(item):
                    raise ValueError("infinity and not-a-number cannot be saved")
                elif isinstance(item, int) and abs(item) >= 10**300:
                    raise ValueError("a whole number may have 300 digits")
            if not below:
                return value
            level = below
        raise ValueError(f"lists and groups may be nested {deepest} deep")

    return check


Value = Annotated[JsonValue, AfterValidator(_plain(MAX_VALUE_DEPTH))]
Kept = Annotated[JsonValue, AfterValidator(_plain(MAX_KEPT_DEPTH))]
