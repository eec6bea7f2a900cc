"""What fails ends its own node with a clear problem; only what depends on it is skipped; nothing failed is remembered."""

from __future__ import annotations

import os

import pytest
from engine_flows import flow, go, go_here, plan_of, rows

from peephole.engine.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


BAD = {  # node: (settings, id of the problem, what it says)
    "fail": ({"text": "It is wrong."}, "data", "It is wrong."),
    "crash": ({}, "error", "Crash: ZeroDivisionError: division by zero"),
    "nothing": ({}, "data", "Nothing: nothing came out of model."),
    "half": ({}, "data", "Half: LazyFrame came out where low, high are promised."),
    "raises": ({"kind": "SystemExit"}, "error", "Raises: SystemExit: "),
    "raises_2": ({"kind": "KeyboardInterrupt"}, "error", "Raises: KeyboardInterrupt: "),
    "raises_3": ({"kind": "MemoryError"}, "memory", "Raises: the memory ran out."),
    "exits_when_asked": ({}, "error", "Exits when asked: SystemExit: no"),
    "add": ({"column": "nn"}, "column", 'Add: there is no column "nn".'),
    "slow": ({"seconds": "long"}, "setting", "Slow: seconds cannot be 'long'."),
    "read_words": ({"path": "none.txt"}, "source", "none.txt cannot be used: No such file or directory."),
    "read_words_2": ({"path": "."}, "source", "cannot be used: Is a directory."),
    "no_such_node": ({}, "unknown-node", 'The node "peephole_testnodes/no_such_node" is not installed.'),
    "beside": ({}, "wire", 'Beside has no input "table".'),
}


def test_every_kind_of_failure_in_one_run_ends_only_its_own_node(store, tmp_path):
    nodes = {"n": "numbers", "good": "same", "after_good": "count"}
    nodes |= {name: (name.removesuffix("_2").removesuffix("_3"), settings) for name, (settings, *_) in BAD.items()}
    nodes |= {f"{name}_after": "same" for name in BAD}
    wires = [f"n {name}" for name in BAD if not name.startswith("read")]
    wires += [f"{name}.{'model' if name == 'nothing' else 'table'} -> {name}_after.table" for name in BAD]
    nodes.pop("nothing_after")
    nodes.pop("half_after")
    wires = [w for w in wires if "nothing_after" not in w and "half_after" not in w]
    document = flow(nodes, "n good after_good", *wires)
    result, log = go(document, store, path=tmp_path / "w.peep.json")
    assert result.status == "failed"
    problems = result.problems
    assert set(problems) == set(BAD)
    for name, (_, kind, what) in BAD.items():
        assert problems[name].id == kind, problems[name]
        assert what in problems[name].what, problems[name]
        assert problems[name].remedy
        assert log.ends().get(f"{name}_after", "skipped") == "skipped"
    assert problems["add"].setting == "column"
    assert 'Did you mean "n"?' in problems["add"].remedy
    assert log.find("skipped", "crash_after").reason == 'It waits for "Crash".'
    assert (result.nodes["good"].state, result.nodes["after_good"].state) == ("done", "done")
    again, _ = go(document, store, path=tmp_path / "w.peep.json")  # failures are not remembered, results are
    assert set(again.problems) == set(BAD)
    assert again.nodes["good"].cached


QUERY = {  # case: (the five steps of a query, the guilty one, the offending value in its problem)
    "in the middle": (["texts", "same_text", "to_number", "more", "again"], "to_number", "abc"),
    "at the end": (["texts", "same_text", "again", "more", "to_number"], "to_number", "abc"),
    "at the start": (["texts", "to_number", "more", "again", "same_text"], "to_number", "abc"),
    "two could fail": (["texts", "more", "to_number", "again", "overflow"], "to_number", "abc"),
    "the second of two fails": (["texts", "more", "to_row", "again", "overflow"], "overflow", "9223372036854775807"),
}


@pytest.mark.parametrize("case", QUERY)
def test_an_error_of_a_query_lands_on_the_guilty_step_with_the_value(store, case):
    order, guilty, value = QUERY[case]
    nodes = {
        "texts": ("texts", {"values": ["1", "2", "abc"]}),
        "same_text": ("add", {"column": "row", "amount": 0}),
        "to_number": ("to_number", {"column": "text"}),
        "to_row": ("to_number", {"column": "row"}),
        "more": ("add", {"column": "row", "amount": 1}),
        "again": ("add", {"column": "row", "amount": 2}),
        "overflow": ("add", {"column": "row", "amount": 2**63 - 1}),
        "after": "same",
    }
    chosen = {name: nodes[name] for name in [*order, "after"]}
    document = flow(chosen, " ".join(chosen))
    assert [s.kept for s in plan_of(document).steps.values()] == [False] * 4 + [True, True]  # one query of five
    result, log = go_here(document, store)
    assert set(result.problems) == {guilty}
    assert value in result.problems[guilty].what
    at = order.index(guilty)
    expected = dict.fromkeys(order[:at], "finished") | {guilty: "failed"}
    expected |= dict.fromkeys([*order[at + 1 :], "after"], "skipped")
    assert log.ends() == expected
    assert not list((store.folder / "results").glob("*/*"))
    assert not list((store.folder / "tmp").iterdir())


