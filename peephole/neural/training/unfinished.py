"""A network in the middle of its training, as its checkpoint has it: to be looked at, not to go on from."""

from __future__ import annotations

import json
from pathlib import Path

from peephole.core.errors import StoreError
from peephole.neural.module import loaded
from peephole.neural.network import NetworkGraph
from peephole.neural.trained import TrainedNetwork, known_features
from peephole.neural.training.checkpoints import FILE


def unfinished(folder: Path) -> TrainedNetwork:
    """The network as it stood at the last checkpoint. Raises StoreError where there is none (any more)."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / FILE, framework="pt") as file:
            facts = json.loads((file.metadata() or {})["training"])
            names = [name for name in file.keys() if name.startswith("module.")]  # noqa: SIM118 - no mapping
            weights = {name.removeprefix("module."): file.get_tensor(name) for name in names}
        graph, prepared = NetworkGraph.from_json(facts["network"]), facts["network"]["prepared"]
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise StoreError("The training has not been kept yet.", remedy="Look again in a few seconds.") from error
    module = loaded(graph, known_features(graph, prepared), weights)
    return TrainedNetwork(graph, module.eval(), prepared, facts["history"], {})
