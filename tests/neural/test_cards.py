"""Whether there may be a graphics card is told without torch, and never says no where torch says yes."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from peephole.neural import cards


def test_it_agrees_with_torch():
    if torch.cuda.is_available():
        assert cards.without_card() == ""


@pytest.mark.parametrize(
    ("built", "driver", "amd", "why"),
    [
        ("2.8.0+cpu", True, False, "torch 2.8.0+cpu is built without CUDA"),
        ("2.8.0", False, False, "no driver of one is installed"),
        ("2.8.0", True, False, ""),
        ("2.8.0+rocm6.3", False, True, ""),
    ],
)
def test_what_is_installed_tells(monkeypatch, tmp_path, built, driver, amd, why):
    monkeypatch.setattr(cards, "_torch", lambda: built)
    monkeypatch.setattr(cards, "_driver", lambda: driver)
    monkeypatch.setattr(cards, "AMD", tmp_path if amd else tmp_path / "none")
    assert cards.without_card() == why


def test_torch_is_not_imported():
    program = "import sys, peephole.neural.cards as c; c.without_card(); assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
