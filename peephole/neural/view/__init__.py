"""What the browser asks for when a network is opened: slices of a trace as plain data, never more than is drawn."""

from peephole.neural.view.opened import OpenTrace
from peephole.neural.view.shown import Series, Shown, Words

__all__ = ["OpenTrace", "Series", "Shown", "Words"]
