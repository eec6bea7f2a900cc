"""How a predictor names its columns, so that a scorer finds them."""

from __future__ import annotations

from typing import Any

PREDICTION = "prediction"


def label_text(label: Any) -> str:
    """A class as text: `yes`, `3`, `true`."""
    if isinstance(label, bool):
        return "true" if label else "false"
    if isinstance(label, float):
        return str(int(label)) if label.is_integer() and abs(label) < 1e15 else repr(label)
    return str(label)


def probability_name(prediction: str, label: Any) -> str:
    """The column with the probability of one class: `prediction P(yes)`."""
    return f"{prediction} P({label_text(label)})"
