"""An opened network as one HTML file: the studio's own view with its slices inside. Nothing is fetched, nothing is sent."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from peephole.core.errors import StoreError
from peephole.neural.view.arrays import packed
from peephole.neural.view.opened import COLUMNS, STRIP_STEPS, UNIT_STEPS, OpenTrace, Question

BUDGET = 14_000_000  # characters of slices in a page
_LOSSES = 6
_UNITS = 16  # that a page holds at least, where it cannot hold all


def page(opened: Sequence[OpenTrace], *, batch: int = 0) -> str:
    """The page.  opened: one network, or two to be compared.  batch: which sequence of the traces."""
    traces = [_embedded(one, batch, BUDGET // len(opened)) for one in opened]
    title = " and ".join(one.shown.title for one in opened)
    style, script = _asset("unfold.css"), _asset("unfold.js")
    data = re.sub(r"[<>&\u2028\u2029]", lambda m: f"\\u{ord(m[0]):04x}", json.dumps(traces, separators=(",", ":")))
    policy = "; ".join(
        [
            "default-src 'none'",
            "img-src data:",
            "font-src data:",
            f"style-src-elem {_hash(style)}",
            "style-src-attr 'unsafe-inline'",  # of formulas and colours; they can load nothing
            f"script-src {_hash(script)}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return (
        '<!doctype html>\n<html lang="en" data-theme="light">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=True)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · Peephole</title>\n<style>{style}</style>\n</head>\n"
        f'<body>\n<div id="root"></div>\n<script type="application/json" id="traces">{data}</script>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _embedded(opened: OpenTrace, batch: int, budget: int) -> dict[str, Any]:
    """Head and answers of one trace, as many units and single losses as the budget holds."""
    head = opened.head()
    if not head["layers"]:
        return {"head": head, "answers": _of_boxes(opened)}
    trace = opened.trace
    length = int(trace.lengths[batch])
    places = [(layer, direction) for layer in range(trace.layers) for direction in trace.directions]
    answers: dict[str, Any] = {}

    def take(**question: Any) -> int:
        """Keep the answer under the key by which the page asks; gives its size."""
        answer = opened.ask(Question(batch=batch, **question))
        answers[question_key(question)] = answer
        return len(json.dumps(answer))

    spent = sum(take(**question) for question in _once(opened, places, length))
    units = _units(opened, batch)
    one = sum(take(**q) for q in _unit(places, units[0], length))
    room = max(_UNITS, int((budget / 2 - spent) / max(1, one)))
    units = sorted(units[:room])
    spent += sum(take(**question) for unit in units for question in _unit(places, unit, length))
    entries = _entries(trace.value("x").shape[-1], budget / 8, length)
    spent += sum(take(**q) for entry in entries for q in _entry(places, entry, length))
    losses: list[int] = []
    for step in _loss_steps(opened, batch, length):
        before = dict(answers)
        cost = sum(take(**q) for q in _of_loss(opened, places, units, entries, length, step))
        if spent + cost > budget:
            answers = before
            break
        losses.append(step)
        spent += cost
    head |= _only(opened, batch, length)
    head["offered"] = {"units": units, "entries": entries, "losses": sorted(losses)}
    return {"head": head, "answers": answers}


def _of_boxes(opened: OpenTrace) -> dict[str, Any]:
    """What the first level shows of a network that has nothing to unfold."""
    questions: list[dict[str, Any]] = [{"slice": "layers"}]
    questions += [{"slice": "box", "box": box.id} for box in opened.boxes.boxes()]
    return {question_key(question): opened.ask(Question(**question)) for question in questions}


def question_key(question: dict[str, Any]) -> str:
    """A question as text, as the browser writes it: in order, without defaults."""
    parts = []
    for name in sorted(question):
        value = question[name]
        default = value is None or value is False or value in {0, "forward"}
        if not default or (name == "loss_at" and value == 0 and value is not None):
            text = "true" if value is True else str(value)
            parts.append(f"{name}={quote(text, safe='!~*()' + chr(39))}")
    return "&".join(parts)


def _place(layer: int, direction: str, loss_at: int | None = None) -> dict[str, Any]:
    return {"layer": layer, "direction": direction, "loss_at": loss_at}


def _once(opened: OpenTrace, places: Sequence[tuple[int, str]], length: int) -> Iterator[dict[str, Any]]:
    """What is there once for each cell, whatever the unit."""
    spec = opened.trace.spec
    cells = [v.id for v in spec.variables if v.role == "cell"]
    yield {"slice": "layers"}
    for box in opened.boxes.boxes():
        yield {"slice": "box", "box": box.id}
    for place in (_place(*p) for p in places):
        yield {"slice": "overview", **place}
        yield {"slice": "gradients", **place}
        yield {"slice": "jacobians", **place, "variable": (cells or [spec.output])[0]}
        yield from ({"slice": "flow", **place, "variable": name} for name in (*cells, spec.output))
        yield from _strips(place, length)
        for errors in (False, True):
            yield from _fields(place, [*cells, spec.output], errors, length)


def _strips(place: dict[str, Any], length: int) -> Iterator[dict[str, Any]]:
    for start in range(0, length, STRIP_STEPS):
        yield {"slice": "strips", **place, "start": start, "stop": min(length, start + STRIP_STEPS)}


def _fields(place: dict[str, Any], names: Sequence[str], errors: bool, length: int) -> Iterator[dict[str, Any]]:
    parts = [(0, length)]
    if length > COLUMNS:
        starts = range(0, length, COLUMNS // 2)
        parts += [(start, min(length, start + 2 * COLUMNS)) for start in starts]
    for name in names:
        for start, stop in parts:
            yield {"slice": "field", **place, "variable": name, "errors": errors, "start": start, "stop": stop}


def _unit(
    places: Sequence[tuple[int, str]], unit: int, length: int, loss_at: int | None = None
) -> Iterator[dict[str, Any]]:
    for place in places:
        for start in range(0, length, UNIT_STEPS):
            stop = min(length, start + UNIT_STEPS)
            yield {"slice": "unit", **_place(*place, loss_at), "unit": unit, "start": start, "stop": stop}


def _entry(
    places: Sequence[tuple[int, str]], entry: int, length: int, loss_at: int | None = None
) -> Iterator[dict[str, Any]]:
    for layer, direction in places[:2]:
        for start in range(0, length, UNIT_STEPS):
            stop = min(length, start + UNIT_STEPS)
            place = _place(layer, direction, loss_at)
            if layer == 0:
                yield {"slice": "entry", **place, "entry": entry, "start": start, "stop": stop}


def _of_loss(
    opened: OpenTrace,
    places: Sequence[tuple[int, str]],
    units: Sequence[int],
    entries: Sequence[int],
    length: int,
    step: int,
) -> Iterator[dict[str, Any]]:
    """What changes when only J(step) is followed."""
    spec = opened.trace.spec
    cells = [v.id for v in spec.variables if v.role == "cell"]
    for place in (_place(*p, step) for p in places):
        yield {"slice": "overview", **place}
        yield {"slice": "gradients", **place}
        yield from _strips(place, length)
        yield from _fields(place, [*cells, spec.output], True, length)
    for unit in units:
        yield from _unit(places, unit, length, step)
    for entry in entries:
        yield from _entry(places, entry, length, step)


def _units(opened: OpenTrace, batch: int) -> list[int]:
    """All units, those through which most error passes first."""
    first: list[int] = opened.ask(Question(slice="overview", batch=batch))["units"]
    hidden = opened.trace.value(opened.trace.spec.output).shape[-1]
    return [*first, *(unit for unit in range(hidden) if unit not in first)]


def _entries(count: int, budget: float, length: int) -> list[int]:
    return list(range(max(1, min(count, int(budget / (60 * length))))))


def _loss_steps(opened: OpenTrace, batch: int, length: int) -> list[int]:
    """Steps whose loss is followed alone, the last one first; steps without a loss are of no use."""
    losses = opened.trace.step_losses
    if losses is None:
        return []
    own = losses if losses.dim() == 1 else losses[:, batch]
    there = [t for t in range(length) if float(own[t]) != 0]
    chosen = {there[round(k * (len(there) - 1) / (_LOSSES - 1))] for k in range(_LOSSES)} if there else set()
    return sorted(chosen, reverse=True)


def _only(opened: OpenTrace, batch: int, length: int) -> dict[str, Any]:
    """The head as of a trace of this one sequence."""
    losses = opened.trace.step_losses
    if losses is not None:
        losses = (losses.unsqueeze(1) if losses.dim() == 1 else losses[:, batch : batch + 1])[:length]
    return {"lengths": [length], "steps": length, "step_losses": None if losses is None else packed(losses)}


def _asset(name: str) -> str:
    found = files("peephole.neural.view") / "assets" / name
    if not found.is_file():
        raise StoreError(
            "The browser's part of the page has not been built.", remedy="Say `make ui` (it needs npm), then try again."
        )
    text = found.read_text("utf-8")
    return text.replace("</script", "<\\/script") if name.endswith(".js") else text


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"
