"""A workflow served over HTTP: rows in and out, what is wrong with bad rows, tokens, metrics, the page."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import httpx
import jsonschema
import pyarrow as pa
import pytest
import uvicorn
from sklearn.tree import DecisionTreeClassifier

from peephole.core.errors import RunError
from peephole.engine.store import Store
from peephole.service.app import ARROW, Limits, make_app
from peephole.service.program import prepare
from peephole.workflow.document import Document

SAMPLE = {
    "columns": [
        {"name": "age", "type": "integer"},
        {"name": "income", "type": "number"},
        {"name": "city"},
        {"name": "since", "type": "date"},
    ],
    "rows": [[30, 1000.5, "Ulm", "2013-01-31"], [40, None, "Bern", None], [50, 3000, None, "2014-02-01"]],
}
TRAINING = [[20 + n, 500.0 * (n % 7), ["Ulm", "Bern"][n % 2], "yes" if n % 7 > 3 else "no"] for n in range(60)]
LEARNT = {
    "columns": [*SAMPLE["columns"][:3], {"name": "buys"}],
    "rows": TRAINING,
}


def document(**more) -> Document:
    nodes = {
        "sample": {"type": "table_by_hand", "settings": SAMPLE},
        "training": {"type": "table_by_hand", "settings": LEARNT},
        "learn": {
            "type": "decision_tree_learner",
            "settings": {"target": "buys", "features": ["age", "income", "city"], "seed": 1},
        },
        "in": {"type": "service_input", "settings": {"name": "customers", "optional": ["since"]}},
        "year": {"type": "formula", "settings": {"name": "year", "expression": "year(since)"}},
        "predict": {"type": "predict", "settings": {}},
        "out": {"type": "service_output", "settings": {"name": "predictions"}},
    }
    wires = [
        "training.table -> learn.table",
        "sample.table -> in.table",
        "in.table -> year.table",
        "year.table -> predict.table",
        "learn.model -> predict.model",
        "predict.table -> out.table",
    ]
    blocks = {name: block for name, block in {**nodes, **more.get("nodes", {})}.items() if block is not None}
    kept = [w for w in [*wires, *more.get("wires", [])] if w not in more.get("without", [])]
    return Document.model_validate(
        {"title": "Who buys", "description": "Tells who buys.", "nodes": blocks, "wires": kept}
    )


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("service")
    found = prepare(document(), folder / "buys.peep.json", store=Store(folder / "store"))
    yield found
    found.close()


@contextmanager
def served(app):
    """The service on loopback, and a client that asks it."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def client(program):
    with served(make_app(program, token="sesame")) as found:
        found.headers["Authorization"] = "Bearer sesame"
        yield found


GOOD = [
    {"age": 30, "income": 3000.0, "city": "Ulm", "since": "2013-01-31"},
    {"age": 40, "income": None, "city": "Bern"},
    {"age": 25.0, "income": 100, "city": "somewhere new", "since": None},
]


def test_rows_in_and_predictions_out(client):
    answer = client.post("/run", json={"customers": GOOD})
    assert answer.status_code == 200
    (name,) = answer.json()
    rows = answer.json()[name]
    assert name == "predictions"
    assert [row["prediction"] for row in rows] == ["yes", "no", "no"]
    assert [row["age"] for row in rows] == [30, 40, 25]
    assert [row["year"] for row in rows] == [2013, None, None]
    assert rows[0]["since"] == "2013-01-31"


def test_predictions_agree_with_scikit_learn(client):
    features = [[row[0], row[1], row[2] == "Ulm"] for row in TRAINING]
    tree = DecisionTreeClassifier(random_state=1).fit(features, [row[3] for row in TRAINING])
    sent = [{"age": a, "income": i, "city": c, "since": None} for a, i, c, _ in TRAINING]
    rows = client.post("/run", json={"customers": sent}).json()["predictions"]
    assert [row["prediction"] for row in rows] == list(tree.predict(features))


def test_one_row_need_not_be_a_list_and_no_rows_are_no_rows(client):
    assert len(client.post("/run", json={"customers": GOOD[0]}).json()["predictions"]) == 1
    assert client.post("/run", json={"customers": []}).json() == {"predictions": []}


