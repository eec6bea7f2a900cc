"""Where a training stands, on disk: one safetensors file, there whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

FILE = "training.safetensors"


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
    key: str,
    at: Progress,
    module: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
    network: dict[str, Any],
) -> None:
    """Write where the training stands.  key: what it was made from.  network: drawing and preparation, as plain data."""
    from safetensors.torch import save_file

    tensors = standing(module, optimiser) | {f"best.{name}": value for name, value in at.best.items()}
    facts: dict[str, Any] = {
        "key": key,
        "history": at.history,
        "best_loss": _number(at.best_loss),
        "best_epoch": at.best_epoch,
    }
    facts["network"] = network
    part = folder / f"{FILE}.{os.getpid()}.part"
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, part, metadata={"training": json.dumps(facts)})
    os.replace(part, folder / FILE)


def load(folder: Path, key: str, module: torch.nn.Module, optimiser: torch.optim.Optimizer) -> Progress | None:
    """Take a training up where it was cut; None where there is nothing, or something else. What is damaged counts as nothing."""
    from safetensors import SafetensorError, safe_open

    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})["training"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
        if facts["key"] != key:
            return None
        restore(module, optimiser, tensors)
        best_loss = float("inf") if facts["best_loss"] is None else facts["best_loss"]
        return Progress(facts["history"], _under("best.", tensors), best_loss, facts["best_epoch"])
    except (OSError, SafetensorError, ValueError, KeyError, RuntimeError):
        path.unlink(missing_ok=True)
        return None


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


def _number(value: float) -> float | None:
    return value if value != float("inf") else None
