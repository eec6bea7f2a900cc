"""Networks on disk: what is drawn and learnt as JSON, the weights as safetensors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peephole.core.errors import SettingError
from peephole.core.types import Network
from peephole.neural.kinds import kind_of
from peephole.neural.network import NetworkGraph

if TYPE_CHECKING:
    from peephole.neural.trained import TrainedNetwork

_NETWORK, _WEIGHTS = "network.json", "weights.safetensors"


class NetworkCodec:
    """Keeps a network as network.json and, once it is trained, safetensors files. A drawn one needs no torch."""

    def save(self, value: NetworkGraph | TrainedNetwork, folder: Path) -> None:
        """Write the network into an empty folder."""
        if isinstance(value, NetworkGraph):
            (folder / _NETWORK).write_text(value.text() + "\n", encoding="utf-8")
        else:
            value.save(folder)

    def load(self, folder: Path) -> NetworkGraph | TrainedNetwork:
        """Read it back. Raises StoreError."""
        if not (folder / _WEIGHTS).exists():
            return NetworkGraph.from_json(_plain(folder))
        from peephole.neural.trained import TrainedNetwork

        return TrainedNetwork.load(folder)

    def content_key(self, folder: Path) -> str:
        """Hash of the drawing, the preparation and the weights; equal for two trainings that came out equal."""
        digest = hashlib.sha256(json.dumps(_plain(folder), sort_keys=True, ensure_ascii=False).encode())
        if (folder / _WEIGHTS).exists():
            from safetensors import safe_open

            with safe_open(folder / _WEIGHTS, framework="np") as file:
                for name in sorted(file.keys()):
                    values = file.get_tensor(name)
                    digest.update(f"{name}{values.dtype}{values.shape}".encode())
                    digest.update(values.tobytes())
        return digest.hexdigest()

    def summary(self, folder: Path) -> dict[str, Any]:
        """The shape of its output, of every layer, how many parameters, and how the training went."""
        return self.load(folder).facts()

    def plain(self, folder: Path) -> dict[str, Any]:
        """What is shown of it: layers in order with what they give and learn, a few facts, the learning curves."""
        value = self.load(folder)
        if isinstance(value, NetworkGraph):
            graph, counts, history = value, value.layer_parameters(), list[dict[str, Any]]()
        else:
            graph, history = value.graph, value.history
            counts = graph.layer_parameters(value.features)
        facts = value.facts()
        layers = [
            {
                "name": layer,
                "title": block.title,
                "kind": kind_of(block.kind).title,
                "inputs": list(block.inputs),
                "shape": facts["shapes"][layer],
                "parameters": counts[layer],
            }
            for layer, block in graph.layers.items()
        ]
        names = dict.fromkeys(name for epoch in history for name in epoch if name != "epoch")
        return {
            "title": graph.layers[graph.output].title if graph.output else "",
            "network": {"layers": layers, "output": graph.output},
            "facts": {name: fact for name, fact in facts.items() if name != "shapes"},
            "history": {name: [epoch.get(name) for epoch in history] for name in names},
        }

    def adapt(self, value: Any) -> tuple[Network, Callable[[Any], Any]]:
        """A Network as it is."""
        if not isinstance(value, Network):
            raise SettingError(
                f"A network is needed, and {type(value).__name__} was given.", remedy="Give what a layer node returns."
            )
        return value, lambda result: result


def _plain(folder: Path) -> Any:
    from peephole.core.errors import StoreError

    try:
        return json.loads((folder / _NETWORK).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{_NETWORK} cannot be read: {error}", remedy="Run the node again.") from error
