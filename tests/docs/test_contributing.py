"""The node that CONTRIBUTING.md shows is one: its text runs as it stands there, in a package of one's own."""

from __future__ import annotations

import importlib
import re
import textwrap
from pathlib import Path

import pandas as pd

GUIDE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"


def test_the_node_of_the_guide_runs(tmp_path, monkeypatch):
    (block,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    package = tmp_path / "my_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "nodes.py").write_text(textwrap.dedent("   " + block.strip()), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    first_rows = importlib.import_module("my_package.nodes").first_rows

    assert first_rows.spec.type == "my_package/first_rows"
    assert first_rows(pd.DataFrame({"a": [3, 1, 2]}), count=2)["a"].tolist() == [3, 1]
