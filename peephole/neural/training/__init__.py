"""Training a drawn network on a table."""

from peephole.neural.training.loop import train
from peephole.neural.training.settings import TrainingSettings

__all__ = ["TrainingSettings", "train"]
