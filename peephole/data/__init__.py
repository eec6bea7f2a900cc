"""Named data sets: what there is, under which licence, and the way to get it, its checksum held."""

from peephole.data.fetch import get
from peephole.data.registry import DataSet, find, list_data_sets

__all__ = ["DataSet", "find", "get", "list_data_sets"]
