"""What the recurrent layers share: parameters by layer and direction, the pass over a batch, the paper's names as views."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from peephole.core.errors import listing, nearest
from peephole.neural.cells.spec import CellSpec
from peephole.neural.errors import NetworkSettingError
from peephole.neural.layers import checks, function, initial
from peephole.neural.layers.batch import Batch, Lengths
from peephole.neural.layers.function import Call, Choice
from peephole.neural.layers.initial import Initializer

Direction = Literal["forward", "reverse"]
DIRECTIONS: tuple[Direction, ...] = ("forward", "reverse")
_VIEW_NAME = re.compile(r"(?P<id>.+?)(?:_l(?P<layer>\d+)(?P<reverse>_reverse)?)?")


def suffix(layer: int, direction: Direction) -> str:
    """What a stored parameter's name ends in: `_l0`, `_l1_reverse`."""
    return f"_l{layer}" + ("_reverse" if direction == "reverse" else "")


class Recurrent(nn.Module):
    """A stack of recurrent cells over a batch of sequences; base of RNN, LSTM and GRU.

    Stored parameters are named by letter, layer and direction: `R_l0`, `R_l0_reverse`. The paper's names are views of them:
    `layer.R_z` (of the first layer), `layer.R_z_l1_reverse`, `layer.views(1, "reverse")["R_z"]`.
    """

    def __init__(
        self,
        spec: CellSpec,
        *,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        bias: bool,
        batch_first: bool,
        dropout: float,
        bidirectional: bool,
        init: Mapping[str, str | Initializer] | None,
        implementation: Choice,
        check_input: bool | None,
        device: torch.device | str | None,
        dtype: torch.dtype | None,
    ) -> None:
        super().__init__()
        sizes = {"input_size": input_size, "hidden_size": hidden_size, "num_layers": num_layers}
        _check_settings(type(self).__name__, sizes, dropout, implementation)
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.init = dict(init or {})
        self.implementation: Choice = implementation
        self.check_input = check_input
        self.spec = spec  # last: from here on the paper's names are looked up
        self._create(device, dtype)

    # -- parameters -------------------------------------------------------------------------------------------------

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions in which the sequences are read."""
        return DIRECTIONS if self.bidirectional else DIRECTIONS[:1]

    @property
    def slots(self) -> tuple[str, ...]:
        """The letters of the stored parameters, in the order in which the cell takes them."""
        raise NotImplementedError

    def places(self) -> Iterator[tuple[int, Direction]]:
        """(layer, direction) of every cell, in the order of the states."""
        return ((layer, direction) for layer in range(self.num_layers) for direction in self.directions)

    def _create(self, device: torch.device | str | None, dtype: torch.dtype | None) -> None:
        for layer, direction in self.places():
            width = self.input_size if layer == 0 else self.hidden_size * len(self.directions)
            for name, shape in initial.stored_shapes(self.spec, width, self.hidden_size).items():
                if name == "b" and not self.bias:
                    continue
                parameter = nn.Parameter(torch.empty(shape, device=device, dtype=dtype))
                self.register_parameter(name + suffix(layer, direction), parameter)

    def reset_parameters(self) -> None:
        """Give every parameter its initial value, anew."""
        initializers = initial.chosen(self.spec, self.init)
        with torch.no_grad():
            for layer, direction in self.places():
                for name, view in self.views(layer, direction).items():
                    initializers[name](view)

    def stored(self, layer: int = 0, direction: Direction = "forward") -> dict[str, Tensor | None]:
        """The stored parameters of one cell by letter (`W`, `R`, ...); None for those that the cell lacks."""
        end, own = suffix(layer, direction), self._parameters
        # one that torch.nn.utils.parametrize has taken over is an attribute, no longer a parameter
        return {name: own[name + end] if name + end in own else getattr(self, name + end, None) for name in self.slots}

    def views(self, layer: int = 0, direction: Direction = "forward") -> dict[str, Tensor]:
        """Every parameter of one cell by the paper's name: views, so that writing into them changes the layer."""
        self._check_place(layer, direction)
        return self.spec.views(self.stored(layer, direction), self.hidden_size)

    def gradients(self, layer: int = 0, direction: Direction = "forward") -> dict[str, Tensor]:
        """The gradients of one cell's parameters by the paper's name, as views; without those that have none yet."""
        self._check_place(layer, direction)
        grads = {name: None if p is None else p.grad for name, p in self.stored(layer, direction).items()}
        return self.spec.views(grads, self.hidden_size)

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            place = self._view_place(name)
            if place is None:
                raise
            parameter, layer, direction = place
            return self._view(parameter, layer, direction)

    def __setattr__(self, name: str, value: Any) -> None:
        if "_parameters" in self.__dict__ and name not in self._parameters and self._view_place(name) is not None:
            raise AttributeError(
                f"{type(self).__name__}: {name} is a view of a stored parameter and cannot be replaced. "
                f"Write into it: with torch.no_grad(): layer.{name}.copy_(...)."
            )
        super().__setattr__(name, value)

    def _view_place(self, name: str) -> tuple[str, int, Direction] | None:
        """The parameter, layer and direction that an attribute's name means, or None where it means something else."""
        spec = self.__dict__.get("spec")
        match = _VIEW_NAME.fullmatch(name)
        if spec is None or match is None or (match["layer"] and match["id"] in self.slots):
            return None
        layer, direction = int(match["layer"] or 0), DIRECTIONS[match["reverse"] is not None]
        if layer >= self.num_layers or direction not in self.directions:
            return None
        known = spec.has_parameter(match["id"]) or match["id"] in self.slots
        return (match["id"], layer, direction) if known else None

    def _view(self, parameter: str, layer: int, direction: Direction) -> Tensor | None:
        stored = self.stored(layer, direction)
        if not self.spec.has_parameter(parameter):
            return stored[parameter]
        found = self.spec.parameter(parameter)
        tensor = stored[found.stored]
        return None if tensor is None else found.view(tensor, self.hidden_size)

    def _check_place(self, layer: int, direction: str) -> None:
        if not 0 <= layer < self.num_layers or direction not in self.directions:
            raise NetworkSettingError(
                f"{type(self).__name__}: there is no layer {layer}, direction {direction!r}.",
                remedy=f"Layers: 0 to {self.num_layers - 1}; directions: {listing(self.directions)}.",
            )

    # -- the pass over a batch --------------------------------------------------------------------------------------

    def _options(self) -> tuple[str, ...]:
        """What stands before the tensors in the cell's forward pass."""
        return (self.spec.variant,)

    @property
    def _cells(self) -> int:
        return self.num_layers * len(self.directions)

    def _widths(self) -> tuple[int, ...]:
        """Units of each state tensor, output first."""
        return (self.hidden_size,)

    def _state_names(self) -> tuple[str, ...]:
        return ("initial state h_0",)

    def _pass(
        self, x: Tensor | PackedSequence, states: Sequence[Tensor] | None, lengths: Lengths | None
    ) -> tuple[Tensor | PackedSequence, list[Tensor]]:
        """The outputs in the input's form, and the final states, (L*D, B, ·) each (without B for a single sequence)."""
        batch = self._read(x, lengths)
        chosen = function.implementation(self.implementation, self.spec.kind, self.spec.variant, batch.x)
        if states is None and function.is_fused(chosen):
            by_cell: Sequence[Sequence[Tensor | None]] = [(None,) * self._cells] * len(self._widths())
        else:
            by_cell = self._initial_states(states, batch)
        call = Call(chosen, self._options(), batch.sizes)
        rows = batch.x
        finals: list[tuple[Tensor, ...]] = []
        D = len(self.directions)
        for layer in range(self.num_layers):
            outputs = []
            for d, direction in enumerate(self.directions):
                start = [state[layer * D + d] for state in by_cell]
                y, *last = self._cell(call, (layer, direction), rows, start, batch)
                outputs.append(y)
                finals.append(tuple(last))
            rows = outputs[0] if D == 1 else torch.cat(outputs, dim=-1)
            if self.dropout and layer < self.num_layers - 1:
                rows = nn.functional.dropout(rows, self.dropout, self.training)
        stacked = [
            of_one[0].unsqueeze(0) if len(of_one) == 1 else torch.stack(of_one) for of_one in zip(*finals, strict=True)
        ]
        return batch.restored(rows), [batch.restored_state(state) for state in stacked]

    def _cell(
        self, call: Call, place: tuple[int, Direction], rows: Tensor, start: list[Tensor | None], batch: Batch
    ) -> tuple[Tensor, ...]:
        """One cell over all steps, in the direction's own time, its output in the input's time."""
        backwards = place[1] == "reverse"
        tensors = (batch.reversed(rows) if backwards else rows, *self.stored(*place).values(), *start)
        if _autocasts(rows):
            with torch.autocast(rows.device.type, enabled=False):  # the cell computes in the parameters' dtype
                y, *last = function.run(call, *tensors)
        else:
            y, *last = function.run(call, *tensors)
        return (batch.reversed(y) if backwards else y, *last)

    def _read(self, x: Tensor | PackedSequence, lengths: Lengths | None) -> Batch:
        """The checked input as a cell's batch."""
        name = type(self).__name__
        checks.check_features(name, x, self.input_size, batch_first=self.batch_first)
        if isinstance(x, PackedSequence):
            checks.check_no_lengths(name, lengths, "a PackedSequence")
            batch = Batch.packed(x._replace(data=self._cast(x.data)))
        else:
            batch = Batch.unpacked(self._cast(x), batch_first=self.batch_first)
        checks.check_kind(name, "input", batch.x, self._like())
        if lengths is not None:
            if batch.unbatched:
                checks.check_no_lengths(name, lengths, "a single sequence")
            batch = batch.with_lengths(checks.check_lengths(name, lengths, batch.x.shape[0], batch.B))
        if self._checks_values(batch.x):
            checks.check_finite(name, "input", batch.x)
        return batch

    def _initial_states(self, states: Sequence[Tensor] | None, batch: Batch) -> list[tuple[Tensor, ...]]:
        """For each state the checked initial value of every cell, (B, ·) in the order of the rows; zeros if none were given."""
        cells = self._cells
        if states is None:
            zeros = {width: batch.x.new_zeros(batch.B, width) for width in set(self._widths())}
            return [(zeros[width],) * cells for width in self._widths()]
        name = type(self).__name__
        found = []
        for what, width, state in zip(self._state_names(), self._widths(), states, strict=True):
            checks.check_state(name, what, state, (cells, width) if batch.unbatched else (cells, batch.B, width))
            cast = self._cast(state)
            checks.check_kind(name, what, cast, batch.x)
            if self._checks_values(cast):
                checks.check_finite(name, what, cast)
            found.append(batch.sorted_state(cast.unsqueeze(1) if batch.unbatched else cast).unbind(0))
        return found

    def _like(self) -> Tensor:
        for parameter in self._parameters.values():
            if parameter is not None:
                return parameter
        return next(self.parameters())

    def _cast(self, tensor: Tensor) -> Tensor:
        """Under autocast, whatever an earlier layer made becomes the parameters' dtype."""
        return tensor.to(self._like().dtype) if _autocasts(tensor) else tensor

    def _checks_values(self, tensor: Tensor) -> bool:
        """Whether to look for NaN. By default only on the CPU: elsewhere the look would wait for the device."""
        return tensor.device.type == "cpu" if self.check_input is None else self.check_input

    def flatten_parameters(self) -> None:
        """Nothing to do: parameters are stored in one piece. For code written for the mainstream layers."""

    def extra_repr(self) -> str:
        """The settings that differ from the defaults."""
        shown = [f"{self.input_size}, {self.hidden_size}"]
        shown += [f"num_layers={self.num_layers}"] if self.num_layers != 1 else []
        shown += [] if self.bias else ["bias=False"]
        shown += ["batch_first=True"] if self.batch_first else []
        shown += [f"dropout={self.dropout}"] if self.dropout else []
        shown += ["bidirectional=True"] if self.bidirectional else []
        return ", ".join(shown)


def _autocasts(tensor: Tensor) -> bool:
    device = tensor.device.type
    return torch.amp.is_autocast_available(device) and torch.is_autocast_enabled(device)


def check_choice(name: str, setting: str, value: str, known: Sequence[str]) -> None:
    """That a setting is one of the known names."""
    if value not in known:
        remedy = f"{nearest(str(value), known)} Take one of {listing(known)}.".strip()
        raise NetworkSettingError(f"{name}: {setting} may not be {value!r}.", remedy=remedy, setting=setting)


def _check_settings(name: str, sizes: Mapping[str, int], dropout: float, implementation: str) -> None:
    for setting, size in sizes.items():
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise NetworkSettingError(
                f"{name}: {setting} should be a whole number of at least 1, got {size!r}.",
                remedy=f"Set {setting}, for example, to 32.",
                setting=setting,
            )
    if not 0 <= dropout <= 1:
        raise NetworkSettingError(
            f"{name}: dropout should be a probability from 0 to 1, got {dropout!r}.",
            remedy="Set dropout, for example, to 0.2.",
            setting="dropout",
        )
    check_choice(name, "implementation", implementation, get_args(Choice))
