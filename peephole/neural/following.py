"""What is followed backward through a network: its loss where the answer is known, or one of its outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from torch import Tensor

from peephole.core.errors import DataError, SettingError, listing, nearest
from peephole.neural.answers import ANSWERS
from peephole.neural.answers.answer import masked
from peephole.neural.examples import Examples
from peephole.neural.parts.flow import Flow

if TYPE_CHECKING:
    from peephole.neural.trained import TrainedNetwork

TASK, OUTPUT = "task", "output"  # as `TrainedNetwork.unfold` takes them


def outputs_of(net: TrainedNetwork) -> list[str]:
    """The network's outputs by name: classes, labels or target columns; none where it has no output layer."""
    if not net.graph.ends:
        return []
    block = net.graph.layers[net.graph.output]
    return ANSWERS[block.kind].outputs(dict(block.settings), net.prepared["output"])


def scalar(net: TrainedNetwork, found: Examples, wanted: Tensor, loss: str) -> Callable[[Flow], Tensor]:
    """J of what the output layer gives for these rows.

    Of each step, time first, where the network answers at each step; else the sum over the rows. An output is taken as the
    network learns it: the score of a class, a number as it is scaled.
    Raises DataError where only some of the rows have their answer, SettingError for an output that is not there.
    """
    if loss == TASK:
        answered = found.answered(wanted)
        if bool(answered.any()):
            if not bool(answered.all()):
                raise _unanswered([row + 1 for row in wanted[~answered].tolist()])
            target = found.targets(wanted, net.device)
            return lambda said: _in_time(net.losses(said, target))
    which = None if loss in (TASK, OUTPUT) else _index(net, loss)

    def output(said: Flow) -> Tensor:
        value = said.x.amax(-1) if which is None else said.x[..., which]
        return _in_time(masked(value, said) if value.dim() == 2 else value)

    return output


def _in_time(values: Tensor) -> Tensor:
    return values.t() if values.dim() == 2 else values.sum()


def _index(net: TrainedNetwork, name: str) -> int:
    names = outputs_of(net)
    if name not in names:
        raise SettingError(
            f'The network has no output "{name}".',
            remedy=f"{nearest(name, names)} Follow its loss, its largest output, or one of: {listing(names)}.".strip(),
            setting="follow",
        )
    return names.index(name)


def _unanswered(numbers: list[int]) -> DataError:
    one = len(numbers) == 1
    return DataError(
        f"{'Row' if one else 'Rows'} {listing(map(str, numbers))} {'lacks its' if one else 'lack their'} answer, "
        "so that there is no loss to follow.",
        remedy='Leave such rows out, or follow an output of the network instead (loss="output").',
    )
