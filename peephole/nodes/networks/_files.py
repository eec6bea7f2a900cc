"""Writing and reading networks where the document says."""

from __future__ import annotations

import json
from pathlib import Path

from peephole.core.errors import SettingError
from peephole.core.progress import message
from peephole.core.types import Network
from peephole.neural.archive import pack, unpack
from peephole.neural.errors import ConversionError
from peephole.neural.network import NetworkGraph
from peephole.neural.trained import TrainedNetwork
from peephole.nodes.io.paths import existing_file, writable_file
from peephole.nodes.networks._using import require_trained
from peephole.tables.places import appearing_whole


def saved(network: Network, path: str) -> str:
    """Write a network as one file."""
    if not isinstance(network, NetworkGraph | TrainedNetwork):
        raise SettingError("This is no network.", remedy="Connect a layer node or Train.")
    target = writable_file(path)
    with appearing_whole(target) as part:
        pack(network, part)
    return str(target)


def loaded(path: str) -> Network:
    """Read a network from a file."""
    return unpack(existing_file(path))


def exported(network: Network, path: str, onnx: str) -> str:
    """Write weights, description and, where it can be, ONNX."""
    from safetensors.torch import save_file

    net, target = require_trained(network), writable_file(path)
    with appearing_whole(target) as part:
        save_file({name: value.clone() for name, value in net.weights().items()}, part)
    with appearing_whole(target.with_suffix(".json")) as part:
        part.write_text(json.dumps(net.to_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if onnx != "never":
        _onnx(net, target.with_suffix(".onnx"), always=onnx == "always")
    return str(target)


def _onnx(net: TrainedNetwork, target: Path, *, always: bool) -> None:
    from peephole.core.errors import MissingLibraryError
    from peephole.neural.onnx_network import export_network

    try:
        with appearing_whole(target) as part:
            export_network(net, part)
    except (ConversionError, MissingLibraryError) as error:
        if always:
            raise
        target.unlink(missing_ok=True)
        message(f"No ONNX file: {error}")
