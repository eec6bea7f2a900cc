"""Which trained network a person means by a node, which of its layers, and on which tables it can be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from peephole.engine.plan import Plan
from peephole.engine.side.frames import NotThereError
from peephole.engine.steps import Link, Step
from peephole.engine.store import Store, StoredOutput

WEIGHTS = "weights.safetensors"  # a stored network has them once it is trained
CHECKPOINT = "training.safetensors"  # of a training that is under way


@dataclass(frozen=True)
class Example:
    """A table whose rows can be run through the network: where it lies, and what it is there for."""

    node: str
    port: str
    title: str


@dataclass(frozen=True)
class Found:
    """step: whose network it is.  stored: the network.  kind: of the layer node that was meant, "" for none.

    name: the name that the layer node gives its layer.  tables: the training rows first.
    training: it is still being trained: the network is that of the last checkpoint.
    """

    step: Step
    stored: StoredOutput
    kind: str
    name: str
    tables: list[Example]
    training: bool = False


def network_at(plan: Plan, node: str, store: Store) -> Found:
    """The trained network that a node gives or reads; of a layer's node the network that was trained from it.

    Raises NotThereError where there is none, or none that has been trained yet.
    """
    step = plan.steps.get(node)
    if step is None or step.spec is None:
        raise NotThereError(f'There is no node "{node}".', remedy="Reload the page.")
    candidates = [step, *_before(plan, step), *_after(plan, step)]
    for find, training in ((_trained, False), (_in_training, True)):
        for candidate in candidates:
            stored = find(candidate, store)
            if stored is not None:
                drawn = _gives(step) is not None and candidate is not step
                kind, name = (step.spec.type, str(step.settings.get("name") or "")) if drawn else ("", "")
                return Found(candidate, stored, kind, name, list(_tables(plan, candidate, step)), training)
    if _gives(step) is None and not _network_links(step):
        raise NotThereError(f'"{step.title}" has nothing to do with a network.', remedy="Open a layer, or Train.")
    raise NotThereError(
        f'The network of "{step.title}" is not trained yet.', remedy="Connect it to Train and run that."
    )


def any_trained(plan: Plan, store: Store) -> bool:
    """Whether there is a network that can be opened, or soon will be: trained, or in training."""
    return any(find(step, store) is not None for step in plan.steps.values() for find in (_trained, _in_training))


def needed_for(plan: Plan, node: str) -> list[str]:
    """The steps that must have run before the network at a node can be opened: the one that trains, and its rows."""
    step = plan.steps.get(node)
    if step is None:
        raise NotThereError(f'There is no node "{node}".', remedy="Look for its name.")
    for one in (step, *_before(plan, step), *_after(plan, step)):
        if _gives(one) is not None and one.spec is not None and not one.spec.light:
            return [one.id, *[table.node for table in _tables(plan, one, step)][:1]]
    raise NotThereError(f'"{step.title}" leads to no network that is trained.', remedy="Connect it to Train.")


def _gives(step: Step) -> str | None:
    """The output port on which a step gives a network."""
    outputs = step.spec.outputs if step.spec else ()
    return next((port.name for port in outputs if port.type.name == "Network"), None)


def _network_links(step: Step) -> list[Link]:
    return [link for link in step.links if _type(step, link) == "Network"]


def _type(step: Step, link: Link) -> str:
    port = step.spec.input(link.port) if step.spec else None
    return port.type.name if port else ""


def _trained(step: Step, _: Store) -> StoredOutput | None:
    port = _gives(step)
    stored = step.result.outputs.get(port) if port and step.result else None
    return stored if stored is not None and (stored.folder / WEIGHTS).is_file() else None


def _in_training(step: Step, store: Store) -> StoredOutput | None:
    """What the last checkpoint has of a network that is being trained."""
    file = store.checkpoint(step.work) / CHECKPOINT if step.recipe and _gives(step) else None
    try:
        moment = file.stat().st_mtime_ns if file is not None else None
    except OSError:
        moment = None
    if file is None or moment is None:
        return None
    return StoredOutput("Network", f"{step.recipe}-{moment}", file.parent, {})


def _before(plan: Plan, step: Step) -> Iterator[Step]:
    """The steps whose networks a step reads, the nearest first."""
    waiting, seen = [step], {step.id}
    while waiting:
        for link in _network_links(waiting.pop(0)):
            if link.source not in seen:
                seen.add(link.source)
                waiting.append(plan.steps[link.source])
                yield plan.steps[link.source]


def _after(plan: Plan, step: Step) -> Iterator[Step]:
    """The steps that read a step's network, or what is made of it, the nearest first."""
    waiting, seen = [step], {step.id}
    while waiting:
        one = waiting.pop(0)
        for reader in one.readers:
            links = _network_links(plan.steps[reader])
            if reader not in seen and any(link.source == one.id for link in links):
                seen.add(reader)
                waiting.append(plan.steps[reader])
                yield plan.steps[reader]


def _tables(plan: Plan, network: Step, meant: Step) -> Iterator[Example]:
    """Tables of the node that was meant, of the one that trained, and of those that use the network."""
    seen: set[tuple[str, str]] = set()
    for step in (meant, network, *_after(plan, network)):
        for link in step.links:
            if _type(step, link) == "Table" and (link.source, link.output) not in seen:
                seen.add((link.source, link.output))
                source = plan.steps[link.source].title
                yield Example(link.source, link.output, f"{source} ({link.port} of {step.title})")
