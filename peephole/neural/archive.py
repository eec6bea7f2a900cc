"""A network as one file: a zip archive of network.json and, once it is trained, its safetensors files. No pickle."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from peephole.core.errors import StoreError
from peephole.neural.network import NetworkGraph
from peephole.neural.trained import NETWORK, STANDING, WEIGHTS, TrainedNetwork, read_json

_LARGEST = 16 * 2**30  # bytes that a file inside may have
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same network gives the same file


def pack(network: NetworkGraph | TrainedNetwork, path: Path) -> None:
    """Write a network to one file."""
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = Path(place)
        if isinstance(network, TrainedNetwork):
            network.save(folder)
        else:
            (folder / NETWORK).write_text(network.text() + "\n", encoding="utf-8")
        for file in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name, _WHEN), file.read_bytes(), zipfile.ZIP_DEFLATED)


def unpack(path: Path) -> NetworkGraph | TrainedNetwork:
    """Read a network from a file that `pack` wrote. Raises StoreError."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        try:
            with zipfile.ZipFile(path) as archive:
                for name in {NETWORK, WEIGHTS, STANDING} & set(archive.namelist()):
                    if archive.getinfo(name).file_size > _LARGEST:
                        raise ValueError(f"{name} is too large")
                    (folder / name).write_bytes(archive.read(name))
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise StoreError(
                f"{path.name} holds no network: {error}", remedy="Choose a file of Save network."
            ) from error
        if (folder / WEIGHTS).exists():
            return TrainedNetwork.load(folder)
        return NetworkGraph.from_json(read_json(folder / NETWORK))