BAD = [
    GOOD[0],
    {"age": "thirty", "income": 1.0, "city": "Ulm"},
    {"age": 30, "city": 7, "since": "2013-02-30"},
    {"agee": 30, "age": 1.5, "income": True, "city": "Ulm"},
    17,
    {"age": 2**70, "income": 1.0, "city": "Ulm"},
]


def test_bad_rows_are_answered_with_what_is_wrong_with_them(client):
    answer = client.post("/run", json={"customers": BAD})
    assert answer.status_code == 422
    told = answer.json()
    assert told["error"] == {
        "what": "9 things in the rows cannot be used.",
        "remedy": "Mend them, or ask with ?partial=true for the others.",
    }
    assert {(p["row"], p["column"], p["got"]) for p in told["problems"]} == {
        (1, "age", '"thirty"'),
        (2, "city", "7"),
        (2, "income", None),
        (2, "since", '"2013-02-30"'),
        (3, "agee", "30"),
        (3, "age", "1.5"),
        (3, "income", "true"),
        (4, None, "17"),
        (5, "age", str(2**70)),
    }
    by_place = {(p["row"], p["column"]): p for p in told["problems"]}
    assert by_place[(1, "age")]["what"] == "This is no whole number."
    assert by_place[(1, "age")]["remedy"] == "Send it as a number without quotes, as 42."
    assert by_place[(2, "income")]["what"] == "The column is missing."
    assert 'Did you mean "age"?' in by_place[(3, "agee")]["remedy"]
    assert all(p["remedy"] for p in told["problems"])


def test_the_good_rows_are_answered_on_request(client):
    told = client.post("/run?partial=true", json={"customers": [*BAD, GOOD[1]]}).json()
    assert [row["age"] for row in told["predictions"]] == [30, 40]
    assert told["rows_used"] == {"customers": [0, 6]}
    assert {p["row"] for p in told["problems"]} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"{", 400, "not JSON"),
        (b"[]", 400, "must hold customers, and holds no object"),
        (b'{"clients": []}', 400, "holds clients"),
        (b'{"customers": "x"}', 422, "cannot be used"),
        (b'{"customers": ' + b"[" * 100_000, 400, "not JSON"),
    ],
)
def test_requests_that_cannot_be_read(client, body, status, message):
    answer = client.post("/run", content=body)
    assert answer.status_code == status
    assert message in answer.json()["error"]["what"]
    assert answer.json()["error"]["remedy"]


def test_arrow_in_and_out(client):
    table = pa.table({"city": ["Ulm", None], "age": pa.array([30, 40], pa.int32()), "income": [1.0, 3000.0],
                      "since": pa.nulls(2, pa.date32())})  # fmt: skip
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    headers = {"Content-Type": ARROW, "Accept": ARROW}
    answer = client.post("/run", content=bytes(sink.getvalue()), headers=headers)
    assert answer.headers["content-type"] == ARROW
    rows = pa.ipc.open_stream(answer.content).read_all()
    as_json = client.post("/run", content=bytes(sink.getvalue()), headers={"Content-Type": ARROW}).json()
    assert rows.column("prediction").to_pylist() == [row["prediction"] for row in as_json["predictions"]]
    assert client.post("/run", content=b"no arrow", headers=headers).status_code == 400
    refused = client.post("/run?output=nope", json={"customers": []}, headers={"Accept": ARROW})
    assert refused.status_code == 406


def test_bad_cells_in_arrow_are_told_by_row(client):
    table = pa.table({"city": ["Ulm"], "age": ["old"], "income": [1.0]})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    told = client.post("/run", content=bytes(sink.getvalue()), headers={"Content-Type": ARROW}).json()
    assert [(p["row"], p["column"], p["got"]) for p in told["problems"]] == [(0, "age", '"old"')]


def test_paths_and_methods_that_are_not_there_are_told_as_everything_else(client):
    for answer, status in ((client.get("/run"), 405), (client.get("/nope"), 404)):
        assert answer.status_code == status
        error = answer.json()["error"]
        assert answer.request.url.path in error["what"]
        assert "POST to /run" in error["remedy"]
    assert client.get("/run").headers["allow"] == "POST"


