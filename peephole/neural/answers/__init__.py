"""What an output layer's values mean: its targets as tensors, the loss, a measure to watch, predictions as columns."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from peephole.neural.answers.answer import Answer, check_steps, mean_loss
from peephole.neural.answers.classes import CLASSES
from peephole.neural.answers.labels import LABELS
from peephole.neural.answers.numbers import NUMBERS
from peephole.neural.answers.sequences import LABEL_SEQUENCES
from peephole.neural.network import LayerBlock
from peephole.neural.parts.flow import Flow

ANSWERS: dict[str, Answer] = {
    "number_output": NUMBERS,
    "class_output": CLASSES,
    "label_output": LABELS,
    "label_sequence_output": LABEL_SEQUENCES,
}

__all__ = ["ANSWERS", "Answer", "losses", "mean_loss"]


def losses(block: LayerBlock, fitted: dict[str, Any], flow: Flow, target: Flow) -> Tensor:
    """The loss of each example (B), or of each step (B, T). Raises DataError where targets are of another length."""
    if block.kind != "label_sequence_output":
        check_steps(flow, target)
    return ANSWERS[block.kind].losses(dict(block.settings), fitted, flow, target)
