"""Named data sets as tables."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from peephole.core.node import node
from peephole.core.progress import message
from peephole.core.settings import Dataset
from peephole.core.types import Table
from peephole.data import get, notes, read_as
from peephole.tables.csv_options import CsvOptions, lines
from peephole.tables.session import current_session


@node(family="io", icon="data-set", title="Data set", also=("Datasets", "Example data"))
def data_set(*, name: Annotated[str, Dataset(), Field(min_length=1)]) -> Table:
    """A public data set by its name, fetched once and kept; `peephole data list` tells which there are.

    name: the data set's name.
    returns: its rows in their order.
    """
    for note in notes(name):
        message(note)
    read = read_as(name)
    if read.lines is not None:
        return current_session().read_csv(get(name), lines(read.lines))
    options = CsvOptions(
        delimiter=read.delimiter, header=read.header, quote=read.quote, skip=read.skip, names=read.names
    )
    return current_session().read_csv(get(name), options)