def test_only_who_has_the_token_may_ask(program):
    with served(make_app(program, token="sesame")) as client:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic sesame"}):
            answer = client.post("/run", json={"customers": []}, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
        assert client.get("/metrics").status_code == 401
        assert client.get("/schema").status_code == 401
        assert client.get("/health").json() == {"status": "ok", "workflow": "Who buys"}
        assert client.get("/docs").status_code == 200
    with served(make_app(program, token=None)) as client:
        assert client.post("/run", json={"customers": []}).status_code == 200


def test_too_much_at_once(program):
    with served(make_app(program, token=None, limits=Limits(rows=2, megabytes=1))) as client:
        answer = client.post("/run", json={"customers": GOOD})
        assert (answer.status_code, "3 rows were sent" in answer.text) == (413, True)
        assert client.post("/run", content=b" " * 2_000_000).status_code == 413


def test_a_node_that_fails_on_the_rows_is_named(tmp_path):
    broken = {"type": "formula", "settings": {"name": "n", "expression": "CAST(city AS INTEGER)"}, "title": "Count"}
    wires = ["year.table -> count.table", "count.table -> predict.table"]
    drawn = document(nodes={"count": broken}, wires=wires, without=["year.table -> predict.table"])
    program = prepare(drawn, tmp_path / "d.peep.json", store=Store(tmp_path / "store"))
    with served(make_app(program, token=None)) as client:
        answer = client.post("/run", json={"customers": GOOD})
        assert answer.status_code == 422
        assert "Ulm" in answer.json()["error"]["what"]
        assert client.post("/run", json={"customers": []}).status_code == 200  # it lives on
    program.close()


def test_columns_that_hang_on_the_rows_of_each_request(tmp_path):
    """The query behind a node whose columns differ from request to request is not the one of the request before."""
    pivot = {"type": "pivot", "settings": {"rows": ["age"], "columns": "city"}}
    more = {"type": "formula", "settings": {"name": "older", "expression": "age + 1"}}
    drawn = document(
        nodes={"pivot": pivot, "older": more, "predict": None, "learn": None, "training": None},
        wires=["year.table -> pivot.table", "pivot.table -> older.table", "older.table -> out.table"],
        without=[
            "training.table -> learn.table",
            "year.table -> predict.table",
            "learn.model -> predict.model",
            "predict.table -> out.table",
        ],
    )
    program = prepare(drawn, tmp_path / "d.peep.json", store=Store(tmp_path / "store"))
    with served(make_app(program, token=None)) as client:
        for cities in (["Ulm", "Bern"], ["Ulm", "Bern"], ["Rome"], ["Bern", "Ulm"]):
            rows = [{"age": n, "income": None, "city": city} for n, city in enumerate(cities)]
            answer = client.post("/run", json={"customers": rows}).json()["predictions"]
            counts = [{c: int(c == city) for c in cities} for city in cities]
            assert answer == [{"age": n, "older": n + 1, **counted} for n, counted in enumerate(counts)]
    program.close()


def test_metrics(program):
    with served(make_app(program, token=None)) as client:
        client.post("/run", json={"customers": GOOD})
        client.post("/run", json={"customers": BAD})
        lines = client.get("/metrics").text.splitlines()
    assert 'peephole_requests_total{status="200"} 1' in lines
    assert 'peephole_requests_total{status="422"} 1' in lines
    assert 'peephole_rows_total{quality="good"} 3' in lines
    assert 'peephole_rows_total{quality="bad"} 5' in lines
    assert "peephole_requests_in_progress 0" in lines
    assert 'peephole_request_seconds_bucket{le="+Inf"} 2' in lines
    values = [int(line.split()[-1]) for line in lines if "_bucket" in line]
    assert values == sorted(values)


def test_it_is_described_for_programs(client):
    described = client.get("/openapi.json").json()
    run = described["paths"]["/run"]["post"]
    schema = run["requestBody"]["content"]["application/json"]["schema"]
    row = schema["properties"]["customers"]["items"]
    assert row["properties"]["since"] == {"type": ["string", "null"], "format": "date"}
    assert row["required"] == ["age", "income", "city"]
    example = run["requestBody"]["content"]["application/json"]["example"]
    jsonschema.validate(example, schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert client.post("/run", json=example).status_code == 200
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"customers": [{"age": "x", "income": 1, "city": "Ulm"}]}, schema)


