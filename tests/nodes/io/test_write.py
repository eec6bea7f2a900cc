from __future__ import annotations

import gzip

import pyarrow.parquet as pq
import pytest

from peephole.core.errors import SettingError, SourceError
from peephole.nodes.io.write import write_csv, write_parquet

ROWS = [{"k": "a,b", "g": 1, "v": 0.5, "i": 3, "b": True}, {"k": None, "g": None, "v": None, "i": None, "b": None}]


def test_csv_in_order_without_the_hidden_number(on, tmp_path):
    path = write_csv(on.frame(ROWS), path=str(tmp_path / "new" / "t.csv"))
    assert path == str(tmp_path / "new" / "t.csv") or path.value == str(tmp_path / "new" / "t.csv")
    assert (tmp_path / "new" / "t.csv").read_text() == 'k,g,v,i,b\n"a,b",1,0.5,3,true\n,,,,\n'


def test_csv_gzipped(on, tmp_path):
    write_csv(on.frame(ROWS), path=str(tmp_path / "t.csv.gz"), delimiter=";")
    assert gzip.decompress((tmp_path / "t.csv.gz").read_bytes()).startswith(b"k;g;v;i;b\n")


def test_parquet(on, tmp_path):
    write_parquet(on.frame(ROWS), path=str(tmp_path / "t.parquet"))
    assert pq.read_table(tmp_path / "t.parquet").to_pylist() == ROWS
    assert [p.name for p in tmp_path.iterdir()] == ["t.parquet"]


def test_what_a_text_file_cannot_hold(on, tmp_path):
    import pyarrow as pa

    with pytest.raises(SettingError, match="lists"):
        write_csv(on.frame([{"x": [1]}], pa.schema({"x": pa.list_(pa.int64())})), path=str(tmp_path / "t.csv"))


def test_a_folder_is_no_file(on, tmp_path):
    with pytest.raises(SourceError, match="is a folder"):
        write_csv(on.frame(ROWS), path=str(tmp_path))


def test_a_failed_write_leaves_the_old_file(on, tmp_path):
    from peephole.nodes.columns.formula import formula

    (tmp_path / "t.csv").write_text("old")
    with pytest.raises(Exception, match="a,b"):
        write_csv(formula(on.frame(ROWS), name="x", expression="CAST(k AS INTEGER)"), path=str(tmp_path / "t.csv"))
    assert (tmp_path / "t.csv").read_text() == "old"
