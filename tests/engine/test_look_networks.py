"""Networks before anything runs: shapes at every wire, and what does not fit told on the node it concerns."""

from __future__ import annotations

import pytest
from small_training import NODES, WIRES, write_rows

from peephole.engine.catalog import catalog
from peephole.engine.look import look_ahead
from peephole.engine.plan import make_plan
from peephole.engine.run import run
from peephole.engine.store import Store, StoredResult
from peephole.engine.worker import Job, run_job
from peephole.tables.engines import engine_version
from peephole.tables.session import open_session
from peephole.workflow.document import Document


@pytest.fixture
def folder(tmp_path):
    return write_rows(tmp_path)


def document(changes=None, wires=None) -> Document:
    nodes = {
        name: {"type": kind, "settings": {**s, **(changes or {}).get(name, {})}} for name, (kind, s) in NODES.items()
    }
    return Document.model_validate({"nodes": nodes, "wires": wires or WIRES})


def look(folder, store=None, **changes):
    return look_at(document(**changes), folder, store)


def look_at(doc, folder, store=None):
    plan = make_plan(doc, catalog().specs, folder=folder, store=store, engine=engine_version("duckdb"))
    session = open_session("duckdb", read=[folder], write=[folder], threads=1)
    session.folder = folder
    try:
        return look_ahead(plan, session, store)
    finally:
        session.close()


def test_shapes_are_known_at_every_wire(folder):
    found = look(folder)
    assert not found.problems
    shapes = {node: facts["network"]["shape"] for node, facts in found.facts.items()}
    assert shapes == {
        "input": "6 steps x 2",
        "lstm": "6 steps x 4",
        "last": "4 numbers",
        "output": "1 number",
        "train": "1 number",
    }
    assert found.facts["train"]["network"]["parameters"] == 4 * 4 * (2 + 4 + 1) + 3 * 4 + 5


def test_a_layer_that_does_not_fit_is_told_on_its_node(folder):
    direct = [w for w in WIRES if "last" not in w] + ["lstm.network -> output.network", "lstm.network -> last.network"]
    found = look(folder, wires=direct)
    assert set(found.problems) == {"output"}
    assert "Put Last step" in found.problems["output"].remedy
    assert "sequence (6 steps x 4)" in found.problems["output"].what


def test_a_column_that_is_not_there_is_told_on_the_input(folder):
    found = look(folder, changes={"input": {"columns": ["a", "bb"]}})
    assert found.problems["input"].setting == "columns"
    assert 'Did you mean "b"?' in found.problems["input"].remedy


def test_a_table_that_lacks_a_column_is_told_on_train(folder):
    (folder / "other.csv").write_text("a,b\n1,2\n")
    doc = document().model_dump(mode="json")
    doc["nodes"]["other"] = {"type": "read_csv", "settings": {"path": "other.csv"}}
    doc["wires"] = [w if w != "rows.table -> train.table" else "other.table -> train.table" for w in WIRES]
    found = look_at(Document.model_validate(doc), folder)
    assert set(found.problems) == {"train"}
    assert 'reads the column "y"' in found.problems["train"].what


ON_TRAIN = [
    ({"truncate_back": 3}, "truncate_back", "truncate is not set"),
    ({"truncate": 3}, "truncate", '"lstm" reads sequences backwards too'),
]


@pytest.mark.parametrize(("settings", "setting", "what"), ON_TRAIN)
def test_a_setting_that_does_not_go_with_the_network_is_told_on_train(folder, settings, setting, what):
    found = look(folder, changes={"lstm": {"both_ways": True}, "train": settings})
    assert set(found.problems) == {"train"}
    assert found.problems["train"].setting == setting
    assert what in found.problems["train"].what


USES = {
    "predict_network": {},
    "evaluate_network": {},
    "network_errors": {},
    "extract_features": {},
    "embedding_map": {},
    "unfold_network": {},
    "export_network": {"path": "n.safetensors"},
}


def look_at_use(folder, kind, settings, source="train"):
    """What is wrong with a node that uses the network of another one."""
    doc = document().model_dump(mode="json")
    doc["nodes"]["use"] = {"type": kind, "settings": settings}
    table = [] if kind == "export_network" else ["rows.table -> use.table"]
    doc["wires"] = [*WIRES, f"{source}.network -> use.network", *table]
    return look_at(Document.model_validate(doc), folder).problems.get("use")


@pytest.mark.parametrize("kind", USES)
def test_using_a_drawing_that_is_not_trained_is_told(folder, kind):
    assert look_at_use(folder, kind, USES[kind]) is None
    problem = look_at_use(folder, kind, USES[kind], source="output")
    assert "not trained yet" in problem.what
    assert "Put Train" in problem.remedy


