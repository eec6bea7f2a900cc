"""All cells of a layer stack over one example: forward once, backward as often as something is sent in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from peephole.core.progress import check_cancelled
from peephole.neural.cells.spec import CellSpec
from peephole.neural.layers.function import reference
from peephole.neural.layers.recurrent import Direction, Recurrent
from peephole.neural.traces.cell import CellErrors, CellRun
from peephole.neural.traces.layout import Layout

Place = tuple[int, Direction]
Pass = Mapping[Place, CellErrors]


class Outside(NamedTuple):
    """What the loss sends in: ∂J/∂ of the outputs (T, B, D*H), of the final states (L*D, B, ·) each."""

    y: Tensor
    finals: tuple[Tensor, ...]


@dataclass(frozen=True)
class Stack:
    """The cells by place.  masks: what dropout multiplied each layer's output with, (T, B, D*H), None where nothing."""

    cells: dict[Place, CellRun]
    masks: tuple[Tensor | None, ...]

    @property
    def first(self) -> CellRun:
        """The first layer's forward cell; spec, layout and sizes are the same for all."""
        return self.cells[0, "forward"]

    @property
    def spec(self) -> CellSpec:
        """The description of the cells."""
        return self.first.spec

    @property
    def layout(self) -> Layout:
        """The steps of the batch."""
        return self.first.layout

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return 1 + max(layer for layer, _ in self.cells)

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions of each layer."""
        return tuple(direction for layer, direction in self.cells if layer == 0)

    def part(self, over_outputs: Tensor, direction: Direction) -> Tensor:
        """One direction's units of (..., D*H)."""
        H, d = self.first.hidden_size, self.directions.index(direction)
        return over_outputs[..., d * H : (d + 1) * H]

    def finals_at(self, outside: Outside, place: Place) -> list[Tensor]:
        """∂J/∂ of one cell's final states, (B, ·)."""
        index = list(self.cells).index(place)
        return [final[index] for final in outside.finals]

    def backward(self, outside: Outside) -> Pass:
        """The errors of every cell, top layer first."""
        found: dict[Place, CellErrors] = {}
        above = outside.y
        for layer in reversed(range(self.layers)):
            below: list[Tensor] = []
            for direction in self.directions:
                check_cancelled()
                cell = self.cells[layer, direction]
                own = cell.turned(self.part(above, direction))
                found[layer, direction] = cell.backward(own, self.finals_at(outside, (layer, direction)))
                if layer:
                    below.append(cell.turned(found[layer, direction].error("x")))
            if layer:
                mask = self.masks[layer - 1]
                above = sum(below[1:], below[0]) * (1 if mask is None else mask)
        return {place: found[place] for place in self.cells}


def run(
    module: Recurrent, x: Tensor, states: Sequence[Sequence[Tensor]], layout: Layout
) -> tuple[Stack, Tensor, list[Tensor]]:
    """The forward run of every cell, by the readable reference.

    x: (T, B, I) padded.  states: for each state the initial value of every cell, (B, ·), in the order of the rows.
    Returns the stack, the outputs (T, B, D*H) and the final states (L*D, B, ·).
    """
    cells: dict[Place, CellRun] = {}
    masks: list[Tensor | None] = []
    finals: list[list[Tensor]] = []
    for layer in range(module.num_layers):
        outputs = []
        for direction in module.directions:
            check_cancelled()
            start = [state[len(cells)].detach() for state in states]
            cell, last = _run_cell(module, (layer, direction), x, start, layout)
            cells[layer, direction] = cell
            outputs.append(cell.turned(cell.value(module.spec.output)))
            finals.append([layout.restored(state) for state in last])
        x = outputs[0] if len(outputs) == 1 else torch.cat(outputs, dim=-1)
        if module.dropout and module.training and layer < module.num_layers - 1:
            mask = layout.padded(nn.functional.dropout(torch.ones_like(layout.rows(x)), module.dropout))
            masks.append(mask)
            x = x * mask
        else:
            masks.append(None)
    stacked = [torch.stack(of_one) for of_one in zip(*finals, strict=True)]
    return Stack(cells, tuple(masks)), x, stacked


def _run_cell(
    module: Recurrent, place: Place, x: Tensor, start: list[Tensor], layout: Layout
) -> tuple[CellRun, list[Tensor]]:
    """One cell over all steps, and its final states. Parameters are copied: the trace outlives further training."""
    layer, direction = place
    implementation: Any = reference(module.spec.kind, module.spec.variant)
    reads = layout.rows(layout.turned(x) if direction == "reverse" else x)
    stored = [None if p is None else p.detach().clone() for p in module.stored(layer, direction).values()]
    _, *last, saved = implementation.forward(*module._options(), reads, *stored, *start, layout.sizes, save=True)
    return CellRun(module.spec, layout, direction, saved), last
