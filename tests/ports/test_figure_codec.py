"""Figures and reports on disk."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from peephole.core.errors import SettingError, StoreError
from peephole.core.types import Figure, Report
from peephole.figures.charts import bars
from peephole.ports.figure import FigureCodec
from peephole.ports.report import ReportCodec


def figure(value: float = 1.0) -> Figure:
    data = pa.table({"x": ["a", "b"], "v": [value, None], "at": [dt.date(2024, 1, 1), None]})
    return bars(data, x="x", ys=["v"], title="Title ä", x_name="x", y_name="v")


def test_a_figure_comes_back_equal(tmp_path):
    FigureCodec().save(figure(), tmp_path)
    back = FigureCodec().load(tmp_path)
    assert back.option == figure().option
    assert back.data.equals(figure().data)
    assert back.title == "Title ä"
    assert FigureCodec().summary(tmp_path) == {"title": "Title ä", "kinds": ["bar"], "rows": 2}


def test_the_picture_is_drawn_once_when_asked_for(tmp_path):
    FigureCodec().save(figure(), tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"option.json", "data.arrow"}
    path = FigureCodec().image(tmp_path)
    assert "Title ä" in path.read_text(encoding="utf-8")
    stamp = path.stat().st_mtime_ns
    assert FigureCodec().image(tmp_path).stat().st_mtime_ns == stamp
    assert {p.name for p in tmp_path.iterdir()} == {"option.json", "data.arrow", "image.svg"}


def test_keys_tell_contents_apart(tmp_path):
    keys = []
    for i, value in enumerate((1.0, 1.0, 2.0)):
        (tmp_path / str(i)).mkdir()
        FigureCodec().save(figure(value), tmp_path / str(i))
        keys.append(FigureCodec().content_key(tmp_path / str(i)))
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("name", ["option.json", "data.arrow"])
def test_damage_is_said(tmp_path, name):
    FigureCodec().save(figure(), tmp_path)
    (tmp_path / name).write_bytes(b"{")
    with pytest.raises(StoreError, match=f"{name} cannot be read"):
        FigureCodec().load(tmp_path)


def test_a_report_comes_back_with_its_parts(tmp_path):
    table = pa.table({"a": [1, 2]})
    ReportCodec().save(Report("Page", ["# Words", figure(), table]), tmp_path)
    back = ReportCodec().load(tmp_path)
    assert back.title == "Page"
    assert back.parts[0] == "# Words"
    assert back.parts[1].option == figure().option
    assert back.parts[2].equals(table)
    assert ReportCodec().summary(tmp_path) == {"title": "Page", "parts": 3}
    (tmp_path / "other").mkdir()
    ReportCodec().save(Report("Page", ["# Words", figure(2.0), table]), tmp_path / "other")
    assert ReportCodec().content_key(tmp_path) != ReportCodec().content_key(tmp_path / "other")


def test_a_report_holds_nothing_else_and_leads_nowhere_else(tmp_path):
    with pytest.raises(StoreError, match="cannot hold a int"):
        ReportCodec().save(Report("Page", [3]), tmp_path)
    (tmp_path / "report.json").write_text('{"title": "", "parts": [{"kind": "table", "at": "../x.arrow"}]}')
    with pytest.raises(StoreError, match=r"names '\.\./x\.arrow'"):
        ReportCodec().load(tmp_path)


@pytest.mark.parametrize("codec", [FigureCodec(), ReportCodec()])
def test_only_its_own_kind_goes_through_a_port(codec):
    with pytest.raises(SettingError, match="is needed, and str was given"):
        codec.adapt("x")
