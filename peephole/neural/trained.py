"""A trained network: the drawing, its weights, what turns rows into tensors, and how the training went."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import torch
from torch import Tensor

from peephole.core.errors import DataError, SettingError, StoreError, listing
from peephole.core.progress import progress
from peephole.core.types import Network
from peephole.neural import opened
from peephole.neural.answers import ANSWERS, losses, mean_loss
from peephole.neural.examples import Examples, Prepared, examples, has_targets, require_some
from peephole.neural.module import Flows, NetworkModule, loaded
from peephole.neural.network import NetworkGraph
from peephole.neural.parts.flow import Flow
from peephole.neural.prepare import as_rows, features_of
from peephole.neural.traces.trace import Trace

NETWORK, WEIGHTS, STANDING = "network.json", "weights.safetensors", "standing.safetensors"
PIECE = 512  # rows that go through the network at a time


@dataclass(frozen=True)
class EncodedRows:
    """Rows as the network takes them.

    rows: their numbers in the table.  inputs: by input layer, (B, T, F), (B, F), (B, C, H, W) or codes.
    lengths: steps of each sequence, or None.  shown: by input, for each row what stands at each step.
    columns: by input, the name of each feature, where features are columns.
    """

    rows: list[int]
    inputs: dict[str, Tensor]
    lengths: dict[str, Tensor | None]
    shown: dict[str, list[list[str]]]
    columns: dict[str, list[str]]


@dataclass(frozen=True)
class TrainedNetwork(Network):
    """A network that has learnt.

    prepared: scales, vocabularies, classes (plain JSON).  history: one entry for each epoch.
    notes: settings, seed ..., and where a person had enough of it how it was stopped, and the setting to `keep` it `at`.
    standing: the last weights and what the optimiser remembers, from which a training goes on; empty where nobody knows.
    """

    graph: NetworkGraph
    module: NetworkModule
    prepared: Prepared
    history: list[dict[str, Any]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    standing: Mapping[str, Tensor] = field(default_factory=dict)

    def __str__(self) -> str:
        """The layers in order, and for how long they learnt."""
        return f"{self.graph} (trained for {len(self.history)} epochs)"

    # -- rows to tensors --------------------------------------------------------------------------------------------

    def examples(self, rows: Any, *, targets: bool = False) -> Examples:
        """Rows of any table as examples; rows that lack what an input needs are none."""
        return examples(self.graph, as_rows(rows), self.prepared, targets=targets)

    def encode(self, rows: Any, only: list[int] | None = None) -> EncodedRows:
        """Rows as tensors, and what stands at each step.  only: numbers of the rows wanted, all that are whole unless given.

        Raises DataError where a row asked for lacks what an input needs.
        """
        found = self.examples(rows)
        wanted = chosen(found, only)
        flows = found.batch(wanted)
        return EncodedRows(
            rows=wanted.tolist(),
            inputs={layer: flow.x for layer, flow in flows.items()},
            lengths={layer: flow.lengths for layer, flow in flows.items()},
            shown={layer: [e.shown(row) for row in wanted.tolist()] for layer, e in found.inputs.items()},
            columns={layer: self._columns(layer) for layer in found.inputs},
        )

    def targets(self, rows: Any, only: list[int] | None = None) -> Tensor | None:
        """The targets of the same rows, as the loss takes them; None where the table has none."""
        table = as_rows(rows)
        if not has_targets(self.graph, table):
            return None
        found = self.examples(table, targets=True)
        return found.targets(chosen(found, only, answered=True)).x

    def _columns(self, layer: str) -> list[str]:
        block = self.graph.layers[layer]
        return list(block.settings["columns"]) if block.kind in ("number_input", "sequence_input", "list_input") else []

    # -- using it ---------------------------------------------------------------------------------------------------

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return next(iter(self.module.parameters()), torch.empty(0)).device

    def predict(self, rows: Any, *, name: str = "prediction", probabilities: bool = True) -> pa.Table:
        """What the network says of each row, as columns; missing where a row lacks what an input needs."""
        self.require_output()
        found = self.examples(rows)
        block = self.graph.layers[self.graph.output]
        answer, settings = ANSWERS[block.kind], dict(block.settings)
        pieces = []
        for wanted in progress(list(found.batches(PIECE)) or [found.rows], "Predicting"):
            flow = self._output(found, wanted) if len(wanted) else self._no_output()
            pieces.append(pa.table(answer.predict(settings, self.prepared["output"], flow, name, probabilities)))
        return opened.spread(pa.concat_tables(pieces), found.rows, found.total)

    def loss(self, rows: Any) -> float:
        """The mean loss over a table's rows."""
        self.require_output()
        found = self.examples(rows, targets=True)
        total = 0.0
        for wanted in found.batches(PIECE):
            flow = self._output(found, wanted)
            total += float(self.mean_loss(flow, found.targets(wanted, self.device))) * len(wanted)
        return total / max(len(found), 1)

    def errors(self, rows: Any) -> pa.Array:
        """Each row's error: of numbers the mean squared error in their own units, else the loss; missing where there is none.

        Of answers at each step the mean over the steps.
        """
        self.require_output()
        found = self.examples(rows, targets=True)
        block = self.graph.layers[self.graph.output]
        parts = []
        for wanted in progress(list(found.batches(PIECE)), "Measuring"):
            flow = self._output(found, wanted)
            target = found.targets(wanted, self.device)
            each = ANSWERS[block.kind].row_errors(dict(block.settings), self.prepared["output"], flow, target)
            if each.dim() == 2:
                mask = flow.mask
                each = each.mean(1) if mask is None else (each * mask).sum(1) / mask.sum(1)
            parts.append(each.double().cpu())
        whole = torch.cat(parts) if parts else torch.zeros(0)
        made = pa.table({"error": pa.array(whole.numpy(), pa.float64())})
        return opened.spread(made, found.rows, found.total).column("error").combine_chunks()

    def losses(self, flow: Flow, target: Flow) -> Tensor:
        """The loss of each example (B), or of each step (B, T)."""
        return losses(self.graph.layers[self.graph.output], self.prepared["output"], flow, target)

    def mean_loss(self, flow: Flow, target: Flow) -> Tensor:
        """What training makes small."""
        return mean_loss(self.losses(flow, target), flow)

    def _output(self, found: Examples, wanted: Tensor) -> Flow:
        with torch.no_grad():
            return self.module.eval().flow(found.batch(wanted, self.device))[self.graph.output]

    def _no_output(self) -> Flow:
        shape = self.module.shapes[self.graph.output]
        steps = (1,) if shape.form == "sequence" else ()
        return Flow(torch.zeros(0, *steps, shape.features or 0))

    def require_output(self) -> None:
        """Raise where the network says nothing yet."""
        if not self.graph.ends:
            raise SettingError("The network has no output layer.", remedy="Put an Output node at its end and train it.")

    # -- opening it -------------------------------------------------------------------------------------------------

    def recurrent_layers(self) -> list[str]:
        """Ids of the layers that can be unfolded."""
        return [layer for layer, _, _ in self.graph.of_role("recurrent")]

    def unfold(
        self, rows: Any, layer: str, loss: str | Callable[..., Tensor] = "task", only: list[int] | None = None
    ) -> Trace:
        """Rows run forward and backward through the whole network, with one recurrent layer opened.

        loss: "task" is what the training makes small, summed over the rows (of an answer at each step, J(t) over the
        rows). "output", or where no row has its target: the largest value of each row's output, such as the score of the
        class that the network says; or the name of one output, a class or a target column. Or a function of (outputs
        (B, T, units), final states) as in `peephole.neural.unfold`.
        only: numbers of the rows; unless given all that are whole, for the task's loss with their targets.
        """
        return opened.unfolded(self, as_rows(rows), layer, loss, only)

    def flows(self, rows: Any, only: list[int] | None = None) -> Flows:
        """What every layer gives for some rows, in evaluation mode."""
        found = self.examples(rows)
        with torch.no_grad():
            return self.module.eval().flow(found.batch(chosen(found, only), self.device))

    def activations(self, rows: Any, only: list[int] | None = None) -> dict[str, Tensor]:
        """What every layer gives for some rows: (B, F), (B, T, F) or (B, C, H, W)."""
        return {layer: flow.x for layer, flow in self.flows(rows, only).items()}

    def gradients(self, rows: Any, only: list[int] | None = None, loss: str = "task") -> dict[str, Tensor]:
        """∂J/∂ of every layer's output, J summed over the rows, `loss` and `only` as in `unfold`; codes have none."""
        return opened.gradients(self, as_rows(rows), only, loss)

    def weight_gradients(
        self, rows: Any, only: list[int] | None = None, loss: str = "task"
    ) -> dict[str, dict[str, Tensor]]:
        """∂J/∂ of every layer's weights by their stored names, J as in `gradients`."""
        return opened.weight_gradients(self, as_rows(rows), only, loss)

    # -- keeping it -------------------------------------------------------------------------------------------------

    @cached_property
    def features(self) -> dict[str, int]:
        """Features of the layers of which only the training rows told them."""
        return known_features(self.graph, self.prepared)

    def facts(self) -> dict[str, Any]:
        """What to show beside a wire.  Losses are those of the epoch whose weights these are, `kept epoch`."""
        epochs = len(self.history)
        kept = int(self.notes.get("best epoch", epochs))
        entry = self.history[kept - 1] if 0 < kept <= epochs else {}
        return {
            **self.graph.facts(),
            "shapes": {layer: str(shape) for layer, shape in self.module.shapes.items()},
            "shape": str(self.module.shapes[self.graph.output]),
            "parameters": self.graph.parameters(self.features),
            "trained": True,
            "epochs": epochs,
            **({"kept epoch": kept} if entry and kept < epochs else {}),
            "loss": entry.get("loss"),
            "validation loss": entry.get("validation loss"),
            **{name: self.notes[name] for name in ("stopped", "keep at") if name in self.notes},
        }

    def to_json(self) -> dict[str, Any]:
        """Everything but the weights, as plain data."""
        return {**self.graph.to_json(), "prepared": self.prepared, "history": self.history, "notes": self.notes}

    def weights(self) -> dict[str, Tensor]:
        """The weights by name, on the CPU."""
        return {name: value.detach().cpu().contiguous() for name, value in self.module.state_dict().items()}

    def save(self, folder: str | Path) -> None:
        """Write network.json, weights.safetensors and, to train it further, standing.safetensors into a folder."""
        from safetensors.torch import save_file

        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        save_file({name: value.clone() for name, value in self.weights().items()}, place / WEIGHTS)
        if self.standing:
            save_file(dict(self.standing), place / STANDING)
        text = json.dumps(self.to_json(), indent=1, ensure_ascii=False, allow_nan=False)
        (place / NETWORK).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: str | Path) -> TrainedNetwork:
        """Read what `save` wrote. Raises StoreError."""
        place = Path(folder)
        data = read_json(place / NETWORK)
        graph = NetworkGraph.from_json(data)
        try:
            prepared, history, notes = data["prepared"], data["history"], data["notes"]
            features = known_features(graph, prepared)
        except (KeyError, TypeError) as error:
            raise StoreError(f"{NETWORK} is no trained network: {error}", remedy="Train it again.") from error
        standing = read_weights(place / STANDING) if (place / STANDING).exists() else {}
        return cls(graph, loaded(graph, features, read_weights(place / WEIGHTS)), prepared, history, notes, standing)


