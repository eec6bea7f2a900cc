import json
import math

import numpy as np
import pytest
import torch
from torch import Generator

from benchmarks import long_memory
from benchmarks._memory_tasks import ADDING, COPY, RECALL, SYMBOLS, recalled
from benchmarks._memory_training import Network, Settings, chrono_lstm, flow, run

TINY = Settings(hidden=4, learning_rate=1e-2, batch=4, updates=2)


def seeded():
    return Generator().manual_seed(3)


def test_adding_marks_one_number_in_each_half():
    x, targets = ADDING.make(10, 50, seeded())
    numbers, marks = x.unbind(-1)
    assert marks[:5].sum(0).eq(1).all()
    assert marks[5:].sum(0).eq(1).all()
    by_hand = [
        sum(n for n, m in zip(numbers[:, b].tolist(), marks[:, b].tolist(), strict=True) if m) for b in range(50)
    ]
    np.testing.assert_allclose(targets.numpy(), by_hand, rtol=1e-6)


def test_the_memoryless_answers_have_the_baselines_as_their_loss():
    x, targets = ADDING.make(20, 20_000, seeded())
    ones = torch.ones(*x.shape[:2], 1)
    assert ADDING.loss(ones, targets).mean().item() == pytest.approx(ADDING.baseline(20), rel=0.03)

    x, targets = COPY.make(30, 8, seeded())
    logits = torch.full((*x.shape[:2], 9), -1e9)
    logits[:-SYMBOLS, :, 8] = 0  # sure of the blanks
    logits[-SYMBOLS:, :, :8] = 0  # all symbols alike
    assert COPY.loss(logits, targets).mean().item() == pytest.approx(COPY.baseline(30), rel=1e-5)


def test_copy_wants_the_symbols_after_the_signal():
    x, targets = COPY.make(5, 3, seeded())
    shown = x.argmax(-1)
    assert shown.shape == (5 + 2 * SYMBOLS, 3)
    assert torch.equal(shown[:SYMBOLS], targets[-SYMBOLS:])
    assert shown[-SYMBOLS - 1].eq(RECALL).all()
    assert recalled(torch.nn.functional.one_hot(targets, 9).float(), targets) == 1


def test_chrono_cells_forget_after_one_step_to_all_but_one():
    layer = chrono_lstm(2, 64, 100)
    steps = layer.b_for.exp()
    assert steps.min() >= 1
    assert steps.max() <= 99
    assert torch.equal(layer.b_in, -layer.b_for)


@pytest.mark.parametrize("task", [ADDING, COPY], ids=lambda task: task.name)
def test_the_flow_is_that_of_automatic_differentiation_and_within_the_bound(task):
    T = 6
    torch.manual_seed(0)
    network = Network("RNN", task, T, 4)
    found = flow(network, task, T)
    rows, steps = found.shares.shape
    assert rows == steps
    assert np.isnan(found.shares[0, 1:]).all()
    np.testing.assert_allclose(np.diagonal(found.shares), 1)
    assert (found.shares[np.tril_indices(steps)] <= found.bound[np.tril_indices(steps)] + 1e-9).all()
    assert found.kept <= found.kept_bound

    exact = network.double()
    x, targets = task.make(T, 8, Generator().manual_seed(1_000_001))
    h = torch.zeros(8, 4, dtype=torch.float64)
    states = []
    for x_t in x.double():
        h = torch.tanh(x_t @ exact.layer.U_l0.t() + h @ exact.layer.W_l0.t() + exact.layer.b_l0)
        h.retain_grad()
        states.append(h)
    task.probe(exact.readout(torch.stack(states)), targets)[-1].sum().backward()
    kept = [(a / b).item() for a, b in zip(states[0].grad.norm(dim=-1), states[-1].grad.norm(dim=-1), strict=True)]
    assert found.kept == pytest.approx(math.exp(np.log(kept).mean()), rel=1e-9)


def test_a_seed_gives_the_same_network_again():
    first, second = (run(ADDING, "LSTM", 8, 1, TINY)[0] for _ in range(2))
    assert {**first, "seconds": 0} == {**second, "seconds": 0}


def test_the_page_is_written_and_a_second_run_trains_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(long_memory, "MAPPED", 6)
    monkeypatch.setattr(long_memory, "SEEDS", (1, 2))
    arguments = ["--lengths", "6", "--updates", "2", "--output", str(tmp_path), "--cache", str(tmp_path / "cache")]
    long_memory.main(arguments)
    assert len(json.loads((tmp_path / "long_memory.json").read_text())["networks"]) == 8
    page = (tmp_path / "long_memory.md").read_text()
    assert "| 6 | 0.1667 | 0.0100 |" in page
    for task in ("adding", "copy"):
        assert (tmp_path / f"long_memory_{task}.svg").read_text().startswith("<?xml")
    capsys.readouterr()
    long_memory.main(arguments)
    assert "seed=" not in capsys.readouterr().out
    assert (tmp_path / "long_memory.md").read_text().split("Machine")[0] == page.split("Machine")[0]
