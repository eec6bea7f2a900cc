"""Where a training stands, on disk: safetensors files, each there whole or not at all.

training.safetensors    a training under way
after-N.safetensors     one that was over after epoch N: a longer one goes on from there, and so does one that was stopped
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from peephole.core.progress import message

FILE, ENDED = "training.safetensors", "after-{epoch}.safetensors"
MOST_ENDED = 4


@dataclass(frozen=True)
class MadeFrom:
    """What a training is made from.

    key: everything but the number of epochs.  whole: that number, where the learning rates depend on it.
    """

    key: str
    whole: int | None


@dataclass
class Progress:
    """Where a training stands.

    history: one entry for each epoch that is over.  best: weights of the best epoch, if validation tells.
    best_loss, best_epoch: the lowest validation loss, and when.
    """

    history: list[dict[str, Any]] = field(default_factory=list)
    best: dict[str, Tensor] = field(default_factory=dict)
    best_loss: float = float("inf")
    best_epoch: int = -1

    @property
    def epoch(self) -> int:
        """The next epoch."""
        return len(self.history)


def save(
    folder: Path,
    made: MadeFrom,
    at: Progress,
    module: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
    network: dict[str, Any],
    name: str = FILE,
) -> None:
    """Write where the training stands.  network: drawing and preparation, as plain data.  name: of the file."""
    from safetensors.torch import save_file

    tensors = standing(module, optimiser) | {f"best.{name}": value for name, value in at.best.items()}
    facts: dict[str, Any] = {
        "key": made.key,
        "whole": made.whole,
        "history": at.history,
        "best_loss": _number(at.best_loss),
        "best_epoch": at.best_epoch,
        "network": network,
    }
    part = folder / f"{name}.{os.getpid()}.part"
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, part, metadata={"training": json.dumps(facts)})
    os.replace(part, folder / name)


def settle(
    folder: Path,
    made: MadeFrom,
    at: Progress,
    module: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
    network: dict[str, Any],
) -> None:
    """The same of a training that is over; of several such the last few are kept."""
    save(folder, made, at, module, optimiser, network, ENDED.format(epoch=at.epoch))
    (folder / FILE).unlink(missing_ok=True)
    ended = sorted(folder.glob(ENDED.format(epoch="*")), key=_changed_at)
    for old in ended[:-MOST_ENDED]:
        old.unlink(missing_ok=True)


def take_up(
    folder: Path, made: MadeFrom, until: int, module: torch.nn.Module, optimiser: torch.optim.Optimizer
) -> Progress | None:
    """Let both stand where the same training stood last, at most after so many epochs; says so, or why it starts over.

    None where there is nothing, or only something else. What is damaged counts as nothing.
    """
    known = [(path, facts) for path, facts in _known(folder) if facts["key"] == made.key]
    same = [(path, facts) for path, facts in known if facts["whole"] == made.whole]
    fitting = [(path, facts) for path, facts in same if len(facts["history"]) <= until]
    if not fitting:
        if same:
            message(f"Starts over: what is kept stands after more than {until} epochs.")
        elif known:
            message("Starts over: the schedule depends on the number of epochs.")
        return None
    for path, facts in sorted(fitting, key=lambda one: -len(one[1]["history"])):
        tensors = _tensors(path, facts)
        if tensors is not None:
            restore(module, optimiser, tensors)
            where = "where it was cut" if path.name == FILE else "where an earlier training stood"
            message(f"Taken up after epoch {len(facts['history'])}, {where}.")
            best_loss = float("inf") if facts["best_loss"] is None else facts["best_loss"]
            return Progress(facts["history"], _under("best.", tensors), best_loss, facts["best_epoch"])
    return None


def _known(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The files, each with what it says of itself.

    A damaged one is passed over, and left there: another run may be putting a whole one in its place at this moment.
    """
    from safetensors import SafetensorError, safe_open

    for path in sorted(folder.glob("*.safetensors")):
        try:
            with safe_open(path, framework="pt") as file:
                facts = _facts(file)
            if {"key", "whole", "history", "best_loss", "best_epoch"} <= facts.keys():
                yield path, facts
        except (OSError, SafetensorError, ValueError, KeyError, AttributeError):
            continue


def _tensors(path: Path, facts: dict[str, Any]) -> dict[str, Tensor] | None:
    """What a file holds, if it is what it said of itself: another run of the same may have put a later one in its place."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            if _facts(file) != facts:
                return None
            names = list(file.keys())
            return {name: file.get_tensor(name).clone() for name in names}  # aligned as torch has it
    except (OSError, SafetensorError, ValueError, KeyError):
        return None


def _facts(file: Any) -> Any:
    return json.loads((file.metadata() or {})["training"])


def standing(module: torch.nn.Module, optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The weights, and what the optimiser remembers of them, as they stand: copies on the CPU."""
    found = {f"module.{name}": value for name, value in module.state_dict().items()}
    for number, values in optimiser.state_dict()["state"].items():
        found |= {f"optimiser.{number}.{name}": v for name, v in values.items() if isinstance(v, Tensor)}
    return {name: value.detach().cpu().contiguous().clone() for name, value in found.items()}


def restore(module: torch.nn.Module, optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Let both stand as `standing` found them."""
    module.load_state_dict(_under("module.", tensors))
    state = optimiser.state_dict()
    found: dict[int, dict[str, Tensor]] = {}
    for name, value in _under("optimiser.", tensors).items():
        number, _, what = name.partition(".")
        found.setdefault(int(number), {})[what] = value.clone()  # the optimiser changes what it is given
    optimiser.load_state_dict({"state": found, "param_groups": state["param_groups"]})


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _changed_at(path: Path) -> int:
    """When a file was written; 0 where another run has taken it away meanwhile."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _number(value: float) -> float | None:
    return value if value != float("inf") else None
