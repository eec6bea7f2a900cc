import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
import torch

from peephole.neural import GRU, LSTM, RNN
from peephole.neural.cells.registry import cell_names


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(20)


@pytest.fixture(scope="session")
def independent() -> ModuleType:
    """The cells written from the equations alone (independent.py)."""
    spec = importlib.util.spec_from_file_location("independent", Path(__file__).with_name("independent.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def make_layer():
    """A float64 layer of any cell, every parameter random: nothing starts at zero, where an error could hide."""

    def make(kind, variant, input_size, hidden_size, **settings):
        settings = {"dtype": torch.float64, **settings}
        if kind == "lstm":
            layer = LSTM(input_size, hidden_size, variant=variant, **settings)
        elif kind == "gru":
            layer = GRU(input_size, hidden_size, **settings)
        else:
            layer = RNN(input_size, hidden_size, nonlinearity=variant, **settings)
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.normal_(std=0.6)
        return layer

    return make


def pytest_generate_tests(metafunc):
    if {"kind", "variant"} <= set(metafunc.fixturenames):
        names = cell_names()
        metafunc.parametrize(("kind", "variant"), names, ids=["-".join(filter(None, name)) for name in names])
