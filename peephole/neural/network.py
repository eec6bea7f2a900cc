"""A network as plain data: layers by id, what each reads, and where the network ends. No torch is needed for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from peephole.core.errors import SettingError, StoreError, listing
from peephole.core.types import Network
from peephole.neural.kinds import Kind, kind_of
from peephole.neural.shapes import Shape, ShapeError

FORMAT = 1


@dataclass(frozen=True)
class LayerBlock:
    """One layer.  kind: see `peephole.neural.kinds`.  settings: complete.  inputs: ids of the layers it reads."""

    kind: str
    settings: Mapping[str, Any]
    inputs: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class NetworkGraph(Network):
    """Layers in an order in which each comes after what it reads; `output` is where the network ends so far.

    Layers are the same where their ids, settings and everything before them are: that is how branches find together again.
    """

    layers: Mapping[str, LayerBlock] = field(default_factory=dict)
    output: str = ""

    def __str__(self) -> str:
        """The layers in order, as `Numbers, Dense, Class output`."""
        return ", ".join(layer.title for layer in self.layers.values())

    # -- drawing ----------------------------------------------------------------------------------------------------

    @classmethod
    def begin(cls, kind: str, *, name: str = "", **settings: Any) -> NetworkGraph:
        """A network of one input layer."""
        return cls()._with(kind, (), name, settings)

    def then(self, kind: str, *, name: str = "", **settings: Any) -> NetworkGraph:
        """The network with one more layer, which reads its output.

        kind: as "lstm".  name: what to call the layer, its kind unless given.  settings: the others have defaults.
        Raises ShapeError where the layer cannot follow, SettingError for a setting that it does not have.
        """
        return self._with(kind, (self.output,), name, settings)

    @classmethod
    def join(cls, kind: str, parts: Sequence[NetworkGraph], *, name: str = "", **settings: Any) -> NetworkGraph:
        """Several networks led together by a layer that reads all of their outputs."""
        whole, ends = parts[0], [parts[0].output]
        for part in parts[1:]:
            whole, end = whole._including(part)
            ends.append(end)
        for end in ends:
            if ends.count(end) > 1:
                raise ShapeError(
                    f'Two wires bring the same layer, "{end}".',
                    remedy="Lead different branches together; of two layers with equal settings give one a name of its own.",
                )
        return whole._with(kind, tuple(ends), name, settings)

    def changed(self, layer: str, **settings: Any) -> NetworkGraph:
        """The network with other settings for one layer."""
        block = self.layers[layer]
        made = replace(block, settings={**block.settings, **settings})
        return self._checked(replace(self, layers={**self.layers, layer: made}))

    def _with(self, kind: str, inputs: tuple[str, ...], name: str, settings: Mapping[str, Any]) -> NetworkGraph:
        known = kind_of(kind)
        layer = self._free(name or kind, taken_is_wrong=bool(name))
        block = LayerBlock(kind, known.complete(settings), inputs, name or known.title)
        made = self._checked(NetworkGraph({**self.layers, layer: block}, layer))
        made._check_steps_of_targets()
        return made

    def _checked(self, made: NetworkGraph) -> NetworkGraph:
        _ = made.shapes
        return made

    def _check_steps_of_targets(self) -> None:
        """Where the steps are not rows of the table, only a list can say what is wanted at each of them."""
        block = self.layers[self.output]
        if not block.settings.get("each_step") or any(b.kind == "sequence_input" for _, b, _ in self.of_role("input")):
            return
        single = [name for name, word in block.settings["targets"].items() if word != "list"]
        if single:
            raise SettingError(
                f'An answer at each step is wanted, and "{single[0]}" has one value for each row.',
                remedy="Choose a column of lists, as long as the sequences, or begin with Sequence input, whose steps are rows.",
                setting="targets",
            )

    def _free(self, wanted: str, *, taken_is_wrong: bool = False) -> str:
        if taken_is_wrong and wanted in self.layers:
            raise SettingError(
                f'There is a layer "{wanted}" before this one.', remedy="Choose another name.", setting="name"
            )
        found, number = wanted, 2
        while found in self.layers:
            found, number = f"{wanted}_{number}", number + 1
        return found

    def _including(self, other: NetworkGraph) -> tuple[NetworkGraph, str]:
        """This network with the layers of another beside it, and where the other's output is then."""
        layers, place = dict(self.layers), dict[str, str]()
        for layer, block in other.layers.items():
            moved = replace(block, inputs=tuple(place[i] for i in block.inputs))
            if layers.get(layer) == moved:
                place[layer] = layer
                continue
            place[layer] = NetworkGraph(layers)._free(layer)
            layers[place[layer]] = moved
        return NetworkGraph(layers, self.output), place[other.output]

    # -- looking ----------------------------------------------------------------------------------------------------

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """The shape of every layer's output, as far as it is known before training."""
        return self.shapes_with({})

    def shapes_with(self, features: Mapping[str, int]) -> dict[str, Shape]:
        """The same, where training has found how many features these layers have (a vocabulary, classes)."""
        found: dict[str, Shape] = {}
        for layer, block in self.layers.items():
            kind, before = kind_of(block.kind), [found[i] for i in block.inputs]
            shape = kind.shape(block.settings, before)
            found[layer] = replace(shape, features=features[layer]) if layer in features else shape
        return found

    def parameters(self, features: Mapping[str, int] | None = None) -> int | None:
        """How many numbers are learnt; None where only the training rows tell."""
        counts = self.layer_parameters(features).values()
        return None if None in counts else sum(count for count in counts if count is not None)

    def layer_parameters(self, features: Mapping[str, int] | None = None) -> dict[str, int | None]:
        """How many numbers each layer learns; None where only the training rows tell."""
        shapes = self.shapes_with(features or {})
        found: dict[str, int | None] = {}
        for layer, block in self.layers.items():
            before = [shapes[i] for i in block.inputs]
            known = kind_of(block.kind)
            if any(s.features is None for s in (*before, shapes[layer])):
                found[layer] = None if known.learns else 0
            else:
                found[layer] = known.count(block.settings, before, shapes[layer])
        return found

    @property
    def shape(self) -> Shape:
        """The shape of its output."""
        return self.shapes[self.output]

    def of_role(self, role: str) -> Iterator[tuple[str, LayerBlock, Kind]]:
        """The layers of one role: "input", "layer", "recurrent" or "output"."""
        for layer, block in self.layers.items():
            kind = kind_of(block.kind)
            if kind.role == role:
                yield layer, block, kind

    @property
    def inputs(self) -> list[str]:
        """Ids of the input layers."""
        return [layer for layer, _, _ in self.of_role("input")]

    @property
    def ends(self) -> bool:
        """Whether it ends in an Output layer, so that it can be trained."""
        return bool(self.layers) and kind_of(self.layers[self.output].kind).role == "output"

    def columns(self) -> dict[str, str]:
        """The table columns it reads, and their types."""
        found: dict[str, str] = {}
        for _, block, _ in self.of_role("input"):
            found |= block.settings["columns"]
        return found

    def all_columns(self) -> list[str]:
        """Every table column that its inputs read, those that order and group rows included."""
        found = list(self.columns())
        for _, block, _ in self.of_role("input"):
            found += [*block.settings.get("groups", ()), *block.settings.get("order_by", ())]
        return list(dict.fromkeys(found))

    def facts(self) -> dict[str, Any]:
        """What to show beside a wire."""
        return {
            "shape": str(self.shape),
            "shapes": {layer: str(shape) for layer, shape in self.shapes.items()},
            "layers": len(self.layers),
            "parameters": self.parameters(),
            "trained": False,
        }

    # -- plain data --------------------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """As plain data; `from_json` reads it."""
        layers = {
            layer: {"kind": b.kind, "title": b.title, "inputs": list(b.inputs), "settings": dict(b.settings)}
            for layer, b in self.layers.items()
        }
        return {"format": FORMAT, "layers": layers, "output": self.output}

    @classmethod
    def from_json(cls, data: Any) -> NetworkGraph:
        """The network of plain data, checked. Raises StoreError where it is damaged, or of another version."""
        try:
            if data["format"] != FORMAT:
                raise ValueError(f"format {data['format']!r}, and this version reads {FORMAT}")
            layers: dict[str, LayerBlock] = {}
            for layer, block in data["layers"].items():
                if any(i not in layers for i in block["inputs"]):
                    raise ValueError(f"{layer} reads {listing(block['inputs'])}, which do not come before it")
                settings = kind_of(block["kind"]).complete(block["settings"])
                layers[layer] = LayerBlock(block["kind"], settings, tuple(block["inputs"]), block.get("title", ""))
            graph = cls(layers, data["output"])
            _ = graph.shape
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StoreError(f"The network cannot be read: {error}", remedy="Make or train it again.") from error
        return graph

    def text(self) -> str:
        """As JSON in a stable order."""
        return json.dumps(self.to_json(), indent=1, ensure_ascii=False, allow_nan=False)
