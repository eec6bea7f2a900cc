"""A sheet that is given up half-way."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pytest

from peephole.core.errors import Cancelled
from peephole.tables.sheets import write_sheet


def test_a_sheet_that_is_stopped_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[Path] = []

    def stop(_: int) -> None:
        seen.extend(tmp_path.iterdir())
        raise Cancelled

    with pytest.raises(Cancelled):
        write_sheet(tmp_path / "t.xlsx", "Table", pa.table({"n": range(6000)}), stop)
    assert len(seen) == 1  # the rows so far
    assert list(tmp_path.iterdir()) == []
