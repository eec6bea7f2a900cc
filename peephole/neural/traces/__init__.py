"""Traces: one example through a recurrent layer, opened. Public names: `peephole.neural.unfold`, `peephole.neural.Trace`."""

from peephole.neural.traces.equations import Equation, EquationTerm
from peephole.neural.traces.errors import LossError
from peephole.neural.traces.flow import ErrorFlow
from peephole.neural.traces.open import unfold
from peephole.neural.traces.trace import Trace

__all__ = ["Equation", "EquationTerm", "ErrorFlow", "LossError", "Trace", "unfold"]
