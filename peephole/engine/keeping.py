"""Which results are stored: ARCHITECTURE.md says why."""

from __future__ import annotations

from peephole.engine.planned import Plan
from peephole.engine.steps import Step
from peephole.workflow.unroll import COLLECT

# A longer query costs more to build than its parts cost to store (see docs/benchmarks.md).
MOST_FUSED = 40


def mark_kept(plan: Plan) -> None:
    """Decide which results are stored, and what each step then reads; may be called again where wires have changed."""
    for step in plan.steps.values():
        step.kept = False
    targets = set(plan.targets)
    for step in plan.steps.values():
        sources = [plan.steps[link.source] for link in (*step.links, *step.fed)]
        inlined = [s for s in sources if not s.kept]
        step.size = 1 + sum(s.size for s in inlined)
        step.light = step.spec is not None and step.spec.light and all(s.light for s in inlined)
        step.reads = dict.fromkeys(name for s in sources for name in ([s.id] if s.kept else s.reads))
        step.kept = (
            not _fusible(step)
            or step.pinned
            or step.id in targets
            or bool(step.spec and step.spec.rescues)
            or step.size >= MOST_FUSED
            or any(not _reads_lazily(plan.steps[r]) or _cuts(plan.steps[r], step) for r in step.readers)
            or (not step.light and _uses(plan, step) > 1)
        )


def _cuts(reader: Step, step: Step) -> bool:
    """Whether a reader wants the result by itself: what a run of a loop gives, what may fail."""
    if reader.kind == COLLECT:
        return True
    rescues = reader.spec.rescues if reader.spec else ""
    return any(link.source == step.id and link.port == rescues for link in reader.links)


def _fusible(step: Step) -> bool:
    spec = step.spec
    return spec is not None and spec.runs == "engine" and not spec.data_dependent and not spec.source


def _reads_lazily(step: Step) -> bool:
    """Whether the step only builds on its input's query; a setting fed by a wire needs the value itself."""
    return _fusible(step) and not step.fed


def _uses(plan: Plan, step: Step) -> int:
    """How often the step's query would be computed: once for each wire to, and each output of, a reader."""
    return sum(wires * _outputs(plan.steps[name]) for name, wires in step.readers.items())


def _outputs(step: Step) -> int:
    return max(1, len(step.spec.outputs)) if step.spec else 1