def known_features(graph: NetworkGraph, prepared: Mapping[str, Any]) -> dict[str, int]:
    """Features of the layers of which only the training rows tell them."""
    found = {layer: features_of(graph.layers[layer], prepared["inputs"][layer]) for layer in graph.inputs}
    if graph.ends:
        found[graph.output] = prepared["output"]["features"]
    return {layer: count for layer, count in found.items() if count is not None}


def chosen(found: Examples, only: list[int] | None, *, answered: bool = False) -> Tensor:
    """The rows asked for. Raises DataError where one is no whole example.  answered: examples need their answer."""
    if only is None:
        require_some(found, "No row has everything that the network reads.")
        return found.rows
    wanted = torch.tensor(only, dtype=torch.int64)
    lacking = wanted[~torch.isin(wanted, found.rows)]
    if len(lacking) or not len(wanted):
        numbers = (lacking + 1).tolist()
        one = len(numbers) == 1
        answer = f", or {'its' if one else 'their'} answer" if answered else ""
        raise DataError(
            f"{'Row' if one else 'Rows'} {listing(map(str, numbers))} {'lacks' if one else 'lack'} what the network reads "
            f"(of a sequence: the rows before){answer}."
            if numbers
            else "No row was asked for.",
            remedy=f"Choose others; {len(found)} of {found.total} rows have it{_first_of(found)}.",
        )
    return wanted


def _first_of(found: Examples) -> str:
    """In the words of who looks at a table, and as `only` takes it."""
    first = int(found.rows.min()) if len(found) else 0
    return f", the first is row {first + 1} (only=[{first}])" if len(found) else ""


def read_json(path: Path) -> Any:
    """A JSON file of a saved network. Raises StoreError."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{path.name} cannot be read: {error}", remedy="Is it the folder of a saved network?"
        ) from error


def read_weights(path: Path) -> dict[str, Tensor]:
    """The weights of a saved network. Raises StoreError."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        found = {name: value.clone() for name, value in load_file(path).items()}  # aligned as torch has it
    except (OSError, SafetensorError) as error:
        raise StoreError(f"{path.name} cannot be read: {error}", remedy="Train the network again.") from error
    return found
