"""What the command's exit code tells a script."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """The exit codes, in the words of the documentation."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Code:
        """A code with what it means."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    OK = 0, "all went well"
    FAILED = 1, "a node failed, or the run was interrupted; the rest is done and kept"
    USAGE = 2, "the command line is wrong, or the workflow cannot be read"
    FAULTS = 3, "`check` found something that would keep the workflow from running"
    BUG = 70, "a mistake in Peephole itself; run again with `--trace` and tell us"
    CANCELLED = 130, "stopped with Ctrl-C"
