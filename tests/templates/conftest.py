"""What the tests of templates share: real data from the mirror where it is there, and the figures a workflow expects."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from peephole.engine.run import RunResult, run
from peephole.engine.store import Store
from peephole.workflow import files

ROOT = Path(__file__).resolve().parents[2]
MIRROR = ROOT.parent / "shared" / "data"


class Ran:
    """A template that has run."""

    def __init__(self, name: str, folder: Path) -> None:
        self.file = ROOT / "templates" / name / f"{name}.peep.json"
        self.store = Store(folder)
        self.result = run(files.load(self.file), path=self.file, store=self.store)

    def table(self, of: str) -> pa.Table:
        """The rows at `node.port`."""
        return table_of(self.result, of)

    def check(self) -> None:
        """Every node is done, and every expected figure is there."""
        check(self.file, self.result)


def table_of(result: RunResult, of: str) -> pa.Table:
    """The rows at `node.port`."""
    node, port = of.split(".")
    return pq.read_table(result.nodes[node].outputs[port].folder / "table.parquet")


def check(file: Path, result: RunResult) -> None:
    """Every node is done, and the figures are those that the workflow's `expected` block tells."""
    assert result.status == "done", result.problems
    for figure in json.loads(file.read_text(encoding="utf-8"))["expected"]["figures"]:
        if "rows" in figure:
            node, port = figure["of"].split(".")
            assert result.nodes[node].outputs[port].facts["rows"] == figure["rows"], figure
            continue
        table = table_of(result, figure["of"])
        for column, value in figure["where"].items():
            table = table.filter(pc.equal(table.column(column), value))
        assert table.num_rows == 1, figure
        found = table.column(figure["column"])[0].as_py()
        assert found == pytest.approx(figure["value"], abs=figure["within"]), figure


@pytest.fixture(scope="session")
def check_expected() -> Callable[[Path, RunResult], None]:
    """Compares a finished run with the workflow's `expected` block."""
    return check


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Ran]:
    """Run a template on the part of its data that lies in the mirror (if that is named); skip where that is not there."""

    def start(name: str, mirrored: str = "") -> Ran:
        if mirrored and not (MIRROR / mirrored).is_file():
            pytest.skip(f"the real data {mirrored} are not there")
        folder = tmp_path_factory.mktemp(name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PEEPHOLE_DATA_MIRROR", str(MIRROR))
            patch.setenv("PEEPHOLE_CACHE", str(folder / "cache"))
            return Ran(name, folder / "store")

    return start