@pytest.mark.parametrize(
    ("kind", "settings", "setting", "what"),
    [
        ("extract_features", {"layer": "lstn"}, "layer", 'no layer "lstn"'),
        ("embedding_map", {"layer": "lstn"}, "layer", 'no layer "lstn"'),
        ("unfold_network", {"layer": "last_step"}, "layer", 'no recurrent layer "last_step"'),
        ("predict_network", {"name": "b"}, "name", "already has the columns b"),
        ("network_errors", {"name": "b"}, "name", "already has the columns b"),
    ],
)
def test_a_setting_that_does_not_fit_what_is_used_is_told(folder, kind, settings, setting, what):
    problem = look_at_use(folder, kind, settings)
    assert problem.setting == setting
    assert what in problem.what


def test_a_layer_after_train_is_told(folder):
    doc = document().model_dump(mode="json")
    doc["nodes"]["dense"] = {"type": "dense", "settings": {}}
    doc["wires"] = [*WIRES, "train.network -> dense.network"]
    found = look_at(Document.model_validate(doc), folder)
    assert "trained already" in found.problems["dense"].what


def test_a_run_trains_predicts_and_remembers(folder):
    store = Store(folder / "store")
    points = []
    result = run(
        document(),
        path=folder / "n.peep.json",
        store=store,
        on_event=lambda e: points.append(e) if e.event == "metric" else None,
    )
    assert result.status == "done", result.problems
    assert len(points) == 2
    facts = result.nodes["train"].outputs["network"].facts
    assert facts["trained"] is True
    assert facts["epochs"] == 2
    assert result.nodes["predict"].outputs["table"].facts["rows"] == 60
    assert not list((folder / "store" / "checkpoints").glob("*/*/training.safetensors"))
    again = run(document(), path=folder / "n.peep.json", store=store)
    assert all(n.cached for n in again.nodes.values())
    found = look(folder, store)
    assert found.facts["lstm"]["network"]["shape"] == "6 steps x 4"


def test_a_training_that_was_cut_goes_on_and_gives_what_an_uncut_one_gives(folder, monkeypatch):
    """A run that is cancelled while a network trains; the next run takes it up where it was kept."""
    monkeypatch.setattr("peephole.neural.training.loop.SECONDS", 0.0)
    plain = {"train": {"epochs": 30, "hold_back": 0.0}}
    told = []

    def here(store, stop_after=0):
        """In this process, so that checkpoints come at every epoch."""
        command = {
            "document": document(changes=plain).model_dump(mode="json"),
            "folder": str(folder),
            "store": str(store.folder),
            "engine": engine_version("duckdb"),
            "targets": ["train"],
            "name": "n",
        }
        job = Job(command)

        def emit(event):
            told.append(event)
            if stop_after and sum(e.event == "metric" for e in told) == stop_after:
                job.cancel()

        return run_job(job, emit).status

    cut, whole = Store(folder / "cut"), Store(folder / "whole")
    assert here(cut, stop_after=4) == "cancelled"
    assert list((folder / "cut" / "checkpoints").glob("*/*/training.safetensors"))
    told.clear()
    assert here(cut) == "done"
    assert any(e.event == "message" and "Taken up after epoch" in e.text for e in told)
    assert sum(e.event == "metric" for e in told) < 30
    assert not list((folder / "cut" / "checkpoints").glob("*/*/training.safetensors"))
    assert here(whole) == "done"
    kept = [{p.name for p in (store.folder / "objects").glob("*/network-*")} for store in (cut, whole)]
    assert kept[0] == kept[1]


def test_a_card_that_is_not_there_is_told_before_anything_runs_and_keeps_nothing_from_being_shown(folder, monkeypatch):
    monkeypatch.setattr("peephole.nodes.networks._ahead.without_card", lambda: "no driver of one is installed")
    wanted = {"train": {"device": "cuda"}}
    found = look(folder, changes=wanted)
    assert not found.problems
    (said,) = found.findings()
    assert (said.severity, said.node, said.id) == ("warning", "train", "ahead")
    assert "no graphics card, no driver of one is installed" in said.what
    assert not look(folder, changes={"train": {"device": "auto"}}).findings()
    monkeypatch.setattr("peephole.nodes.networks._ahead.without_card", lambda: "")
    assert not look(folder, changes=wanted).findings(), "where there may be one, torch itself finds out"


def test_what_is_trained_already_needs_no_card(folder, monkeypatch):
    monkeypatch.setattr("peephole.nodes.networks._ahead.without_card", lambda: "no driver of one is installed")
    store, wanted = Store(folder / "store"), {"train": {"device": "cuda"}}
    assert look(folder, store, changes=wanted).findings()
    plan = make_plan(document(wanted), catalog().specs, folder=folder, store=store, engine=engine_version("duckdb"))
    trained = run(document(), path=folder / "n.peep.json", store=store, targets=["train"]).nodes["train"].outputs
    store.remember(plan.steps["train"].recipe, StoredResult(plan.steps["train"].recipe, trained))
    assert not look(folder, store, changes=wanted).findings()
