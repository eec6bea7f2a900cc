"""Sequences of different lengths in one batch give what each gives alone: padding counts for nothing, forward and backward."""

from __future__ import annotations

import pytest
import torch

from peephole.core.errors import PeepholeError
from peephole.neural.module import NetworkModule
from peephole.neural.network import NetworkGraph
from peephole.neural.parts import Flow

LENGTHS = [7, 4, 9]


def lists() -> NetworkGraph:
    return NetworkGraph.begin("list_input", columns={"a": "list", "b": "list"})


def both(one: NetworkGraph, two: NetworkGraph, how: str) -> NetworkGraph:
    return NetworkGraph.join("merge_layers", [one, two], how=how)


CASES = {
    "dense": lists().then("dense", units=3),
    "same convolution": lists().then("convolution_1d", filters=3, width=4),
    "striding convolution": lists().then("convolution_1d", filters=3, width=3, stride=2, padding="valid"),
    "two convolutions": lists().then("convolution_1d", filters=3).then("convolution_1d", filters=3, width=5),
    "pooling": lists().then("pooling", width=2),
    "mean pooling": lists().then("pooling", how="mean", width=3, stride=1),
    "max over all": lists().then("pooling", whole=True),
    "mean over all": lists().then("convolution_1d", filters=3).then("pooling", how="mean", whole=True),
    "norms": lists().then("dense", units=3).then("layer_normalisation"),
    "rnn both ways": lists().then("simple_rnn", units=3, both_ways=True, layers=2),
    "lstm": lists().then("lstm", units=3, both_ways=True).then("last_step"),
    "gru on convolution": lists().then("convolution_1d", filters=3, stride=2).then("gru", units=3).then("last_step"),
    "side by side": both(lists().then("gru", units=3), lists(), "concatenate"),
    "self-attention": both(lists(), lists().then("gru", units=3), "attention"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_batch_is_its_sequences_one_by_one(name):
    torch.manual_seed(3)
    graph = CASES[name]
    module = NetworkModule(graph, {}).double()
    alone = [torch.randn(1, n, 2, dtype=torch.float64, requires_grad=True) for n in LENGTHS]
    padded = torch.full((3, max(LENGTHS), 2), 7.0, dtype=torch.float64)  # whatever stands there counts for nothing
    for row, x in enumerate(alone):
        padded[row, : x.shape[1]] = x.detach()[0]
    padded.requires_grad_()
    together = module.flow({graph.inputs[0]: Flow(padded, torch.tensor(LENGTHS))})[graph.output]
    for row, x in enumerate(alone):
        single = module.flow({graph.inputs[0]: Flow(x)})[graph.output].x[0]
        found = together.x[row]
        if together.lengths is not None:
            assert int(together.lengths[row]) == len(single)
            found = found[: len(single)]
        assert torch.allclose(found, single, atol=1e-10)
        wanted = torch.autograd.grad(single.pow(2).sum(), x)[0][0]
        got = torch.autograd.grad(found.pow(2).sum(), padded, retain_graph=True)[0]
        assert torch.allclose(got[row, : x.shape[1]], wanted, atol=1e-10)
        assert float(got[row, x.shape[1] :].abs().sum()) == 0


def test_batch_normalisation_takes_its_means_over_the_steps_there_are():
    graph = lists().then("batch_normalisation")
    module = NetworkModule(graph, {}).train()
    x, lengths = torch.randn(3, 9, 2), torch.tensor(LENGTHS)
    flow = Flow(x, lengths)
    found = module.flow({"list_input": flow})["batch_normalisation"]
    kept = x[flow.mask]
    wanted = (kept - kept.mean(0)) / (kept.var(0, unbiased=False) + 1e-5).sqrt()
    assert torch.allclose(found.x[flow.mask], wanted, atol=1e-5)
    assert found.x[~flow.mask].abs().sum().item() == 0


def test_a_sequence_too_short_for_a_window_is_told():
    module = NetworkModule(lists().then("convolution_1d", filters=2, width=5, padding="valid"), {})
    with pytest.raises(PeepholeError, match="a window of 5 does not fit"):
        module.flow({"list_input": Flow(torch.randn(2, 6, 2), torch.tensor([6, 4]))})