def test_the_page_names_columns_and_escapes_what_a_person_wrote(tmp_path):
    drawn = document().model_copy(update={"title": "<b>Who</b>"})
    program = prepare(drawn, tmp_path / "d.peep.json", store=Store(tmp_path / "store"))
    with served(make_app(program, token="x")) as client:
        page = client.get("/docs")
    assert "&lt;b&gt;Who" in page.text
    assert "<code>income</code>" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http://" not in page.text  # nothing comes from elsewhere
    assert "https://" not in page.text
    program.close()


def test_many_requests_at_once_get_their_own_answers(client):
    answers = {}

    def ask(n):
        answers[n] = client.post("/run", json={"customers": [GOOD[0] | {"age": n}]}).json()["predictions"][0]["age"]

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(1, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: n for n in range(1, 25)}


def test_it_ends_though_a_request_takes_the_last_session_meanwhile(tmp_path):
    program = prepare(document(), tmp_path / "d.peep.json", store=Store(tmp_path / "store"))

    class Taken(SimpleQueue):
        """Between two looks the last one is taken."""

        def empty(self):
            return False

    taken = Taken()
    while not program._idle.empty():
        taken.put(program._idle.get())
    program._idle = taken
    ending = threading.Thread(target=program.close, daemon=True)
    ending.start()
    ending.join(10)
    assert not ending.is_alive()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nodes": {"in": None}, "without": ["sample.table -> in.table", "in.table -> year.table"],
          "wires": ["sample.table -> year.table"]}, "does not say where rows come in.*Service input"),
        ({"nodes": {"out": None}, "without": ["predict.table -> out.table"]}, "does not say where rows leave"),
        ({"nodes": {"second": {"type": "service_output", "settings": {"name": "predictions"}}},
          "wires": ["predict.table -> second.table"]}, 'Two nodes are called "predictions"'),
        ({"nodes": {"second": {"type": "service_output", "settings": {"name": "fixed"}}},
          "wires": ["training.table -> second.table"]}, "The output fixed hangs on no input"),
        ({"nodes": {"lost": {"type": "service_input", "settings": {"name": "lost"}}},
          "wires": ["training.table -> lost.table"]}, "No output hangs on the input lost"),
        ({"without": ["sample.table -> in.table"]}, "nothing is connected"),
        ({"nodes": {"learn": {"type": "decision_tree_learner", "settings": {"target": "buyz"}}}},
         'cannot be served: .*no column "buyz"'),
    ],
)  # fmt: skip
def test_what_cannot_be_served(tmp_path, change, message):
    with pytest.raises(RunError, match=message):
        prepare(document(**change), tmp_path / "d.peep.json", store=Store(tmp_path / "store"))


def test_the_command_serves_and_ends(tmp_path):
    import re
    import signal
    import subprocess
    import sys

    from peephole.workflow.files import save

    save(document(), tmp_path / "buys.peep.json")
    command = [sys.executable, "-m", "peephole.cli.main", "serve", "buys.peep.json", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            first = process.stdout.readline()
            token = process.stdout.readline().split()[-1]
            address = re.search(r"http://127\.0\.0\.1:\d+", first).group()
            asked = {"Authorization": f"Bearer {token}"}
            with httpx.Client(trust_env=False) as client:
                answer = client.post(f"{address}/run", json={"customers": GOOD}, headers=asked)
                assert [row["prediction"] for row in answer.json()["predictions"]] == ["yes", "no", "no"]
                assert client.post(f"{address}/run", json={}).status_code == 401
        finally:
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--no-token", "--host", "0.0.0.0"], "everybody who reaches 0.0.0.0 could ask"),
        (["--port", "99999"], "99999 is no port"),
        (["--most-rows", "0"], "0 rows are too few"),
    ],
)
def test_the_command_refuses(tmp_path, capsys, arguments, message):
    from peephole.cli.main import main

    (tmp_path / "x.peep.json").write_text(json.dumps({}))
    assert main(["serve", str(Path(tmp_path, "x.peep.json")), *arguments]) != 0
    assert message in capsys.readouterr().err
