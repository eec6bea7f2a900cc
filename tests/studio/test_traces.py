"""Networks opened over the studio's door: found from any node, run at a row, sliced, all of it in the side process."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from studio_support import Studio

from peephole.neural import TrainedNetwork

NODES = {
    "read": {"type": "read_parquet", "settings": {"path": "waves.parquet"}},
    "input": {"type": "sequence_input", "settings": {"columns": ["a"], "steps": 6, "order_by": ["t"]}},
    "first": {"type": "gru", "settings": {"units": 4}},
    "second": {"type": "lstm", "settings": {"units": 3, "name": "memory"}},
    "last": {"type": "last_step"},
    "out": {"type": "number_output", "settings": {"targets": ["later"]}},
    "train": {"type": "train_network", "settings": {"epochs": 1}},
    "predict": {"type": "predict_network"},
    "other": {"type": "head", "settings": {"count": 20}},
}
WIRES = [
    "read.table -> input.table",
    "input.network -> first.network",
    "first.network -> second.network",
    "second.network -> last.network",
    "last.network -> out.network",
    "read.table -> out.table",
    "out.network -> train.network",
    "read.table -> train.table",
    "read.table -> other.table",
    "other.table -> predict.table",
    "train.network -> predict.network",
]


def waves() -> pd.DataFrame:
    t = np.arange(50)
    return pd.DataFrame({"t": t, "a": np.sin(t / 3), "later": np.sin((t + 1) / 3)})


@pytest.fixture(scope="module")
def workflow(shared: Studio) -> str:
    """A workflow with a network of two recurrent layers, run."""
    waves().to_parquet(shared.folder / "waves.parquet")
    nodes = {name: block for name, block in NODES.items() if name != "other"}
    wires = [w.replace("other.table", "read.table") for w in WIRES if "-> other" not in w]
    one = shared.open_file({"nodes": nodes, "wires": wires}, "waves.peep.json")
    with shared.page(one) as page:
        assert page.run(targets=["predict"]) == "done"
    return one


@pytest.fixture(scope="module")
def net(shared: Studio, workflow: str) -> TrainedNetwork:
    """The network as the store has it."""
    folder = next(shared.config.store.glob("objects/*/*/weights.safetensors")).parent
    return TrainedNetwork.load(folder)


def ask(studio: Studio, one: str, rest: str, **query: Any) -> Any:
    answer = studio.get(one, f"traces/{rest}", **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers(packed: dict[str, Any]) -> np.ndarray[Any, Any]:
    array = np.frombuffer(base64.b64decode(packed["data"]), "<" + packed["dtype"])
    return array.reshape(packed["shape"])


def test_what_can_be_looked_at_is_told(shared: Studio, workflow: str) -> None:
    about = ask(shared, workflow, "train/about")
    assert [layer["id"] for layer in about["layers"]] == ["gru", "memory"]
    assert about["layer"] == "gru"
    assert about["rows"] == list(range(5, 50))
    assert about["count"] == 45
    assert about["columns"] == [{"name": "a", "type": "number", "steps": 6}]
    assert (about["epochs"], about["training"], about["running"]) == (1, False, False)
    assert about["tables"][0]["node"] == "read"


def test_a_layers_node_opens_the_network_trained_from_it_at_that_layer(shared: Studio, workflow: str) -> None:
    assert ask(shared, workflow, "second/about")["layer"] == "memory"
    assert ask(shared, workflow, "first/about")["layer"] == "gru"
    assert ask(shared, workflow, "predict/about")["layer"] == "gru"
    assert ask(shared, workflow, "second/head")["spec"]["kind"] == "lstm"


def test_numbers_on_the_way_are_the_traces(shared: Studio, workflow: str, net: TrainedNetwork) -> None:
    trace = net.unfold(waves(), "memory", only=[20])
    head = ask(shared, workflow, "second/head", row=20)
    assert head["steps"] == 6
    assert head["loss"] == pytest.approx(trace.loss, rel=1e-6)
    found = ask(shared, workflow, "second/slice", row=20, slice="unit", unit=2, stop=6)
    for name in ("c", "i", "y"):
        np.testing.assert_array_equal(numbers(found["values"][name]), trace.value(name)[:, 0, 2].numpy())
        np.testing.assert_array_equal(numbers(found["errors"][name]), trace.error(name)[:, 0, 2].numpy())
    shares = sum(numbers(share).astype(float) for share in found["routes"]["c"].values())
    np.testing.assert_allclose(shares, trace.error("c")[:, 0, 2].numpy(), rtol=1e-5, atol=1e-9)


def test_another_layer_another_row_a_row_typed_in(shared: Studio, workflow: str, net: TrainedNetwork) -> None:
    assert ask(shared, workflow, "train/head", of="memory", row=7)["spec"]["kind"] == "lstm"
    typed = json.dumps({"a": waves()["a"][15:21].tolist()})
    by_hand = ask(shared, workflow, "second/slice", typed=typed, slice="overview")
    at_row = ask(shared, workflow, "second/slice", row=20, slice="overview")
    values = [numbers(found["values"]["c"]) for found in (by_hand, at_row)]
    np.testing.assert_allclose(*values, rtol=1e-5)


def test_a_row_without_its_answer_is_opened_and_an_output_followed(shared: Studio, workflow: str) -> None:
    typed = json.dumps({"a": waves()["a"][15:21].tolist()})
    head = ask(shared, workflow, "second/head", typed=typed)
    assert (head["followed"]["answered"], head["followed"]["name"]) == (False, 'the output "later"')
    by_hand = ask(shared, workflow, "second/slice", typed=typed, slice="overview")
    at_row = ask(shared, workflow, "second/slice", row=20, follow="later", slice="overview")
    errors = [numbers(found["errors"]["c"]) for found in (by_hand, at_row)]
    np.testing.assert_allclose(*errors, rtol=1e-5)
    of_loss = numbers(ask(shared, workflow, "second/slice", row=20, slice="overview")["errors"]["c"])
    assert not np.allclose(errors[0], of_loss)


def test_the_first_example_shown_has_its_answer(shared: Studio) -> None:
    rows = waves()
    rows["later"] = rows["later"].where(rows["t"] >= 12)
    rows.to_parquet(shared.folder / "gaps.parquet")
    nodes = {name: block for name, block in NODES.items() if name not in ("other", "predict")}
    nodes = {**nodes, "read": {"type": "read_parquet", "settings": {"path": "gaps.parquet"}}}
    wires = [w for w in WIRES if "other" not in w and "predict" not in w]
    one = shared.open_file({"nodes": nodes, "wires": wires}, "gaps.peep.json")
    with shared.page(one) as page:
        assert page.run(targets=["train"]) == "done"
    about = ask(shared, one, "train/about")
    assert (about["count"], about["start"], about["first"]) == (45, 7, 0)  # of rows 6 ... 50 the one numbered 13
    assert ask(shared, one, "train/head")["example"].startswith("row 13 of the table")
    assert ask(shared, one, "train/head", row=5)["followed"]["answered"] is False


def test_what_cannot_be_opened_says_why(shared: Studio, workflow: str) -> None:
    for rest, query, status, words in (
        ("read/head", {}, 409, "nothing to do with a network"),
        ("nowhere/head", {}, 404, "nowhere"),
        ("train/head", {"row": 2}, 400, "lack"),
        ("train/head", {"of": "dense"}, 400, "recurrent layer"),
        ("train/head", {"follow": "latre"}, 400, "no output"),
        ("train/head", {"typed": "no json"}, 400, "no row"),
        ("train/slice", {"slice": "unit", "unit": 9}, 400, "unit 9"),
        ("train/slice", {"slice": "everything"}, 400, "slice"),
        ("train/about", {"table": 9}, 400, "table 9"),
    ):
        answer = shared.get(workflow, f"traces/{rest}", **query)
        assert answer.status_code == status, (rest, answer.text)
        assert words in answer.json()["problem"]["what"]
        assert answer.json()["problem"]["remedy"]
    answer = shared.get(workflow, "traces/train/head", row=2)
    assert "45 of 50 rows have it, the first is row 6" in answer.json()["problem"]["remedy"]


def test_what_is_not_trained_yet_says_so(shared: Studio) -> None:
    waves().to_parquet(shared.folder / "waves.parquet")
    nodes = {name: NODES[name] for name in ("read", "input", "first")}
    one = shared.open_file({"nodes": nodes, "wires": WIRES[:2]}, "untrained.peep.json")
    answer = shared.get(one, "traces/first/head")
    assert answer.status_code == 409
    assert "not trained yet" in answer.json()["problem"]["what"]


def test_the_page_of_an_opened_network_is_the_studios_page(shared: Studio, workflow: str) -> None:
    answer = shared.client.get(f"/d/{workflow}/unfold/train")
    assert "the page" in answer.text


def test_a_network_can_be_looked_at_while_it_is_trained(shared: Studio) -> None:
    waves().to_parquet(shared.folder / "waves.parquet")
    nodes = {name: block for name, block in NODES.items() if name not in ("other", "predict")}
    nodes = {**nodes, "train": {"type": "train_network", "settings": {"epochs": 100_000}}}
    one = shared.open_file(
        {"nodes": nodes, "wires": [w for w in WIRES if "other" not in w and "predict" not in w]}, "long.peep.json"
    )
    with shared.page(one) as page:
        page.say("run", targets=["train"])
        while shared.get(one, "traces/second/about").status_code != 200:
            page.next()
        about = ask(shared, one, "second/about")
        assert (about["training"], about["running"]) == (True, True)
        assert about["epochs"] > 0
        assert ask(shared, one, "second/head", row=20)["spec"]["kind"] == "lstm"
        page.say("cancel")
        page.until("run", state="idle")
    about = ask(shared, one, "second/about")
    assert (about["training"], about["running"]) == (True, False)


def test_a_row_is_given_as_it_would_be_typed_in(shared: Studio, workflow: str) -> None:
    given = ask(shared, workflow, "train/values", row=20)
    assert given == {"a": waves()["a"][15:21].tolist()}
    by_hand, at_row = (
        ask(shared, workflow, "second/slice", slice="overview", **which)
        for which in ({"typed": json.dumps(given)}, {"row": 20})
    )
    np.testing.assert_array_equal(numbers(by_hand["values"]["c"]), numbers(at_row["values"]["c"]))
    answer = shared.get(workflow, "traces/train/values", row=2)
    assert answer.status_code == 400
