"""Trains the two networks of understanding-bptt.md and writes their weights beside it.

The weights are kept because training amplifies the last bit in which two machines differ: with them the page shows the same
numbers everywhere. Run it: python docs/understanding_bptt_training.py
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor, nn

from peephole.neural import LSTM, RNN, clip_by_norm

T, H = 30, 8  # steps, units
WEIGHTS = Path(__file__).with_name("understanding-bptt-weights.json")


def examples(count: int) -> tuple[Tensor, Tensor]:
    """Random numbers, (T, count, 2), the second feature marking the first step; and the first number, (count, 1)."""
    x = torch.rand(T, count, 2, dtype=torch.float64) * 2 - 1
    x[:, :, 1] = 0
    x[0, :, 1] = 1
    return x, x[0, :, :1]


def learn(layer: nn.Module, rounds: int) -> tuple[nn.ModuleDict, list[float]]:
    """The layer with a readout after so many rounds of learning to say at every step what the first number was."""
    network = nn.ModuleDict({"layer": layer, "readout": nn.Linear(H, 1, dtype=torch.float64)})
    weights = list(network.parameters())
    optimizer = torch.optim.Adam(weights, lr=0.02)
    losses = []
    for _ in range(rounds):
        x, first = examples(32)
        loss = ((network["readout"](layer(x)[0]) - first) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        clip_by_norm(weights, 1.0)
        optimizer.step()
        losses.append(loss.item())
    return network, losses


def networks() -> dict[str, nn.Module]:
    """The two layers, new."""
    torch.manual_seed(1)
    settings = {"dtype": torch.float64, "implementation": "reference"}
    return {"LSTM": LSTM(2, H, **settings), "RNN": RNN(2, H, **settings)}


def main(rounds: int = 400) -> None:
    """Train both and write the file."""
    found = {}
    for name, layer in networks().items():
        network, losses = learn(layer, rounds)
        print(f"{name}: loss {losses[0]:.3f} at first, {losses[-1]:.3f} at last")
        state = network.state_dict().items()
        found[name] = {key: [round(v, 6) for v in value.flatten().tolist()] for key, value in state}
    lines = [
        f'  "{name}": {{\n' + ",\n".join(f'    "{key}": {json.dumps(v)}' for key, v in weights.items()) + "\n  }"
        for name, weights in found.items()
    ]
    WEIGHTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
