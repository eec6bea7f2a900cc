"""The display, on recorded runs: what is said in a log, on a terminal, and to machines."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded import BAD, ENDED, GOOD, LABELS, PROBLEM
from rich.cells import cell_len
from rich.console import Console

from peephole.cli.display.lines import SIGNS, Layout, ended_line, problem_lines, running_line
from peephole.cli.display.show import JsonLines, LiveLines, PlainLines
from peephole.cli.display.watch import Label, Watch, Watched, ending
from peephole.engine.events import Event, NodeFailed, Problem, RunFinished, RunStarted, parse_event


def plain(events: Iterable[Event], *, trace: bool = False) -> str:
    out = io.StringIO()
    with PlainLines(Console(file=out, width=200), LABELS, "Flight delays", trace=trace) as shown:
        for event in events:
            shown(event)
    return out.getvalue()


def live(events: Iterable[Event], *, width: int = 120, encoding: str = "utf-8") -> str:
    """What stays on a terminal, without the parts that were drawn over."""
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=out, width=width, height=20, force_terminal=True, color_system=None, legacy_windows=False)
    with LiveLines(console, LABELS, "Flight delays") as shown:
        shown._live.auto_refresh = False
        for event in events:
            shown(event)
    out.seek(0)
    return out.read()


def watched(events: Iterable[Event]) -> Watch:
    watch = Watch(LABELS)
    for event in events:
        watch.take(event)
    return watch


def test_what_runs_is_drawn_while_an_event_comes() -> None:
    """It is drawn from another thread."""
    shown = LiveLines(Console(file=io.StringIO(), width=120, height=20), LABELS, "Flight delays")
    shown(RunStarted(nodes=["flights", "join"], to_run=["join"]))
    more = threading.Thread(target=lambda: shown(RunStarted(nodes=["flights", "join", "boost"], to_run=["join"])))

    class Met(Watched):
        def __getattribute__(self, name: str) -> object:
            if name == "state" and more.ident is None:
                more.start()
                more.join(0.3)
            return super().__getattribute__(name)

    shown._watch.nodes["flights"] = Met("flights", LABELS["flights"])
    shown._below()
    more.join()
    assert list(shown._watch.nodes) == ["flights", "join", "boost"]


def test_a_log_has_a_line_for_each_start_and_end() -> None:
    assert plain(GOOD).splitlines() == [
        "Flight delays",
        "same   Flights: 336,776 × 19, already done (nothing changed)",
        "start  Join with weather: keys changed: origin → time_hour",
        "done   Join with weather: 336,776 × 31, 0.4 s",
        "start  Gradient boosting: its input changed: Join with weather",
        "done   Gradient boosting: classification, 200 trees, 6.0 s",
        "    The column tailnum has 4,043 values and was left out.",
        "start  Score: its input changed: Gradient boosting",
        "done   Score: 1 × 5, 0.2 s",
        "Done in 6.7 s: 3 nodes ran, 1 already done.",
    ]


def test_a_log_tells_what_failed_its_remedy_and_what_did_not_run() -> None:
    said = plain(BAD)
    assert 'done   Flights: computed together with "Join with weather"' in said
    assert 'FAILED Join with weather\n    Join: there is no column "orgin".\n    Did you mean "origin"?\n' in said
    assert "It is one of the steps of this query: Flights." in said
    assert 'skip   Gradient boosting: It waits for "Join with weather".' in said
    assert "stop   Score" in said
    assert said.endswith("Failed in 0.4 s: 1 node ran, 1 failed, 1 not run, 1 cancelled.\n")
    assert "Traceback" not in said
    assert "    Traceback ...\n      here\n" in plain(BAD, trace=True)


def test_an_interrupted_run_says_why() -> None:
    assert "ENDED  Gradient boosting\n    The worker process was ended from outside." in plain(ENDED)


def test_a_failure_of_the_whole_run_is_told_once() -> None:
    failure = NodeFailed(node="", problem=Problem(id="store", what="The disk is full.", remedy="Free some space."))
    events = [RunStarted(nodes=[], to_run=[]), failure, RunFinished(status="failed", seconds=0)]
    assert plain(events).count("The disk is full. Free some space.") == 1
    assert live(events).count("The disk is full. Free some space.") == 1


def test_a_terminal_shows_finished_lines_and_hides_and_shows_the_cursor() -> None:
    said = live(GOOD)
    assert said.index("✓ Flights") < said.index("✓ Join with weather") < said.index("✓ Gradient boosting")
    assert "keys changed: origin → time_hour" in said
    assert "Done in 6.7 s: 3 nodes ran, 1 already done." in said
    assert said.count("\x1b[?25l") == said.count("\x1b[?25h") == 1


def test_a_terminal_without_unicode_gets_plain_signs() -> None:
    watch = watched(GOOD)
    line = ended_line(watch.nodes["join"], Layout.fit(100, ["Join with weather"], plain=True)).plain
    assert line.startswith("+ Join")
    assert len({signs[1] for signs in SIGNS.values()}) >= 7


def at_work() -> Iterator[Watched]:
    watch = Watch(LABELS)
    for event in GOOD:
        watch.take(event)
        yield from watch.running()


def test_a_running_node_shows_bar_rate_time_left_and_curves() -> None:
    layout = Layout.fit(120, [label.title for label in LABELS.values()])
    shown = [running_line(n, layout, 1.0).plain for n in at_work()]
    line = next(s for s in shown if "31%" in s)
    for said in ("● Gradient boosting", "Training", "━━━━━━━", "31/s", "4.4 s left"):
        assert said in line
    curve = next(s for s in shown if "loss" in s)
    assert "loss 0.3142" in curve
    assert "broken" not in curve


def test_of_nodes_computed_together_the_last_is_shown() -> None:
    watch = watched(BAD[:4])
    assert [n.id for n in watch.running()] == ["join"]
    assert "with 1 before it" in running_line(watch.running()[0], Layout.fit(120, []), 0.2).plain


def test_reasons_come_before_settings_where_room_is_short() -> None:
    node = watched(GOOD).nodes["boost"]
    wide = ended_line(node, Layout.fit(140, [node.title])).plain
    narrow = ended_line(node, Layout.fit(80, [node.title])).plain
    assert "late from 9 columns, 200 rounds · its input changed: Join with weather" in wide
    assert "late from" not in narrow
    assert "its input changed" in narrow


@given(
    st.integers(40, 250), st.text(max_size=60), st.text(max_size=90), st.text(max_size=90), st.sampled_from(list(SIGNS))
)
def test_no_line_is_wider_than_the_terminal(width: int, title: str, summary: str, reason: str, state: str) -> None:
    label = Label(*(" ".join(t.split()) for t in (title, summary)))
    node = Watched("x", label, state=state, reason=reason, facts="336,776 × 1,019", seconds=12.0)  # type: ignore[arg-type]
    node.done, node.total, node.rate, node.remaining, node.metrics = 5, 9, 3.0, 700.0, {"validation loss": 0.25}
    layout = Layout.fit(width, [title])
    assert cell_len(ended_line(node, layout).plain) <= max(width, 60)
    assert cell_len(running_line(node, layout, 5.0).plain) <= max(width, 60)


def test_machines_get_every_event_back() -> None:
    out = io.StringIO()
    with JsonLines(out) as shown:
        for event in GOOD:
            shown(event)
    lines = out.getvalue().splitlines()
    assert [parse_event(line) for line in lines] == GOOD
    assert all(json.loads(line)["event"] for line in lines)


def test_notes_for_machines_go_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    JsonLines(out).note("Stopping ...")
    assert (out.getvalue(), capsys.readouterr().err) == ("", "Stopping ...\n")


def test_a_node_nobody_named_is_called_by_its_id() -> None:
    watch = Watch({})
    watch.take(RunStarted(nodes=["part/inner"], to_run=[]))
    assert watch.nodes["part/inner"].title == "part/inner"


def test_a_run_without_nodes() -> None:
    assert ending(watched([RunFinished(status="done", seconds=0.2)])) == "Done in 0.2 s: nothing to do."
    assert ending(Watch({})) == "The run ended without a word."


def test_a_problem_is_told_below_its_node() -> None:
    node = watched(BAD).nodes["join"]
    assert [line.plain.strip() for line in problem_lines(node, [])] == [PROBLEM.what, PROBLEM.remedy]
