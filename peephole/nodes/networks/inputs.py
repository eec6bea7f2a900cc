"""Input layers: where a network begins, and which columns of a table it reads."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, ColumnPicker, Columns
from peephole.core.types import Network, Table
from peephole.nodes.networks._drawing import Name, begin

Numbers = Annotated[list[str], ColumnPicker(types=("number", "boolean")), Field(min_length=1)]
Scale = Literal["standard", "range", "none"]


@node(family="networks", icon="input", light=True)
def number_input(
    table: Table,
    *,
    columns: Numbers,
    scale: Scale = "standard",
    missing: Literal["mean", "zero", "leave out"] = "mean",
    name: Name = "",
) -> Network:
    """Begin a network with a row of numbers: each chosen column is one number that comes in.

    table: a table with the columns to read; the rows are not read before training.
    columns: the numbers, side by side; true and false count as 1 and 0.
    scale: standard: mean 0, deviation 1; range: from 0 to 1; none: as they are. Learnt from the training rows only.
    missing: what a missing number counts as; or leave the row out.
    name: what to call the layer; empty: by its kind.
    returns: the network so far.
    """
    return begin(table, "number_input", columns, name, scale=scale, missing=missing)


@node(family="networks", icon="input", light=True)
def category_input(
    table: Table,
    *,
    columns: Annotated[list[str], ColumnPicker(types=("category",)), Field(min_length=1)],
    encoding: Literal["codes", "one-hot"] = "codes",
    name: Name = "",
) -> Network:
    """Begin a network with categories, such as a colour or an airline.

    As codes they go on to an Embedding, which learns numbers for each category; one-hot gives a column of 0 and 1 for each.

    table: a table with the columns to read; the rows are not read before training.
    columns: the categories; for codes one column, for one-hot as many as you like.
    encoding: codes for an Embedding, or one-hot for every other layer.
    name: what to call the layer; empty: by its kind.
    returns: the network so far.
    """
    return begin(table, "category_input", columns, name, encoding=encoding)


@node(family="networks", icon="sequence", says="{columns}, {steps:step}", light=True)
def sequence_input(
    table: Table,
    *,
    columns: Numbers,
    steps: Annotated[int, Between(1, 100_000)] = 24,
    every: Annotated[int, Between(1, 10_000)] = 1,
    groups: Columns = [],  # noqa: B006 - never changed
    order_by: Columns = [],  # noqa: B006
    scale: Scale = "standard",
    missing: Literal["last", "mean", "zero", "leave out"] = "last",
    name: Name = "",
) -> Network:
    """Begin a network with sequences: for each row, that row and the rows before it, as in a series over time.

    The first rows of a series, which have too few rows before them, are left out.

    table: rows in an order, as a series in time; they are not read before training.
    columns: the numbers of each step; true and false count as 1 and 0.
    steps: how many steps a sequence has, the row itself the last.
    every: rows from one step to the next; 6 takes every sixth row.
    groups: columns; each combination of their values is a series of its own.
    order_by: the order of the rows; the order of reading if empty.
    scale: standard: mean 0, deviation 1; range: from 0 to 1; none: as they are. Learnt from the training rows only.
    missing: what a missing number counts as: the last one before it, the mean, zero; or leave such sequences out.
    name: what to call the layer; empty: by its kind.
    returns: the network so far.
    """
    given = {"steps": steps, "every": every, "groups": groups, "order_by": order_by, "scale": scale, "missing": missing}
    return begin(table, "sequence_input", columns, name, **given)


@node(family="networks", icon="sequence", light=True)
def list_input(
    table: Table,
    *,
    columns: Annotated[list[str], ColumnPicker(types=("list",)), Field(min_length=1)],
    longest: Annotated[int, Between(0, 1_000_000)] = 0,
    scale: Scale = "standard",
    missing: Literal["last", "mean", "zero", "leave out"] = "last",
    name: Name = "",
) -> Network:
    """Begin a network with sequences that each row holds as a list of numbers; their lengths may differ.

    table: a table with list columns; the rows are not read before training.
    columns: lists of numbers, side by side; within a row all have the same length.
    longest: keep only so many steps, the last ones; 0: all.
    scale: standard: mean 0, deviation 1; range: from 0 to 1; none: as they are. Learnt from the training rows only.
    missing: what a missing number counts as: the last one before it, the mean, zero; or leave the row out.
    name: what to call the layer; empty: by its kind.
    returns: the network so far.
    """
    return begin(table, "list_input", columns, name, longest=longest, scale=scale, missing=missing)


@node(family="networks", icon="text", light=True)
def text_input(
    table: Table,
    *,
    column: Annotated[str, ColumnPicker(types=("text", "list"))],
    unit: Literal["words", "characters", "items"] = "words",
    steps: Annotated[int, Between(1, 1_000_000)] = 200,
    vocabulary: Annotated[int, Between(1, 1_000_000)] = 10_000,
    lower: bool = True,
    name: Name = "",
) -> Network:
    """Begin a network with text: a sequence of words or characters, each a number in a vocabulary.

    The vocabulary is learnt from the training rows and travels with the network; words that are not in it count as one
    unknown word. An Embedding comes next.

    table: a table with the text; the rows are not read before training.
    column: the text, or lists of words.
    unit: words (punctuation marks are words), characters, or the items of a list.
    steps: longest text in words or characters; what comes after is cut off.
    vocabulary: how many of the most frequent words are kept.
    lower: make capital letters small first.
    name: what to call the layer; empty: by its kind.
    returns: the network so far.
    """
    given = {"unit": unit, "steps": steps, "vocabulary": vocabulary, "lower": lower}
    return begin(table, "text_input", [column], name, **given)


@node(family="networks", icon="image", says="{columns}, {height} x {width}", light=True)
def image_input(
    table: Table,
    *,
    columns: Annotated[list[str], ColumnPicker(types=("binary", "list", "number")), Field(min_length=1)],
    height: Annotated[int, Between(1, 10_000)] = 28,
    width: Annotated[int, Between(1, 10_000)] = 28,
    channels: Literal[1, 3, 4] = 1,
    brightest: Annotated[float, Between(0.000001)] = 255.0,
    name: Name = "",
) -> Network:
    """Begin a network with images: picture files in a column, or their pixels as lists or as columns.

    Picture files are brought to one size; brightness runs from 0 to 1 in the network.

    table: a table with the images; the rows are not read before training.
    columns: one column of picture files (binary) or of lists, or one number column for each pixel, row by row.
    height: pixels from top to bottom.
    width: pixels from left to right.
    channels: 1 for grey, 3 for red, green and blue, 4 with transparency.
    brightest: of pixels that are numbers, the value that means white; 255 as a rule.
    name: what to call the layer; empty: by its kind.
    returns: the network so far.
    """
    given = {"height": height, "width": width, "channels": channels, "brightest": brightest}
    return begin(table, "image_input", columns, name, **given)
