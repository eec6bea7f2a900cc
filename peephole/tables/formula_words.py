"""The functions a formula may use: all work on one row, give the same result each time, and touch nothing outside.

They lie in functions.json, by topic: docs/formulas.md and the studio's formula field list them from there.
"""

from __future__ import annotations

import json
from importlib.resources import files

FUNCTIONS: dict[str, list[str]] = json.loads(
    files("peephole.tables").joinpath("functions.json").read_text(encoding="utf-8")
)
ALLOWED = frozenset(name for names in FUNCTIONS.values() for name in names)

# Words that may stand before a parenthesis without being functions.
_KEYWORDS = """
and or not in is like ilike similar between case when then else end as from for to by interval
date timestamp time decimal numeric varchar char struct distinct escape
"""
KEYWORDS = frozenset(_KEYWORDS.split())

# What people try first, and what helps instead.
INSTEAD = {
    **dict.fromkeys(["sum", "avg", "mean", "min", "max", "count", "median", "stddev"], "Use the Group by node."),
    **dict.fromkeys(["random", "uuid", "gen_random_uuid"], "Use a node with a seed, so that runs can be repeated."),
    **dict.fromkeys(["now", "today", "current_date"], "Write the date out, so that runs can be repeated."),
    **dict.fromkeys(["read_csv", "read_parquet", "read_json", "read_text", "glob"], "Use a reader node."),
}
