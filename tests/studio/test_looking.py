"""Looking at ports: rows in pages, sorted and filtered, statistics, figures, models, pages; none of it by running."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from engine_flows import until
from studio_support import Studio, chain

EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def rows(answer: Any) -> pd.DataFrame:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.apache.arrow.stream"
    return pa.ipc.open_stream(io.BytesIO(answer.content)).read_all().to_pandas()


@pytest.fixture(scope="module")
def people(shared: Studio) -> str:
    """A document over a file with all kinds of columns."""
    frame = pd.DataFrame(
        {
            "name": [f"person {i:03d}" for i in range(1000)],
            "age": [(i * 37) % 90 for i in range(1000)],
            "height": [None if i % 10 == 0 else 150 + (i * 7) % 50 + 0.5 for i in range(1000)],
            "member": [i % 3 == 0 for i in range(1000)],
            "born": pd.date_range("2000-01-01", periods=1000, freq="D"),
        }
    )
    frame.to_parquet(shared.folder / "people.parquet")
    nodes = {
        "read": {"type": "read_parquet", "settings": {"path": "people.parquet"}},
        "old": {"type": "filter_rows", "settings": {"where": "age >= 80"}},
        "bars": {"type": "bar_chart", "settings": {"category": "name", "value": "age"}},
        "run": {"type": "peephole_testnodes/same"},
    }
    return shared.open_file(
        {"nodes": nodes, "wires": ["read.table -> old.table", "read.table -> run.table"]}, "people.peep.json"
    )


@pytest.fixture(scope="module")
def frame(shared: Studio, people: str) -> pd.DataFrame:
    return pd.read_parquet(shared.folder / "people.parquet")


def test_a_page_of_rows_in_their_order(shared: Studio, people: str, frame: pd.DataFrame) -> None:
    answer = shared.get(people, "rows/read/table", offset=990, limit=100)
    assert answer.headers["X-Rows"] == "1000"
    got = rows(answer)
    assert list(got.columns) == list(frame.columns)
    assert got["name"].tolist() == frame["name"].tolist()[990:]
    assert rows(shared.get(people, "rows/read/table", offset=5000)).empty


def test_small_files_are_looked_at_without_a_run(shared: Studio, people: str, frame: pd.DataFrame) -> None:
    answer = shared.get(people, "rows/old/table", limit=1000)
    assert rows(answer)["age"].tolist() == frame[frame["age"] >= 80]["age"].tolist()


@pytest.mark.parametrize(("sort", "ascending"), [("age", True), ("-age", False)])
def test_sorted(shared: Studio, people: str, frame: pd.DataFrame, sort: str, ascending: bool) -> None:
    got = rows(shared.get(people, "rows/read/table", sort=sort, limit=1000))
    wanted = frame.sort_values("age", ascending=ascending, kind="stable")
    assert got["name"].tolist() == wanted["name"].tolist()


def test_missing_values_come_last_either_way(shared: Studio, people: str) -> None:
    for sort in ("height", "-height"):
        got = rows(shared.get(people, "rows/read/table", sort=sort, limit=1000))
        assert got["height"].tail(100).isna().all()


def test_filtered(shared: Studio, people: str, frame: pd.DataFrame) -> None:
    answer = shared.get(people, "rows/read/table", where="age > 50 AND name LIKE '%7'", sort="-name", limit=1000)
    wanted = frame[(frame["age"] > 50) & frame["name"].str.endswith("7")].sort_values("name", ascending=False)
    assert rows(answer)["name"].tolist() == wanted["name"].tolist()
    assert answer.headers["X-Rows"] == str(len(wanted))


BAD_FILTERS = [
    "ag > 3",
    "age >",
    "1; DROP TABLE x",
    "age > (SELECT count(*) FROM read_csv('/etc/passwd'))",
    "read_text('/etc/passwd') IS NOT NULL",
    "name",
    "getenv('HOME') = 'x'",
]


@pytest.mark.parametrize("where", BAD_FILTERS)
def test_a_filter_is_a_condition_over_the_columns_and_nothing_else(shared: Studio, people: str, where: str) -> None:
    answer = shared.get(people, "rows/read/table", where=where)
    assert answer.status_code == 400
    problem = answer.json()["problem"]
    assert problem["what"]
    assert "root:" not in answer.text


def test_an_unknown_sort_column_is_told(shared: Studio, people: str) -> None:
    answer = shared.get(people, "rows/read/table", sort="agee")
    assert answer.json()["problem"]["what"] == 'There is no column "agee".'


def test_what_would_have_to_run_is_not_looked_at(shared: Studio, people: str) -> None:
    answer = shared.get(people, "rows/run/table")
    assert answer.status_code == 409
    assert answer.json()["problem"]["remedy"].startswith("Run to here")


@pytest.mark.parametrize(
    "port", ["rows/nobody/table", "rows/read/tabel", "rows/bars/figure", "figure/read/table", "model/read/table"]
)
def test_wrong_ports_are_told(shared: Studio, people: str, port: str) -> None:
    assert shared.get(people, port).status_code in (400, 404, 409)


def test_statistics_against_pandas(shared: Studio, people: str, frame: pd.DataFrame) -> None:
    found = shared.get(people, "statistics/read/table").json()
    assert (found["rows"], found["sampled"]) == (1000, None)
    columns = {c["name"]: c for c in found["columns"]}
    age, height = columns["age"], columns["height"]
    assert (age["min"], age["max"], age["missing"], age["distinct"]) == (0, 89, 0, 90)
    assert age["mean"] == pytest.approx(frame["age"].mean())
    assert age["std"] == pytest.approx(frame["age"].std())
    assert age["quantiles"] == pytest.approx(frame["age"].quantile([0.05, 0.25, 0.5, 0.75, 0.95]).tolist())
    assert (height["count"], height["missing"]) == (900, 100)
    counts, edges = pd.Series(height["histogram"]["counts"]), height["histogram"]["edges"]
    binned = pd.cut(frame["height"].dropna(), edges, right=False, include_lowest=True)
    expected = binned.value_counts(sort=False).tolist()
    expected[-1] += int((frame["height"] == edges[-1]).sum())
    assert counts.tolist() == expected
    assert columns["member"]["top"] == [{"value": False, "count": 666}, {"value": True, "count": 334}]
    assert columns["name"]["distinct"] == 1000
    assert columns["born"]["min"].startswith("2000-01-01")
    assert sum(columns["born"]["histogram"]["counts"]) == 1000


def test_statistics_of_chosen_columns_and_rows(shared: Studio, people: str) -> None:
    found = shared.get(people, "statistics/read/table", columns="age", where="age < 10").json()
    assert [c["name"] for c in found["columns"]] == ["age"]
    assert found["columns"][0]["max"] == 9
    assert found["columns"][0]["histogram"]["edges"][0] == -0.5  # few whole numbers get a bin each


def test_a_changed_setting_shows_its_effect(shared: Studio, people: str, frame: pd.DataFrame) -> None:
    with shared.page(people) as page:
        page.edit("set", node="old", setting="where", value="age >= 85")
        page.until("edited")
        assert shared.get(people, "rows/old/table").headers["X-Rows"] == str(int((frame["age"] >= 85).sum()))
        page.say("undo", client="u")
        page.until("edited")
        assert shared.get(people, "rows/old/table").headers["X-Rows"] == str(int((frame["age"] >= 80).sum()))


ALL_TYPES = pa.table(
    {
        "decimal": pa.array([1, 2], pa.int64()).cast(pa.decimal128(30, 2)),
        "time": pa.array([1_000_000, 2_000_000], pa.time64("us")),
        "binary": pa.array([b"\x00\xff" * 5000, b"x"]),
        "list": pa.array([list(range(1000)), [1]]),
        "struct": pa.array([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
        "long": ["x" * 100_000, "y"],
        "huge": pa.array([2**62, -(2**62)], pa.int64()),
        "nothing": pa.array([None, None], pa.string()),
        "moment": pa.array([0, 1], pa.timestamp("us")),
    }
)


def test_every_type_of_column_can_be_shown(studio: Studio) -> None:
    import pyarrow.parquet as pq

    pq.write_table(ALL_TYPES, studio.folder / "all.parquet")
    one = studio.open_file({"nodes": {"read": {"type": "read_parquet", "settings": {"path": "all.parquet"}}}})
    got = pa.ipc.open_stream(io.BytesIO(studio.get(one, "rows/read/table").content)).read_all()
    assert got.column("decimal").to_pylist() == [1.0, 2.0]
    assert got.column("huge").to_pylist() == [2**62, -(2**62)]
    assert len(got.column("long")[0].as_py()) == 2000  # a cell is cut: nobody reads more in a grid
    assert len(got.column("list")[0].as_py()) == 100
    assert len(got.column("binary")[0].as_py()) == 10_000  # a picture is no use in part
    statistics = {c["name"]: c for c in studio.get(one, "statistics/read/table").json()["columns"]}
    assert statistics["nothing"]["missing"] == 2
    assert statistics["list"]["count"] == 2


def test_names_and_values_that_look_like_markup_are_served_as_data(studio: Studio) -> None:
    """As JSON and Arrow, never as a page, and with nosniff, so that no browser takes them for one."""
    pd.DataFrame({EVIL: [EVIL, "x"], 'quoted"name': [1, 2]}).to_csv(studio.folder / "evil.csv", index=False)
    nodes = {"read": {"type": "read_csv", "title": EVIL, "note": EVIL, "settings": {"path": "evil.csv"}}}
    one = studio.open_file({"title": EVIL, "nodes": nodes})
    page = studio.get(one, "rows/read/table", sort=EVIL)
    assert list(rows(page).columns) == [EVIL, 'quoted"name']
    assert rows(page)[EVIL].tolist() == [EVIL, "x"]
    for answer in (
        page,
        studio.client.get(f"/api/documents/{one}"),
        studio.get(one, "statistics/read/table"),
        studio.client.get("/api/start"),
        studio.get(one, "export.peep.json"),
        studio.get(one, "rows/read/table", sort="<script>"),
        studio.client.get("/api/files", params={"folder": "<script>alert(1)</script>"}),
        studio.client.get("/<script>alert(1)</script>"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        kind = answer.headers["content-type"]
        assert kind.startswith(("application/json", "application/vnd.apache.arrow"))
    assert studio.snapshot(one)["document"]["nodes"]["read"]["title"] == EVIL
    statistics = studio.get(one, "statistics/read/table", column=EVIL).json()
    assert [c["name"] for c in statistics["columns"]] == [EVIL]


def test_pictures_of_templates_hold_no_script(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from peephole.studio import templates
    from peephole.studio.routes import start

    folder = tmp_path / "evil"
    folder.mkdir()
    document = {"title": EVIL, "nodes": {"read": {"type": "read_csv", "title": EVIL, "settings": {"path": EVIL}}}}
    (folder / "evil.peep.json").write_text(json.dumps({"format": "peephole-workflow", "version": 1, **document}))
    monkeypatch.setattr(start, "template", lambda name: {"evil": folder}.get(name) or templates.template(name))
    answer = studio.client.get("/api/templates/evil/picture.svg")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_the_side_process_comes_back_after_its_death(studio: Studio) -> None:
    import os
    import signal

    (studio.folder / "a.csv").write_text("a\n1\n")
    one = studio.open_file({"nodes": {"read": {"type": "read_csv", "settings": {"path": "a.csv"}}}})
    assert studio.get(one, "rows/read/table").status_code == 200
    side = studio.desk._open[one]._side
    os.kill(side._process.pid, signal.SIGKILL)
    assert studio.get(one, "rows/read/table").status_code == 200
    assert side.born == 2


def test_the_side_process_comes_back_where_its_death_was_seen_before_it_is_asked(studio: Studio) -> None:
    import os
    import signal

    (studio.folder / "a.csv").write_text("a\n1\n")
    one = studio.open_file({"nodes": {"read": {"type": "read_csv", "settings": {"path": "a.csv"}}}})
    assert studio.get(one, "rows/read/table").status_code == 200
    opened = studio.desk._open[one]
    studio.ask_loop(opened._checker.fresh)
    os.kill(opened._side._process.pid, signal.SIGKILL)
    studio.ask_loop(opened._side._process.wait)
    assert studio.get(one, "rows/read/table").status_code == 200
    assert opened._side.born == 2


def test_a_look_at_a_model_needs_none_of_its_libraries(studio: Studio, frame: pd.DataFrame) -> None:
    frame.to_parquet(studio.folder / "people.parquet")
    nodes = {
        "read": {"type": "read_parquet", "settings": {"path": "people.parquet"}},
        "tree": {"type": "decision_tree_learner", "settings": {"target": "member"}},
    }
    one = studio.open_file({"nodes": nodes, "wires": ["read.table -> tree.table"]})
    with studio.page(one) as page:
        assert page.run() == "done"
        told = studio.get(one, "model/tree/model").json()
        assert (told["estimator"], told["target"]) == (f"Decision tree, {told['tree']['leaves']} leaves", "member")
        assert told["tree"]["root"]["rows"] == len(frame)
        process = studio.desk._open[one]._side._process
        assert process is not None
        maps = Path(f"/proc/{process.pid}/maps").read_text()
        assert "duckdb" in maps
        assert "sklearn" not in maps


def test_looking_does_not_wait_for_a_run(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "slow", slow={"seconds": 30.0}))
    with studio.page(one) as page:
        page.say("run")
        page.until_event("started", "slow")
        assert studio.get(one, "rows/numbers/table").headers["X-Rows"] == "10"
        page.say("cancel")
        page.until("run", state="idle")


def test_a_table_that_is_not_stored_is_counted_by_looking(studio: Studio) -> None:
    pd.DataFrame({"age": range(100)}).to_parquet(studio.folder / "ages.parquet")
    nodes = {
        "read": {"type": "read_parquet", "settings": {"path": "ages.parquet"}},
        "old": {"type": "filter_rows", "settings": {"where": "age >= 80"}},
    }
    one = studio.open_file({"nodes": nodes, "wires": ["read.table -> old.table"]})

    def counted() -> int | None:
        rows: int | None = studio.snapshot(one)["ports"]["old.table"]["rows"]
        return rows

    assert studio.get(one, "rows/old/table", where="age > 90").headers["X-Rows"] == "9"
    assert studio.get(one, "rows/read/table").headers["X-Rows"] == "100"
    assert counted() is None
    assert studio.get(one, "rows/old/table", sort="-age").headers["X-Rows"] == "20"
    until(lambda: counted() == 20)
    with studio.page(one) as page:
        page.edit(op="set", node="old", setting="where", value="age >= 70")
        page.until("checked")
        until(lambda: counted() is None)
