"""Bad input: an error that says what, where, what was got and the remedy, raised before any work."""

import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

from peephole.core.errors import PeepholeError
from peephole.neural import GRU, LSTM, RNN
from peephole.neural.errors import NetworkInputError, NetworkSettingError
from peephole.neural.layers import function

X = torch.zeros(5, 2, 3)
BIDIRECTIONAL = {"num_layers": 2, "bidirectional": True}


@pytest.fixture(autouse=True)
def _no_work(request, monkeypatch):
    """Whatever is refused must be refused before a cell runs."""
    if "good" in request.node.name:
        return

    def run(*_, **__):
        raise AssertionError("the cell ran on bad input")

    monkeypatch.setattr(function, "run", run)


@pytest.mark.parametrize("make", [LSTM, RNN, GRU])
@pytest.mark.parametrize(
    ("x", "what"),
    [
        (X[0, 0], r"shape \(T, B, 3\), or \(T, 3\) for a single sequence, got \(3,\)"),
        (X.unsqueeze(0), r"got \(1, 5, 2, 3\)"),
        (X[..., :2], r"3 features in its last axis, got 2 \(shape \(5, 2, 2\)\).*input_size=2"),
        (X[:0], r"no step or no sequence \(shape \(0, 2, 3\)\)"),
        (X[:, :0], r"no step or no sequence \(shape \(5, 0, 3\)\)"),
        (X.double(), r"the input is float64, the layer's parameters are float32.*input.to\(torch.float32\)"),
        (X.long(), r"the input is int64, the layer's parameters are float32. Convert it: input.to\(torch.float32\)\."),
        (X.tolist(), r"got list.*torch.as_tensor"),
        (None, r"got NoneType"),
        (X + torch.tensor([0, float("nan"), 0]), r"NaN at index \(0, 0, 1\); 10 of 30 values"),
        (X + torch.tensor([0, 0, float("inf")]), r"an infinite number at index \(0, 0, 2\)"),
        (pack_padded_sequence(torch.zeros(5, 2, 4), torch.tensor([5, 2])), r"3 features in its last axis, got 4"),
        (pack_padded_sequence(X / 0, torch.tensor([5, 2])), r"holds NaN"),
    ],
)
def test_input(make, x, what):
    with pytest.raises(NetworkInputError, match=f"{make.__name__}: .*{what}") as caught:
        make(3, 4)(x)
    assert caught.value.remedy
    assert isinstance(caught.value, PeepholeError)
    assert isinstance(caught.value, ValueError)


def test_batch_first_says_its_own_shape():
    with pytest.raises(NetworkInputError, match=r"\(B, T, 3\)"):
        LSTM(3, 4, batch_first=True)(X[0, 0])


@pytest.mark.parametrize("make", [LSTM, RNN, GRU])
@pytest.mark.parametrize(
    ("lengths", "what"),
    [
        ([5], r"2 whole numbers.*shape \(1,\)"),
        ([5, 0], r"length of sequence 1 should be from 1 to 5 \(the batch's steps\), got 0"),
        ([6, 2], r"length of sequence 0 should be from 1 to 5 .*got 6"),
        ([5, -1], r"got -1"),
        (torch.tensor([5.0, 2.0]), r"whole numbers.*float32"),
        (torch.tensor([[5, 2]]), r"shape \(1, 2\)"),
    ],
)
def test_lengths(make, lengths, what):
    with pytest.raises(NetworkInputError, match=what) as caught:
        make(3, 4)(X, lengths=lengths)
    assert caught.value.remedy


def test_lengths_with_a_form_that_has_none():
    with pytest.raises(NetworkInputError, match="PackedSequence"):
        LSTM(3, 4)(pack_padded_sequence(X, torch.tensor([5, 2])), lengths=[5, 2])
    with pytest.raises(NetworkInputError, match="single sequence"):
        LSTM(3, 4)(X[:, 0], lengths=[5])


