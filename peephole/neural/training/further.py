"""Going on from where an earlier training stopped, as if it had not."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

import torch

from peephole.core.progress import message
from peephole.neural.trained import TrainedNetwork
from peephole.neural.training.checkpoints import Progress, restore
from peephole.neural.training.settings import TrainingSettings


def stand(
    start: TrainedNetwork, module: torch.nn.Module, optimiser: torch.optim.Optimizer, to: TrainingSettings
) -> None:
    """Let module and optimiser stand as they did after the last epoch; an optimiser of another kind begins anew."""
    if not start.standing:
        module.load_state_dict(start.weights())
        message("How the optimiser stood is not known; it begins anew, with the weights that were kept.")
        return
    known = start.standing
    if _kind(start.notes.get("settings", {})) != _kind(asdict(to)):
        known = {name: value for name, value in known.items() if name.startswith("module.")}
        message("The optimiser is another one, and begins anew.")
    restore(module, optimiser, known)


def _kind(settings: dict[str, object]) -> tuple[object, bool]:
    """What decides which numbers an optimiser remembers."""
    return settings.get("optimiser"), bool(settings.get("momentum"))


def progress_of(start: TrainedNetwork) -> Progress:
    """Where the training stood, but for what the validation rows say of it."""
    at = Progress([dict(entry) for entry in start.history])
    at.best_epoch = int(start.notes.get("best epoch", at.epoch)) - 1
    return at


def fingerprint(start: TrainedNetwork) -> str:
    """What tells this beginning from another, for the key of a checkpoint."""
    digest = hashlib.sha256(json.dumps(start.to_json(), sort_keys=True).encode())
    for name, value in sorted({**start.weights(), **start.standing}.items()):
        digest.update(name.encode() + value.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
