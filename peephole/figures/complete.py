"""A figure as one complete ECharts option, its data inside: for pages that have no Arrow reader."""

from __future__ import annotations

import copy
import datetime as dt
import decimal
import math
from typing import Any

from peephole.core.types import Figure


def complete(figure: Figure, *, title: bool = True) -> dict[str, Any]:
    """Plain JSON to hand to `chart.setOption`.  title: keep the title inside (a page may show it itself)."""
    option = copy.deepcopy(figure.option)
    data = figure.data
    columns = [[plain(v) for v in data.column(i).to_pylist()] for i in range(data.num_columns)]
    option["dataset"][0] = {
        "dimensions": list(data.column_names),
        "source": [list(row) for row in zip(*columns, strict=True)],
        "sourceHeader": False,
    }
    if not title and option.pop("title", None):
        option["legend"]["top"] = 0
        if isinstance(option["grid"], dict):  # panels keep their shares
            option["grid"]["top"] = max(24, option["grid"]["top"] - 34)
    return option


def plain(value: Any) -> Any:
    """A value as JSON knows it: days and times as ISO text, what is no number as null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    return value
