"""One line a node, laid out for the terminal's width: state, title, settings and reason, facts, time."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from peephole.cli.display.watch import Watched
from peephole.report.sketch import State
from peephole.report.words import duration

# state: sign, plain sign where the terminal knows no others, style
SIGNS: dict[State, tuple[str, str, str]] = {
    "done": ("✓", "+", "green"),
    "cached": ("✓", "=", "dim green"),
    "failed": ("✗", "x", "bold red"),
    "skipped": ("○", "o", "dim"),
    "cancelled": ("■", "#", "yellow"),
    "interrupted": ("◆", "!", "bold red"),
    "running": ("●", "*", "cyan"),
    "waiting": ("○", "o", "dim"),
}
TIME = 8
UNCHANGED = "nothing changed"
BAR = 20
ROOMY = 44  # columns for settings and reason together; with fewer the reason goes first


@dataclass(frozen=True)
class Layout:
    """Widths of the columns."""

    title: int
    what: int
    facts: int = 20
    plain: bool = False

    @property
    def end(self) -> int:
        """Facts and time together."""
        return self.facts + 2 + TIME

    @classmethod
    def fit(cls, width: int, titles: list[str], *, plain: bool = False) -> Layout:
        """Columns for a terminal of that width."""
        title = min(max((cell_len(t) for t in titles), default=10), max(12, width // 3), 34)
        facts = 20 if width >= 100 else 13
        return cls(title, max(8, width - 7 - title - facts - 2 - TIME), facts, plain)


def ended_line(node: Watched, layout: Layout) -> Text:
    """A node that has come to its end."""
    cached = node.state == "cached"
    reason = "" if cached and node.reason == UNCHANGED else node.reason
    line = _start(node, layout)
    line.append_text(_fitted(_what(node, reason if node.state != "interrupted" else "", layout.what), layout.what))
    return _ending(line, node.facts, _end(node), layout)


def _end(node: Watched) -> str:
    """How long it took, or what became of it."""
    if node.state == "cached":
        return "already done" if node.facts else f"already done ({UNCHANGED})"
    if node.state != "done":
        return _NAMES.get(node.state, "")
    if node.how and not node.seconds:
        return node.how.removeprefix("computed together ")
    return duration(node.seconds)


_NAMES: dict[State, str] = {
    "failed": "failed",
    "skipped": "not run",
    "cancelled": "cancelled",
    "interrupted": "ended",
}


def running_line(node: Watched, layout: Layout, now: float) -> Text:
    """A node at work: its bar where the total is known, rate and remaining time."""
    line = _start(node, layout)
    tail = Text()
    if node.total:
        share = min(1.0, node.done / node.total)
        tail.append_text(_bar(share, layout.plain))
        tail.append(f" {share:4.0%}", "cyan")
    elif node.done:
        tail.append(_amount(node.done), "cyan")
    told = [
        _amount(node.rate) + "/s" if node.rate and _counts(node) else "",
        f"{duration(node.remaining)} left"
        if node.remaining is not None and node.total
        else duration(now - node.started),
        *(f"{name} {value:.4g}" for name, value in list(node.metrics.items())[:2] if value is not None),
    ]
    tail.append("  " + "  ".join(t for t in told if t))
    if node.together:
        tail.append(f"  with {len(node.together)} before it", "dim")
    room = layout.what + 2 + layout.end
    doing = node.doing or node.label.summary
    width = max(0, room - cell_len(tail.plain) - 2)
    line.append_text(_fitted(Text(doing, "dim"), min(width, max(8, layout.what))))
    line.append("  ")
    line.append_text(tail)
    line.truncate(2 + layout.title + 2 + room, overflow="ellipsis")
    return line


def problem_lines(node: Watched, titles: list[str]) -> list[Text]:
    """What went wrong and the remedy, set in below the node.  titles: of the other steps of its query."""
    if node.problem is None:
        return [Text(f"    {node.reason}", "red")] if node.state == "interrupted" and node.reason else []
    lines = [Text(f"    {node.problem.what}", "red")]
    if node.problem.remedy:
        lines.append(Text(f"    {node.problem.remedy}"))
    if titles:
        lines.append(Text(f"    It is one of the steps of this query: {', '.join(titles)}."))
    return lines


def message_lines(node: Watched) -> list[Text]:
    """What the node has to say about its result."""
    return [Text(f"    {text}", "yellow") for text in node.messages]


def _start(node: Watched, layout: Layout) -> Text:
    sign, plain_sign, style = SIGNS.get(node.state, SIGNS["waiting"])
    line = Text(no_wrap=True)
    line.append((plain_sign if layout.plain else sign) + " ", style)
    line.append_text(_fitted(Text(node.title, "" if node.state != "skipped" else "dim"), layout.title))
    line.append("  ")
    return line


def _what(node: Watched, reason: str, width: int) -> Text:
    """Settings, then why it ran; where both do not fit the settings give way, down to a third."""
    summary = node.label.summary
    if not reason:
        return Text(summary, "dim")
    if width < ROOMY:
        return Text(reason, "blue")
    spare = max(width // 3, width - cell_len(reason) - 3)
    if cell_len(summary) > spare:
        summary = summary[: max(0, spare - 1)].rstrip(" ,") + "…"
    return Text.assemble((summary, "dim"), (" · " if summary else "", "dim"), (reason, "blue"))


def _ending(line: Text, facts: str, end: str, layout: Layout) -> Text:
    line.append("  ")
    if cell_len(end) <= TIME:
        line.append(set_cell_size(facts[: layout.facts].rjust(layout.facts), layout.facts))
        line.append(f"  {end.rjust(TIME)}", "dim" if end else "")
    else:  # a word or two takes the place of both
        options = (f"{facts}  {end}" if facts else end, end, end.partition(" (")[0], end[: layout.end])
        line.append(next(o for o in options if cell_len(o) <= layout.end).rjust(layout.end), "dim")
    return line


def _fitted(text: Text, width: int) -> Text:
    text.truncate(width, overflow="ellipsis", pad=True)
    return text


def _bar(share: float, plain: bool) -> Text:
    filled = round(share * BAR)
    if plain:
        return Text("#" * filled + "-" * (BAR - filled), "cyan")
    return Text.assemble(("━" * filled, "cyan"), ("━" * (BAR - filled), "bright_black"))


def _counts(node: Watched) -> bool:
    """Whether it counts things: a share of 1 has no rate worth reading."""
    return node.total is None or node.total > 1


def _amount(number: float | None) -> str:
    if number is None:
        return ""
    for least, size, unit in ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if number >= least:
            return f"{number / size:.1f} {unit}"
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"
