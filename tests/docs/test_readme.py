"""The code in the README runs, and does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=[b.split("\n")[1][:30] for b in BLOCKS])
def test_python_blocks_run(block):
    names: dict[str, object] = {}
    exec(block, names)
    if "network" in names:
        assert names["trace"].T == 48
        late = names["said"].dropna().tail(100)
        assert (late["prediction"] - late["tomorrow"]).abs().mean() < 0.3
        assert len(names["history"]) == 10
