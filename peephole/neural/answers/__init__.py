"""What an output layer's values mean: its targets as tensors, the loss, a measure to watch, predictions as columns."""

from __future__ import annotations

from peephole.neural.answers.answer import Answer, mean_loss
from peephole.neural.answers.classes import CLASSES
from peephole.neural.answers.labels import LABELS
from peephole.neural.answers.numbers import NUMBERS
from peephole.neural.answers.sequences import LABEL_SEQUENCES

ANSWERS: dict[str, Answer] = {
    "number_output": NUMBERS,
    "class_output": CLASSES,
    "label_output": LABELS,
    "label_sequence_output": LABEL_SEQUENCES,
}

__all__ = ["ANSWERS", "Answer", "mean_loss"]
