"""Output layers: what a network learns to say, and how far off it is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import ColumnPicker
from peephole.core.types import Network, Table
from peephole.nodes.networks._drawing import Function, Name, then, types_of


@node(family="networks", icon="output", light=True, also=("squared error", "absolute error", "loss"))
def number_output(
    network: Network,
    table: Table,
    *,
    targets: Annotated[list[str], ColumnPicker(types=("number", "boolean", "list")), Field(min_length=1)],
    each_step: bool = False,
    loss: Literal["squared", "absolute", "huber"] = "squared",
    activation: Function = "none",
    scale: Literal["each", "together", "none"] = "each",
    readout: bool = True,
    name: Name = "",
) -> Network:
    """End a network with numbers to predict: one or several columns.

    network: gives a row of numbers, or a sequence for an answer at each step.
    table: a table with the target columns; the rows are not read before training.
    targets: the columns to predict.
    each_step: an answer at every step of a sequence; targets are the rows' own values, or lists.
    loss: how an error counts: squared, absolute, or huber (squared while small, absolute beyond 1).
    activation: a function on what is said; none for any number, sigmoid for numbers from 0 to 1.
    scale: bring targets to mean 0, deviation 1 for learning: each, or all together, as the pixels of an image; or leave
        them. Predictions are given as they were.
    readout: a dense layer of its own that brings what comes in to the number of targets.
    name: what to call the layer; empty: by its kind.
    returns: the whole network, ready for Train.
    """
    types = types_of(table)
    given = {"each_step": each_step, "loss": loss, "activation": activation, "scale": scale, "readout": readout}
    return then(network, "number_output", name, targets={t: types[t] for t in targets}, **given)


@node(family="networks", icon="output", light=True, also=("softmax", "cross entropy", "classifier", "loss"))
def class_output(
    network: Network,
    table: Table,
    *,
    target: Annotated[str, ColumnPicker(types=("category", "list"))],
    each_step: bool = False,
    balance: bool = False,
    readout: bool = True,
    name: Name = "",
) -> Network:
    """End a network with classes to tell apart, such as yes and no, or the ten digits.

    network: gives a row of numbers, or a sequence for an answer at each step.
    table: a table with the target column; the rows are not read before training.
    target: the column with the classes.
    each_step: an answer at every step of a sequence; targets are the rows' own values, or lists.
    balance: give every class the same weight, however rare it is.
    readout: a dense layer of its own that brings what comes in to the number of classes.
    name: what to call the layer; empty: by its kind.
    returns: the whole network, ready for Train.
    """
    given = {"each_step": each_step, "balance": balance, "readout": readout}
    return then(network, "class_output", name, targets={target: types_of(table)[target]}, **given)


@node(family="networks", icon="output", light=True, also=("multi-label", "binary cross entropy", "loss"))
def label_output(
    network: Network,
    table: Table,
    *,
    targets: Annotated[list[str], ColumnPicker(types=("boolean", "number", "list")), Field(min_length=1)],
    each_step: bool = False,
    readout: bool = True,
    name: Name = "",
) -> Network:
    """End a network with several yes-or-no answers at once, such as the labels of a picture or the notes that sound.

    network: gives a row of numbers, or a sequence for answers at each step.
    table: a table with the target columns; the rows are not read before training.
    targets: one column for each label: true or false, 1 or 0.
    each_step: answers at every step of a sequence; targets are the rows' own values, or lists.
    readout: a dense layer of its own that brings what comes in to the number of labels.
    name: what to call the layer; empty: by its kind.
    returns: the whole network, ready for Train.
    """
    types = types_of(table)
    given = {"each_step": each_step, "readout": readout}
    return then(network, "label_output", name, targets={t: types[t] for t in targets}, **given)


@node(
    family="networks",
    icon="output",
    light=True,
    title="Label sequence output (CTC)",
    also=("CTC", "Connectionist temporal classification", "loss"),
)
def label_sequence_output(
    network: Network,
    table: Table,
    *,
    target: Annotated[str, ColumnPicker(types=("text", "list"))],
    unit: Literal["characters", "words", "items"] = "characters",
    readout: bool = True,
    name: Name = "",
) -> Network:
    """End a network with a sequence of labels, such as the text that is spoken, without saying where each begins (CTC).

    At each step the network says a label or nothing; repeats and blanks are taken out.

    network: gives a sequence with more steps than there are labels.
    table: a table with the target column; the rows are not read before training.
    target: the text or the list of labels that belongs to each sequence.
    unit: what a label is: a character, a word, or an item of a list.
    readout: a dense layer of its own that brings what comes in to the number of labels and the blank.
    name: what to call the layer; empty: by its kind.
    returns: the whole network, ready for Train.
    """
    given = {"unit": unit, "readout": readout}
    return then(network, "label_sequence_output", name, targets={target: types_of(table)[target]}, **given)
