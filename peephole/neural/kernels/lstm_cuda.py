"""LSTM on the GPU, every variant but FGR: one product of cuBLAS and one Triton kernel a step, recorded in a CUDA graph.

The batched form that works for any size (design: FlashRNN's "alternating" form, its idea alone). Not yet measured on a GPU;
tested in Triton's interpreter. Same functions as the CPU kernel; float32, bfloat16 and float16.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import torch
import triton
from torch import Tensor

from peephole.neural.cells.variants import GATES
from peephole.neural.cells.variants import VARIANTS as KINDS
from peephole.neural.kernels import _graph, _lstm_triton
from peephole.neural.kernels._plan import Plan
from peephole.neural.kernels._types import Gradients, Saved

VARIANTS = frozenset(name for name, kind in KINDS.items() if not kind.gate_recurrence)


def forward(
    variant: str,
    x: Tensor,
    W: Tensor,
    R: Tensor,
    p: Tensor | None,
    b: Tensor | None,
    y0: Tensor | None,
    c0: Tensor | None,
    batch_sizes: Sequence[int] | None = None,
    *,
    save: bool = False,
) -> tuple[Tensor, Tensor, Tensor, Saved | None]:
    """All steps forward; see `peephole.neural.kernels` for the arguments.

    Returned: y (T, B, H) or (N, H), y(T) (B, H), c(T) (B, H), and what `backward` needs (None unless `save`).
    """
    plan, H = Plan.of(x, batch_sizes), R.shape[1]
    flat = x.reshape(plan.count, -1)
    bars = flat @ W.t() if b is None else torch.addmm(b, flat, W.t())
    given = {
        "bars": bars,
        "R": R.contiguous(),
        "p": x.new_zeros(1, H) if p is None else p.contiguous(),
        "y_start": _state(y0, x, plan.batch, H, x.dtype),
        "c_start": _state(c0, x, plan.batch, H, torch.float32),
        "y": x.new_empty(plan.count, H),
        "c": x.new_empty(plan.count, H, dtype=torch.float32),
    }

    def loop(at: dict[str, Tensor]) -> None:
        y, c, weight = at["y_start"], at["c_start"], at["R"].t()
        for rows in _steps(plan):
            n = rows.stop - rows.start
            at["bars"][rows].addmm_(y[:n], weight)
            launch = _launch(n * H)
            step = (at["bars"][rows], at["p"], c, at["c"][rows], at["y"][rows], n * H, H)
            _lstm_triton.forward_step[launch](*step, **_flags(variant), BLOCK=_lstm_triton.BLOCK)
            y, c = at["y"][rows], at["c"][rows]

    made = _graph.run(("forward", variant, plan.sizes), loop, given, {"bars", "y", "c"})
    y, c = made["y"], made["c"]
    saved = Saved(variant, plan, x, W, R, p, b, y0, c0, y.detach(), c, made["bars"]) if save else None
    return y.view(*x.shape[:-1], H), _last(plan, y), _last(plan, c).to(x.dtype), saved


def backward(
    saved: Saved, dy: Tensor | None, dyT: Tensor | None, dcT: Tensor | None, *, needs_dx: bool = True
) -> Gradients:
    """All steps backward.

    dy: ∂J/∂y from outside, shaped like y.  dyT, dcT: ∂J/∂ of the final states (B, H).  None stands for zeros.
    """
    plan, x, W, R, y, c = saved.plan, saved.x, saved.W, saved.R, saved.y, saved.c
    H, kind = R.shape[1], KINDS[saved.variant]
    p = y.new_zeros(1, H) if saved.p is None else saved.p.contiguous()
    c_start = _state(saved.c0, y, plan.batch, H, torch.float32)
    given = {
        "activations": saved.activations,
        "R": R.contiguous(),
        "p": p,
        "c": c,
        "c_start": c_start,
        "loss": torch.zeros_like(y) if dy is None else dy.reshape(plan.count, H).contiguous(),
        "recurrent": _state(dyT, y, plan.batch, H, y.dtype).clone(),
        "dc": _state(dcT, y, plan.batch, H, torch.float32).clone(),
        "errors": torch.empty_like(saved.activations),
    }

    def loop(at: dict[str, Tensor]) -> None:
        steps = _steps(plan)
        for t in reversed(range(len(steps))):
            rows, n = steps[t], plan.sizes[t]
            before = at["c"][steps[t - 1]] if t > 0 else at["c_start"]
            step = (
                at["activations"][rows],
                at["p"],
                before,
                at["c"][rows],
                at["loss"][rows],
                at["recurrent"],
                at["dc"],
            )
            launch = _launch(n * H)
            rest = (at["errors"][rows], n * H, H)
            _lstm_triton.backward_step[launch](*step, *rest, **_flags(saved.variant), BLOCK=_lstm_triton.BLOCK)
            torch.mm(at["errors"][rows], at["R"], out=at["recurrent"][:n])

    made = _graph.run(("backward", saved.variant, plan.sizes), loop, given, {"errors", "recurrent", "dc"})
    errors = made["errors"]
    flat, y_start = x.reshape(plan.count, -1), _state(saved.y0, y, plan.batch, H, y.dtype)
    parts = dict(zip(kind.blocks, errors.view(plan.count, -1, H).unbind(1), strict=True))
    seen = {"in": _before(plan, c, c_start), "for": _before(plan, c, c_start), "out": c}
    return Gradients(
        (errors @ W).view(x.shape) if needs_dx else None,
        errors.t() @ flat,
        errors.t() @ _before(plan, y, y_start),
        None if saved.p is None else torch.stack([(seen[g] * parts[g]).sum(0) for g in kind.peepholes]).to(p.dtype),
        None if saved.b is None else errors.sum(0, dtype=torch.float32).to(saved.b.dtype),
        None if saved.y0 is None else made["recurrent"],
        None if saved.c0 is None else made["dc"].to(saved.c0.dtype),
    )


def _state(given: Tensor | None, like: Tensor, batch: int, H: int, dtype: torch.dtype) -> Tensor:
    return like.new_zeros(batch, H, dtype=dtype) if given is None else given.to(dtype).contiguous()


def _steps(plan: Plan) -> list[slice]:
    offsets = plan.offsets.tolist()
    return [slice(start, end) for start, end in pairwise(offsets)]


def _launch(units: int) -> tuple[int]:
    return (triton.cdiv(units, _lstm_triton.BLOCK),)


def _last(plan: Plan, values: Tensor) -> Tensor:
    """Every sequence's own last row, (B, ·)."""
    return values[-plan.batch :].clone() if plan.even else values[plan.last_rows.to(values.device)]


def _before(plan: Plan, values: Tensor, start: Tensor) -> Tensor:
    """The value one step earlier for every row: (N, ·) of `values`, with `start` (B, ·) before step 0."""
    earlier = values[: -plan.batch] if plan.even else values[plan.earlier_rows.to(values.device)]
    return torch.cat([start, earlier])


@cache
def _flags(variant: str) -> dict[str, Any]:
    """What a variant has, as the Triton kernels ask for it."""
    has = KINDS[variant]
    gates = {name.upper(): has.blocks.index(name) if name in has.blocks else -1 for name in GATES}
    peepholes = {f"P_{name.upper()}": has.peepholes.index(name) if name in has.peepholes else -1 for name in GATES}
    squashes = {"SQUASH_INPUT": has.input_activation, "SQUASH_OUTPUT": has.output_activation}
    return {"G": len(has.blocks), "COUPLED": has.coupled, **gates, **peepholes, **squashes}
