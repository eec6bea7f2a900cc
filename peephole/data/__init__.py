"""Named data sets: what there is, under which licence, and the way to get it, its checksum held."""

from peephole.data.fetch import at_hand, get, identity, kept, notes, read_as
from peephole.data.registry import DataSet, find, list_data_sets

__all__ = ["DataSet", "at_hand", "find", "get", "identity", "kept", "list_data_sets", "notes", "read_as"]
