"""Peephole: a visual workbench for data mining and neural networks whose boxes open."""

__version__ = "0.1.0"
