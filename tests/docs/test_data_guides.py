"""The guides to data and services: their code runs, and what they show of an answer is what comes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("code", blocks("data.md", "python"))
def test_code_of_the_data_guide_runs(code, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "data.md", "exec"), {})
    assert re.search(r"1234\.56|10", capsys.readouterr().out)


def test_the_answer_that_the_service_guide_shows():
    import pyarrow as pa

    from peephole.service.app import Refused
    from peephole.service.rows import InputRows

    rows = InputRows(
        "customers", pa.schema({"tenure": pa.int64()}), {"tenure": "integer"}, frozenset(), pa.table({"tenure": [1]})
    )
    _, _, problems = rows.from_json([{"tenure": "one"}])
    refused = Refused(
        422, "1 thing in the rows cannot be used.", "Mend them, or ask with ?partial=true for the others.", problems
    )
    (shown,) = blocks("service.md", "json")
    assert refused.body == json.loads(shown)
