"""The three ways to show a run. Each takes events and is told when the run is over."""

from __future__ import annotations

import sys
import threading
import time
from typing import Protocol, Self, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from peephole.cli.display.lines import Layout, ended_line, message_lines, problem_lines, running_line
from peephole.cli.display.watch import Label, Watch, Watched, ending
from peephole.engine.events import Event, NodeStarted, RunStarted
from peephole.report.words import duration


class Display(Protocol):
    """Shows a run; used as a context manager around it."""

    def __enter__(self) -> Self:
        """Begin to show."""

    def __exit__(self, *error: object) -> None:
        """Leave the terminal in order."""

    def __call__(self, event: Event) -> None:
        """Show an event."""

    def note(self, text: str) -> None:
        """Say something beside the run."""


def display(
    labels: dict[str, Label], *, title: str, as_json: bool, trace: bool, stream: TextIO | None = None
) -> Display:
    """The way that fits the place where the output goes."""
    if as_json:
        return JsonLines(stream or sys.stdout)
    console = Console(file=stream, highlight=False, soft_wrap=False)
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveLines(console, labels, title, trace=trace)
    return PlainLines(console, labels, title, trace=trace)


class JsonLines:
    """One event a line, for machines; notes go to standard error."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.flush()

    def __call__(self, event: Event) -> None:
        """Write the event."""
        self._stream.write(event.model_dump_json() + "\n")
        self._stream.flush()

    def note(self, text: str) -> None:
        """Say it apart from the events."""
        print(text, file=sys.stderr)


class PlainLines:
    """A line when a node starts and when it ends, for logs."""

    def __init__(self, console: Console, labels: dict[str, Label], title: str, *, trace: bool = False) -> None:
        self._console = console
        self._watch = Watch(labels)
        self._title = title
        self._trace = trace

    def __enter__(self) -> Self:
        self._say(self._title)
        return self

    def __exit__(self, *error: object) -> None:
        if self._watch.ended is not None:
            self._say(ending(self._watch))

    def __call__(self, event: Event) -> None:
        """Tell starts and ends."""
        ended = self._watch.take(event)
        if told := self._watch.ahead(event):
            self._say(f"AHEAD  {told}")
        if isinstance(event, NodeStarted):
            node = self._watch.nodes[event.node]
            self._say(f"start  {node.title}: {node.reason or 'it is asked for'}")
        if ended is not None:
            self._ended(ended)
        if self._watch.problem is not None and event.event == "failed" and not event.node:
            self._say(str(self._watch.problem))

    def note(self, text: str) -> None:
        """Say it as a line."""
        self._say(text)

    def _ended(self, node: Watched) -> None:
        told = {
            "done": f"done   {node.title}: {_came_out(node)}",
            "cached": f"same   {node.title}: {node.facts}{', ' if node.facts else ''}already done ({node.reason})",
            "failed": f"FAILED {node.title}",
            "skipped": f"skip   {node.title}: {node.reason}",
            "cancelled": f"stop   {node.title}",
            "interrupted": f"ENDED  {node.title}",
        }
        self._say(told[node.state])
        for line in _below(node, self._watch, self._trace):
            self._say(line.plain)

    def _say(self, text: str) -> None:
        self._console.print(Text(text), soft_wrap=True)


class LiveLines:
    """What is over scrolls up as finished lines; what runs stays below, each with its bar."""

    def __init__(self, console: Console, labels: dict[str, Label], title: str, *, trace: bool = False) -> None:
        self._console = console
        self._labels = labels
        self._watch = Watch(labels)
        self._watching = threading.Lock()  # what is below is drawn from another thread
        self._trace = trace
        self._title = title
        self._layout = self._fit(list(labels))
        self._note = ""
        self._began = time.monotonic()
        self._live = Live(console=console, get_renderable=self._below, refresh_per_second=10, transient=True)

    def __enter__(self) -> Self:
        self._console.print()
        self._console.print(Text(self._title, "bold"))
        self._console.print()
        self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._live.stop()
        if self._watch.problem is not None:
            self._console.print(Text(str(self._watch.problem), "red"), soft_wrap=True)
        if self._watch.ended is not None:
            good = self._watch.ended.status == "done"
            self._console.print()
            self._console.print(Text(ending(self._watch), "bold green" if good else "bold red"), soft_wrap=True)

    def __call__(self, event: Event) -> None:
        """Move what has ended into the finished lines; the rest is drawn ten times a second."""
        with self._watching:
            ended = self._watch.take(event)
        if isinstance(event, RunStarted):
            self._layout = self._fit(event.nodes)
            self._began = time.monotonic() - event.at
        if told := self._watch.ahead(event):
            self._console.print(Text(told, "yellow"), soft_wrap=True)
        if ended is not None:
            self._console.print(ended_line(ended, self._layout), no_wrap=True, overflow="ellipsis")
            for line in _below(ended, self._watch, self._trace):
                self._console.print(line, soft_wrap=True)

    def note(self, text: str) -> None:
        """Keep it in sight below the lines."""
        self._note = text

    def _fit(self, nodes: list[str]) -> Layout:
        titles = [self._labels[n].title for n in nodes if n in self._labels]
        return Layout.fit(self._console.width, titles, plain=not self._console.encoding.startswith("utf"))

    def _below(self) -> Group:
        with self._watching:
            return self._drawn()

    def _drawn(self) -> Group:
        running = self._watch.running()
        room = max(1, self._console.height - 4)
        now = time.monotonic() - self._began
        lines = [running_line(n, self._layout, now) for n in running[:room]]
        more = len(running) - room
        waiting = self._watch.waiting()
        rest = [f"{more} more at work" if more > 0 else "", f"{waiting} waiting" if waiting else ""]
        if any(rest):
            lines.append(Text("  " + ", ".join(r for r in rest if r), "dim"))
        if self._note:
            lines.append(Text(self._note, "yellow"))
        return Group(*lines)


def _came_out(node: Watched) -> str:
    took = "" if node.how and not node.seconds else duration(node.seconds)
    return ", ".join(t for t in (node.facts, node.how, took) if t)


def _below(node: Watched, watch: Watch, trace: bool) -> list[Text]:
    lines = problem_lines(node, watch.titles(node.together) if node.problem else [])
    if trace and node.problem and node.problem.trace:
        lines += [Text(f"    {line}", "dim") for line in node.problem.trace.splitlines()]
    return lines + message_lines(node)
