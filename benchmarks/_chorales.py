"""The JSB chorales as multi-hot steps, with the splits of Boulanger-Lewandowski et al. (2012)."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

LOWEST, HIGHEST = 21, 108  # the piano's keys as MIDI pitches
KEYS = HIGHEST - LOWEST + 1
DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "music" / "jsb_chorales_quarter.json.gz"

Chorale = Tensor  # (steps, KEYS), 1 where a key sounds


@dataclass(frozen=True)
class Chorales:
    """Training, validation and test chorales, one step a quarter note."""

    train: list[Chorale]
    valid: list[Chorale]
    test: list[Chorale]

    @property
    def frequencies(self) -> Tensor:
        """How often each key sounds in the training chorales, (KEYS)."""
        return torch.cat(self.train).mean(0)


def why_missing(path: Path = DATA) -> str | None:
    """Why there is nothing to learn from, or None."""
    return None if path.exists() else f"the chorales are not here: no file {path.name}; give one with --data"


def load(path: Path = DATA) -> Chorales:
    """Read a file {"train": [[[pitch, ...], ...], ...], "valid": ..., "test": ...}, compressed by gzip."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        splits = json.load(file)
    return Chorales(*([multi_hot(chorale) for chorale in splits[name]] for name in ("train", "valid", "test")))


def multi_hot(steps: list[list[int]]) -> Chorale:
    """Pitches that sound, step by step, as (steps, KEYS)."""
    chorale = torch.zeros(len(steps), KEYS)
    for t, pitches in enumerate(steps):
        chorale[t, [pitch - LOWEST for pitch in pitches]] = 1
    return chorale