@pytest.mark.parametrize("make", [RNN, GRU])
@pytest.mark.parametrize(
    ("h", "what"),
    [
        (torch.zeros(4, 3, 4), r"initial state h_0 should have the shape \(4, 2, 4\).*got \(4, 3, 4\)"),
        (torch.zeros(1, 2, 4), r"got \(1, 2, 4\)"),
        (torch.zeros(4, 2, 4).double(), r"initial state h_0 is float64"),
        (torch.full((4, 2, 4), torch.nan), r"initial state h_0 holds NaN"),
    ],
)
def test_single_states(make, h, what):
    with pytest.raises(NetworkInputError, match=what) as caught:
        make(3, 4, **BIDIRECTIONAL)(X, h)
    assert caught.value.remedy


@pytest.mark.parametrize("variant", ["vanilla", "FGR"])
@pytest.mark.parametrize(
    ("state", "what"),
    [
        (torch.zeros(4, 2, 4), r"pair of tensors \(h_0, c_0\), got Tensor"),
        ((torch.zeros(4, 2, 4),), r"got 1 of them"),
        ((torch.zeros(4, 2, 4), torch.zeros(4, 2, 5)), r"initial state c_0 .*\(4, 2, 4\).*got \(4, 2, 5\)"),
        ((torch.zeros(4, 2, 4), None), r"initial state c_0 .*got NoneType"),
        ((None, torch.zeros(4, 2, 4)), r"initial state h_0 .*got NoneType"),
        ((torch.zeros(4, 2, 4), torch.full((4, 2, 4), torch.nan)), r"initial state c_0 holds NaN"),
    ],
)
def test_pairs_of_states(variant, state, what):
    with pytest.raises(NetworkInputError, match=what):
        LSTM(3, 4, variant=variant, **BIDIRECTIONAL)(X, state)


def test_unbatched_state_has_no_batch_axis():
    with pytest.raises(NetworkInputError, match=r"should have the shape \(1, 4\).*got \(1, 1, 4\)"):
        GRU(3, 4)(X[:, 0], torch.zeros(1, 1, 4))


def test_good_input_with_padding_that_is_nan_is_taken_and_the_check_can_be_left_out():
    x = X.clone()
    x[3:, 1] = torch.nan
    y, _ = LSTM(3, 4)(x, lengths=[5, 3])
    assert torch.isfinite(y).all()
    y, _ = LSTM(3, 4, check_input=False)(x)
    assert torch.isnan(y[3:, 1]).all()
    assert torch.isfinite(y[:, 0]).all()


def test_good_large_finite_input_passes_although_its_sum_overflows():
    y, _ = LSTM(3, 4)(torch.full((5, 2, 3), 3e38))
    assert y.shape == (5, 2, 4)


@pytest.mark.parametrize(
    ("make", "arguments", "what"),
    [
        (LSTM, {"hidden_size": 0}, "hidden_size should be a whole number of at least 1, got 0"),
        (GRU, {"input_size": 2.5}, "input_size should be a whole number"),
        (RNN, {"num_layers": True}, "num_layers"),
        (LSTM, {"dropout": 1.5}, "dropout should be a probability"),
        (LSTM, {"variant": "NPP"}, "variant may not be 'NPP'. Did you mean \"NP\""),
        (RNN, {"nonlinearity": "sigmoid"}, "nonlinearity may not be 'sigmoid'.*logistic"),
        (GRU, {"implementation": "fast"}, "implementation may not be 'fast'"),
        (LSTM, {"init": {"R_fro": "zeros"}}, 'no parameter "R_fro". Did you mean "R_for"'),
        (LSTM, {"init": {"R": "ortogonal"}}, '"ortogonal" is no initialisation for R_z. Did you mean "orthogonal"'),
        (LSTM, {"init": {"b": "orthogonal"}}, "is no initialisation for b_z"),
    ],
)
def test_settings(make, arguments, what):
    with pytest.raises(NetworkSettingError, match=what) as caught:
        make(**{"input_size": 3, "hidden_size": 4, **arguments})
    assert caught.value.remedy
    assert caught.value.setting == next(iter(arguments))


def test_a_kernel_that_is_not_there_is_named():
    with pytest.raises(NetworkSettingError, match="no fused kernel for lstm FGR on cpu"):
        LSTM(3, 4, variant="FGR", implementation="fused")(X)


def test_views_of_a_place_that_is_not_there():
    with pytest.raises(NetworkSettingError, match=r"no layer 1, direction 'reverse'.*0 to 0; directions: forward"):
        LSTM(3, 4).views(1, "reverse")
