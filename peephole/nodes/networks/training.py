"""Training a drawn network on a table."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from peephole.core.node import node
from peephole.core.settings import Between, Seed
from peephole.core.types import Network, Table
from peephole.nodes.networks import _ahead

NEEDS = ("torch", "numpy", "safetensors")


class Training(NamedTuple):
    """What `train_network` gives."""

    network: Network
    history: Table


def _always_anew(settings: dict[str, Any]) -> dict[str, Any]:
    """Before version 2 a trained network was trained anew."""
    return {**settings, "go_on": False}


@node(
    family="networks",
    icon="train",
    says="{epochs:epoch}",
    title="Train",
    also=("backpropagation", "Backpropagation through time", "BPTT", "gradient descent"),
    data_dependent=True,
    needs=NEEDS,
    pack="neural",
    ahead=_ahead.training,
    lasts="epochs",
    version=2,
    migrations={1: _always_anew},
)
def train_network(
    network: Network,
    table: Table,
    validation: Table | None = None,
    *,
    optimiser: Literal["adam", "adamw", "rmsprop", "sgd"] = "adam",
    learning_rate: Annotated[float, Between(1e-8, 100)] = 0.001,
    epochs: Annotated[int, Between(1, 100_000)] = 20,
    batch: Annotated[int, Between(1, 100_000)] = 32,
    hold_back: Annotated[float, Between(0, 0.9)] = 0.1,
    patience: Annotated[int, Between(0, 10_000)] = 0,
    schedule: Literal["constant", "step", "exponential", "cosine", "linear", "plateau"] = "constant",
    factor: Annotated[float, Between(0.0001, 1)] = 0.5,
    every: Annotated[int, Between(1, 10_000)] = 10,
    warm_up: Annotated[int, Between(0, 10_000)] = 0,
    momentum: Annotated[float, Between(0, 0.9999)] = 0.0,
    decay: Annotated[float, Between(0, 10)] = 0.0,
    clip_norm: Annotated[float, Between(0)] = 0.0,
    clip_value: Annotated[float, Between(0)] = 0.0,
    truncate: Annotated[int, Between(0, 1_000_000)] = 0,
    truncate_back: Annotated[int, Between(0, 1_000_000)] = 0,
    device: Literal["auto", "cpu", "cuda"] = "auto",
    go_on: bool = True,
    seed: Seed = 0,
) -> Training:
    """Train a network: show it the rows again and again, and change its weights so that it errs less.

    Scales, vocabularies and classes are learnt from the training rows only and travel with the network. After a cut the
    training goes on from where it was, and so it does where more epochs are asked for; with the schedules cosine and linear,
    whose rates depend on the number of epochs, it then starts over. "Stop and keep" ends it after the epoch under way, of
    long epochs at once, with the network as it was after the last whole one: it is the result, marked as stopped by hand,
    and the next run goes on training from there. The same seed gives the same network on the same machine, stopped in
    between or not.

    network: a drawn network that ends in an output layer, or one that is trained already, to train it further.
    table: the rows to learn from.
    validation: other rows, to see how well it does on what it has not seen; if connected, hold_back is not used.
    optimiser: how the weights are changed: Adam suits most networks; AdamW, RMSprop, SGD (with momentum) are others.
    learning_rate: how large each change is; too large and the loss jumps about, too small and it takes long.
    epochs: how often all rows are shown.
    batch: rows that are looked at for one change of the weights.
    hold_back: share of the rows kept for validation; of sequences over rows the last ones.
    patience: stop after so many epochs without gain on the validation rows; 0: never. The best weights are kept anyway.
    schedule: how the learning rate falls from epoch to epoch.
    factor: of the schedules step, exponential and plateau: what the rate is multiplied with.
    every: of the schedules step and plateau: epochs from one step to the next, or without gain.
    warm_up: epochs at the start in which the rate rises to its value.
    momentum: of SGD and RMSprop: how much of the last change is kept.
    decay: pulls the weights towards zero, against learning by heart (weight decay).
    clip_norm: longest gradient allowed, all weights together; longer ones are shortened. 0: no limit.
    clip_value: largest single element of the gradient allowed. 0: no limit.
    truncate: change the weights every so many steps of long sequences (truncated backpropagation). 0: whole sequences.
    truncate_back: how many steps the error goes back then; 0: as many as truncate.
    device: where to compute; auto takes a graphics card if there is one.
    go_on: of a network that is trained already: learn for so many epochs more, with its scales and vocabularies, epochs and
        schedule counting on; the same as training in one go where nothing else changed. Off: train its drawing anew.
    seed: decides the first weights and the order of the rows.
    network: the trained network, with its scales, vocabularies and the history of its training.
    history: loss, measure, gradient norm and learning rate of each epoch.
    """
    from peephole.nodes.networks import _training

    given: dict[str, Any] = {name: value for name, value in locals().items() if name in _training.SETTINGS}
    trained, history = _training.trained(network, table, validation, go_on, given)
    return Training(trained, history)
