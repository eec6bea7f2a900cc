"""Runs: watched, stopped, interrupted, gone on with when the page is closed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from engine_flows import alive, until
from studio_support import Page, Studio, chain


def states(studio: Studio, one: str) -> dict[str, str]:
    return {node: state["state"] for node, state in studio.snapshot(one)["nodes"].items()}


def settled(page: Page, **wanted: str) -> dict[str, Any]:
    """Wait until the page was told these states of nodes; gives what it knows of each."""
    known: dict[str, Any] = {}
    for message in page.told:
        if message["is"] == "checked":
            known |= message["nodes"]
    while any(known.get(node, {}).get("state") != state for node, state in wanted.items()):
        known |= page.until("checked")["nodes"]
    return known


def test_a_run_from_ready_to_done_and_stale_again(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "add", "slow", slow={"seconds": 0.3, "steps": 3}))
    with studio.page(one) as page:
        settled(page, numbers="ready", add="ready", slow="ready")
        assert page.run() == "done"
        known = settled(page, numbers="done", add="done", slow="done")
        assert known["slow"]["seconds"] >= 0.3
        assert known["slow"]["messages"] == [{"level": "info", "text": "slept 0.3 s"}]
        assert known["slow"]["curves"] == {"step": [0.0, 1.0, 2.0]}
        assert known["slow"]["summary"] == "seconds 0.3, steps 3"
        page.edit("set", node="add", setting="amount", value=2)
        known = settled(page, numbers="done", add="stale", slow="stale")
        assert known["add"]["reason"] == "amount changed: 1 → 2"
        page.say("undo", client="u")
        settled(page, numbers="done", add="done", slow="done")
        assert page.run() == "done"
        assert page.until("checked")["nodes"]["slow"]["cached"]
    ports = studio.snapshot(one)["ports"]
    assert ports["slow.table"]["rows"] == 10
    assert ports["slow.table"]["stored"]


def test_progress_and_states_are_told_while_it_runs(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "slow", slow={"seconds": 60.0, "steps": 600}))
    with studio.page(one) as page:
        page.say("run")
        page.until("run", state="running")
        assert page.until_event("progress", "slow")["total"] == 600
        snapshot = studio.snapshot(one)
        assert snapshot["run"]["state"] == "running"
        assert snapshot["nodes"]["slow"]["state"] == "running"
        assert snapshot["nodes"]["slow"]["progress"]["title"] == "Waiting"
        page.say("run")
        assert "on its way" in page.until("refused")["problem"]["what"]
        page.say("cancel")
        page.until("run", state="cancelling")
        assert page.until_event("run-finished")["status"] == "cancelled"
        stopped = settled(page, slow="cancelled")["slow"]
        assert stopped["reason"] == "", "why it ran is not how it stands"
    assert studio.snapshot(one)["run"]["state"] == "idle"


def test_run_to_here_runs_only_what_is_needed(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "same", "slow"))
    with studio.page(one) as page:
        assert page.run(targets=["same"]) == "done"
        settled(page, numbers="done", same="done", slow="ready")


def test_a_run_again_makes_the_target_anew(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "slow", slow={"seconds": 0.1, "steps": 2}))
    with studio.page(one) as page:
        page.run()
        page.say("run", targets=["slow"], again=True)
        page.until_event("started", "slow")
        page.until("run", state="idle")


@contextmanager
def no_plan(studio: Studio, one: str) -> Iterator[None]:
    """While this lasts no plan is made, as on a machine that is busy with other things."""
    process = studio.desk._open[one]._side._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):  # it has died meanwhile
            os.kill(process.pid, signal.SIGCONT)


def test_a_run_is_told_at_once_and_edits_go_on_while_it_waits_for_the_plan(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "same"))
    with studio.page(one) as page:
        settled(page, same="ready")
        with no_plan(studio, one):
            page.edit("set", node="numbers", setting="rows", value=3)
            page.say("run", targets=["same"])
            assert page.until("run")["state"] == "running"
            assert page.told[-1]["targets"] == ["same"]
            page.say("run")
            assert "already" in page.until("refused")["problem"]["what"]
            page.edit("set", node="numbers", setting="rows", value=4)
            page.until("edited")
        assert page.until_event("run-finished")["status"] == "done"
        settled(page, same="done")
    assert studio.snapshot(one)["ports"]["same.table"]["rows"] == 4


def test_a_run_that_waits_for_the_plan_is_stopped(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "same"))
    with studio.page(one) as page:
        settled(page, same="ready")
        with no_plan(studio, one):
            page.edit("set", node="numbers", setting="rows", value=3)
            page.say("run")
            page.until("run", state="running")
            page.say("cancel")
            page.until("run", state="cancelling")
            page.until("run", state="idle")
        assert not [message for message in page.told if message["is"] == "event"]
        assert page.run() == "done"


def test_a_plan_is_made_anew_where_the_side_process_dies_over_it(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "same"))
    with studio.page(one) as page:
        settled(page, same="ready")
        with no_plan(studio, one):
            page.edit("remove", ids=["numbers"])
            page.until("edited")
            process = studio.desk._open[one]._side._process
            assert process is not None
            os.kill(process.pid, signal.SIGKILL)
        settled(page, same="incomplete")


def test_a_component_stands_for_what_leaves_it(studio: Studio) -> None:
    inside = {
        "nodes": {"a": {"type": "peephole_testnodes/same"}, "b": {"type": "peephole_testnodes/same"}},
        "wires": [".table -> a.table", "a.table -> b.table", "b.table -> .result"],
    }
    document = chain("numbers")
    document["nodes"]["both"] = {"type": "component", "inside": inside}
    document["wires"] = ["numbers.table -> both.table"]
    one = studio.open_file(document)
    with studio.page(one) as page:
        settled(page, both="ready")
        assert page.run(targets=["both"]) == "done"
        known = settled(page, both="done")
        assert known["both"]["summary"] == "2 nodes inside"
    assert studio.snapshot(one)["ports"]["both.result"]["rows"] == 10
    assert studio.get(one, "rows/both/result").headers["X-Rows"] == "10"
    assert studio.get(one, "rows/both/b/table").headers["X-Rows"] == "10"


def test_a_failure_stays_until_what_it_rests_on_changes(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "fail", "same"))
    with studio.page(one) as page:
        assert page.run() == "failed"
        known = settled(page, fail="failed", same="waiting")
        assert known["fail"]["problem"]["what"] == "It is wrong."
        assert known["fail"]["problem"]["remedy"] == "Do it otherwise."
        page.edit("annotate", node="fail", note="harmless")
        page.until("edited")
        assert states(studio, one)["fail"] == "failed"
        page.edit("set", node="numbers", setting="rows", value=3)
        settled(page, fail="ready")


def test_a_wrong_setting_is_told_at_the_node_before_any_run(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "add", "same"))
    with studio.page(one) as page:
        page.edit("set", node="add", setting="column", value="m")
        known = settled(page, add="incomplete", same="waiting")
        assert 'no column "m"' in known["add"]["problem"]["what"]
        findings = page.told[-1]["findings"]
        assert [(f["node"], f["setting"]) for f in findings] == [("add", "column")]
        page.edit("connect", wire="same.table -> numbers.table")
        page.until("edited")
        page.edit("connect", wire="same.table -> add.table", many=True)
        page.until("edited")
        while not (findings := page.until("checked")["findings"]) or "loop" not in {f["id"] for f in findings}:
            pass
        page.say("run")
        page.until("problem")
        page.until("run", state="idle")


def test_a_worker_that_is_killed_takes_nothing_along(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "slow", "same", slow={"seconds": 60.0}))
    with studio.page(one) as page:
        page.say("run")
        page.until_event("progress", "slow")
        os.kill(worker_of(studio, one), signal.SIGKILL)
        assert "ended from outside" in page.until_event("interrupted", "slow")["reason"]
        assert page.until_event("run-finished")["status"] == "interrupted"
        page.until("run", state="idle")
        known = settled(page, slow="interrupted", same="waiting")
        assert "ended from outside" in known["slow"]["reason"]
        page.edit("set", node="slow", setting="seconds", value=0.1)
        assert page.run() == "done"
        settled(page, slow="done", same="done")


def test_a_node_that_ends_its_process_is_marked_and_the_document_lives_on(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "die"))
    with studio.page(one) as page:
        assert page.run() == "interrupted"
        settled(page, die="interrupted")
        page.edit("remove", ids=["die"])
        page.until("edited")
        assert page.run() == "done"


def test_work_goes_on_when_the_page_is_closed(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "slow", slow={"seconds": 1.5}))
    with studio.page(one) as page:
        page.say("run")
        seen = page.until_event("started", "slow") and page.told[-1]["seq"]
    assert until(lambda: studio.snapshot(one)["run"]["state"] == "idle", 30)
    with studio.page(one, after=seen) as page:
        assert page.until_event("finished", "slow")["seconds"] >= 1.5
        settled(page, slow="done")


def test_a_worker_lives_on_between_runs_and_ends_with_the_studio(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "same"))
    with studio.page(one) as page:
        page.run()
        first = worker_of(studio, one)
        page.edit("set", node="numbers", setting="rows", value=4)
        page.run()
        assert worker_of(studio, one) == first
    studio.stop()
    assert until(lambda: not alive(first))


def test_cancelling_what_does_not_listen_ends_the_worker(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "deaf"))
    with studio.page(one) as page:
        page.say("run")
        page.until_event("started", "deaf")
        page.say("cancel")
        assert page.until_event("run-finished")["status"] == "cancelled"
        settled(page, deaf="cancelled")


def test_a_training_is_kept_by_hand_and_gone_on_with(studio: Studio) -> None:
    document = chain("numbers")
    document["nodes"] |= {
        "input": {"type": "number_input", "settings": {"columns": ["n"]}},
        "output": {"type": "number_output", "settings": {"targets": ["k"]}},
        "train": {"type": "train_network", "settings": {"epochs": 100_000}},
        "predict": {"type": "predict_network"},
    }
    document["wires"] = [
        "numbers.table -> input.table",
        "input.network -> output.network",
        "numbers.table -> output.table",
        "output.network -> train.network",
        "numbers.table -> train.table",
        "numbers.table -> predict.table",
        "train.network -> predict.network",
    ]
    one = studio.open_file(document)
    with studio.page(one) as page:
        page.say("run")
        page.until_event("metric", "train")
        page.say("enough", node="train")
        assert page.until_event("run-finished")["status"] == "done"
        known = settled(page, train="done", predict="done")
        assert known["train"]["provisional"]
        assert known["predict"]["provisional"]
        assert known["train"]["reason"].startswith("For now: stopped by hand after epoch")
        assert known["predict"]["reason"] == "For now: the next run makes it again."
        page.say("run")
        assert "epoch" in page.until_event("message", "train")["text"]
        before = page.until_event("curves", "train")
        assert before["points"] == known["train"]["points"]
        assert before["curves"]["loss"] == known["train"]["curves"]["loss"]
        page.until_event("metric", "train")
        assert studio.snapshot(one)["nodes"]["train"]["points"] > before["points"]
        page.say("cancel")
        assert page.until_event("run-finished")["status"] == "cancelled"


def test_a_selection_flows_on_as_rows(studio: Studio) -> None:
    document = chain("numbers")
    document["nodes"]["plot"] = {"type": "scatter_plot", "settings": {"x": "n", "y": "k"}}
    document["wires"] = ["numbers.table -> plot.table"]
    one = studio.open_file(document)
    with studio.page(one) as page:
        assert page.run() == "done"
        page.say("selection", node="plot", value=[{"ranges": {"n": {"at_least": 2, "at_most": 4}}}], client="s")
        assert page.until("edited")["client"] == "s"
        assert page.run() == "done"
        assert studio.get(one, "rows/plot/selected").headers["X-Rows"] == "3"
        page.say("selection", node="plot", value=None, client="t")
        assert page.until("edited")["op"]["op"] == "unset"


@pytest.mark.parametrize("targets", [["nobody"], [""], ["numbers", "../x"]])
def test_unknown_targets_are_told(studio: Studio, targets: list[str]) -> None:
    one = studio.open_file(chain("numbers"))
    with studio.page(one) as page:
        page.say("run", targets=targets)
        while (message := page.next())["is"] not in ("problem", "refused"):
            pass
        assert message["problem"]["what"]


def worker_of(studio: Studio, one: str) -> int:
    """The document's worker, found among our processes by what it runs."""
    document = studio.desk._open[one]
    assert document.worker is not None
    return document.worker