def test_a_step_shared_by_two_queries_ends_well_where_one_of_them_fails(store):
    nodes = {"t": ("texts", {"values": ["1", "abc"]}), "a": ("add", {"column": "row"})}
    nodes |= {"bad": ("to_number", {"column": "text"}), "good": ("add", {"column": "row", "amount": 5}), "end": "same"}
    for wires in (["a bad", "a good end"], ["a good end", "a bad"]):
        result, log = go_here(flow(nodes, "t a", *wires), Store(store.folder / wires[0].replace(" ", "")))
        assert log.ends() == {"t": "finished", "a": "finished", "bad": "failed", "good": "finished", "end": "finished"}
        assert rows(result, "end") == [("1", 6), ("abc", 7)]


def test_a_step_that_two_queries_need_fails_once(store):
    nodes = {"t": ("texts", {"values": ["1", "abc"]}), "bad": ("to_number", {"column": "text"})}
    nodes |= {"a": ("add", {"column": "row"}), "b": ("add", {"column": "row", "amount": 2})}
    result, log = go_here(flow(nodes, "t bad a", "bad b"), store)
    assert set(result.problems) == {"bad"}
    assert log.ends() == {"t": "finished", "bad": "failed", "a": "skipped", "b": "skipped"}


def test_what_only_a_blocked_step_needs_does_not_run(store):
    nodes = {"n": "numbers", "a": ("add", {"amount": 9}), "u": "no_such_node", "b": "beside"}
    result, log = go_here(flow(nodes, "n a", "n u", "a.table -> b.left", "u.table -> b.right"), store)
    assert set(result.problems) == {"u"}
    assert log.ends()["b"] == "skipped"
    assert log.find("skipped", "b").reason == f'It waits for "{"peephole_testnodes/no_such_node"}".'
    assert log.find("skipped", "a").reason == 'Only "Beside" needs it, and that cannot run.'


def test_noise_does_not_reach_the_events(store):
    result, log = go(flow({"n": "numbers", "x": "noisy", "t": "leaves_thread"}, "n x t"), store)
    assert result.status == "done"
    assert result.nodes["x"].messages == ["heard ''"]
    assert len({e.event for e in log.events} & {"failed", "skipped"}) == 0


def test_a_file_that_changes_while_it_is_read_is_not_remembered(store, tmp_path):
    (tmp_path / "words.txt").write_text("one two three")
    document = flow({"r": ("changes_input", {"path": "words.txt"}), "s": "same"}, "r s")
    result, log = go_here(document, store, path=tmp_path / "w.peep.json")
    assert result.problems["r"].what == "words.txt changed while it was being read."
    assert log.ends() == {"r": "failed", "s": "skipped"}
    assert not list((store.folder / "results").glob("*/*"))


def test_a_file_changed_between_runs_is_read_again_whatever_its_size_and_time(store, tmp_path):
    path = tmp_path / "words.txt"
    document = flow({"r": ("read_words", {"path": "words.txt"}), "s": "same"}, "r s")

    def run():
        return go_here(document, store, path=tmp_path / "w.peep.json")[0]

    path.write_text("ab cd")
    times = path.stat()
    assert rows(run(), "s") == [("ab",), ("cd",)]
    assert run().nodes["r"].cached
    path.write_text("ef gh")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # as a copy that keeps times
    result = run()
    assert rows(result, "s") == [("ef",), ("gh",)]
    assert result.nodes["r"].reason == "the file words.txt changed"
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "words.txt").write_text("ij kl")
    os.utime(other / "words.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    result, _ = go_here(document, store, path=other / "w.peep.json")  # the same words in its settings, another file
    assert rows(result, "s") == [("ij",), ("kl",)]


def test_a_written_file_that_is_gone_or_changed_is_written_again(store, tmp_path):
    (tmp_path / "in.txt").write_text("b a")
    nodes = {"r": ("read_words", {"path": "in.txt"}), "w": ("write_words", {"path": "out.txt"})}
    document, written = flow(nodes, "r w"), tmp_path / "out.txt"

    def run():
        return go_here(document, store, path=tmp_path / "w.peep.json")[0].nodes

    run()
    assert written.read_text() == "a\nb"
    assert run()["w"].cached
    written.unlink()
    assert not run()["w"].cached
    assert written.read_text() == "a\nb"
    written.write_text("x\ny")
    assert [n.cached for n in run().values()] == [True, False]
    assert written.read_text() == "a\nb"
