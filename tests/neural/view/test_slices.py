import base64
import json

import numpy as np
import pytest
import torch

from peephole.neural import LSTM, unfold
from peephole.neural.errors import NetworkSettingError
from peephole.neural.view import OpenTrace, Series, Shown, Words
from peephole.neural.view.arrays import packed
from peephole.neural.view.opened import CELLS, COLUMNS, Question
from peephole.neural.view.pooling import edges, strongest

T, B, I, H = 7, 2, 3, 5  # noqa: E741


def unpacked(sent):
    array = np.frombuffer(base64.b64decode(sent["data"]), dtype="<" + sent["dtype"])
    return torch.from_numpy(array.copy()).view(*sent["shape"])


@pytest.fixture
def opened(make_layer):
    def open_(kind, variant, **settings):
        layer = make_layer(kind, variant, I, H, **settings)
        return OpenTrace(unfold(layer, torch.randn(T, B, I, dtype=torch.float64), lambda y: (y**3).sum((1, 2))))

    return open_


def ask(opened, **question):
    answer = opened.ask(Question(**question))
    return json.loads(json.dumps(answer, allow_nan=False))


def test_numbers_arrive_as_they_were_sent():
    for dtype, kept in (
        (torch.float64, torch.float64),
        (torch.float32, torch.float32),
        (torch.bfloat16, torch.float32),
    ):
        tensor = torch.tensor([[1 / 3, -2e-30, float("inf")]], dtype=dtype)
        assert torch.equal(unpacked(packed(tensor)), tensor.to(kept))


def test_everything_of_one_unit_equals_the_trace(kind, variant, opened):
    one = opened(kind, variant)
    trace, u, b = one.trace, 3, 1
    found = ask(one, slice="unit", unit=u, batch=b, start=2, stop=6)
    assert (found["start"], found["stop"]) == (2, 6)
    for name in trace.variables:
        if name == "x":
            continue
        assert torch.equal(unpacked(found["values"][name]), trace.value(name)[2:6, b, u])
        assert torch.equal(unpacked(found["errors"][name]), trace.error(name)[2:6, b, u])
        terms = sum(unpacked(term) for term in found["terms"][name])
        torch.testing.assert_close(terms, trace.value(name)[2:6, b, u], rtol=1e-12, atol=1e-12)
        shares = sum(unpacked(share) for share in found["routes"][name].values())
        torch.testing.assert_close(shares, trace.error(name)[2:6, b, u], rtol=1e-12, atol=1e-12)
        assert set(found["routes"][name]) == set(trace.route_labels(name))
    vectors = {name: p for name, p in trace.parameters().items() if p.dim() == 1}
    assert found["weights"] == {name: vector[u].item() for name, vector in vectors.items()}
    for state in trace.spec.states:
        assert found["initial"][state]["value"] == trace.initial(state)[b, u].item()
        assert found["initial"][state]["error"] == trace.initial_error(state)[b, u].item()


def test_a_number_of_the_input_equals_the_trace(kind, variant, opened):
    one = opened(kind, variant)
    found = ask(one, slice="entry", entry=2)
    assert torch.equal(unpacked(found["value"]), one.trace.value("x")[:, 0, 2])
    assert torch.equal(unpacked(found["error"]), one.trace.error("x")[:, 0, 2])
    shares = sum(unpacked(share) for share in found["routes"].values())
    torch.testing.assert_close(shares, one.trace.error("x")[:, 0, 2], rtol=1e-12, atol=1e-12)


def test_shares_along_the_error_sum_to_its_norm(kind, variant, opened):
    one = opened(kind, variant)
    found = ask(one, slice="strips")
    for name in one.trace.variables:
        norm = torch.linalg.vector_norm(one.trace.error(name)[:, 0], dim=-1)
        along = sum(unpacked(share) for share in found["along"][name].values())
        torch.testing.assert_close(along, norm, rtol=1e-10, atol=1e-12)
        assert torch.equal(unpacked(found["values"][name]), one.trace.value(name)[:, 0])


def test_only_one_steps_loss_is_followed_where_it_is_asked_for(opened):
    one = opened("lstm", "vanilla")
    found = ask(one, slice="unit", unit=1, loss_at=4)
    assert torch.equal(unpacked(found["errors"]["c"]), one.trace.error("c", loss_at=4)[:, 0, 1])
    assert not unpacked(found["errors"]["c"])[5:].any()


def test_the_overview_has_norms_and_names_the_units_with_most_error(opened):
    one = opened("gru", "")
    found = ask(one, slice="overview")
    assert torch.equal(unpacked(found["values"]["h"]), torch.linalg.vector_norm(one.trace.value("h")[:, 0], dim=-1))
    errors = torch.linalg.vector_norm(one.trace.error("h")[:, 0], dim=0)
    assert found["units"] == errors.argsort(descending=True).tolist()
    sizes = torch.linalg.vector_norm(one.trace.value("h")[:, 0], dim=0)
    assert found["active"] == sizes.argsort(descending=True).tolist()


def test_layers_and_directions_are_told_apart(opened):
    one = opened("lstm", "CIFG", num_layers=2, bidirectional=True)
    found = ask(one, slice="unit", layer=1, direction="reverse", unit=2)
    expected = one.trace.value("c", layer=1, direction="reverse")[:, 0, 2]
    assert torch.equal(unpacked(found["values"]["c"]), expected)


def test_the_error_map_equals_the_traces(opened):
    one = opened("rnn", "tanh")
    found = ask(one, slice="flow")
    flow = one.trace.error_flow("h", rows="all")
    assert found["steps"] == list(range(T))
    assert torch.equal(unpacked(found["norms"]), flow.norms[:, :, 0])
    assert torch.equal(unpacked(found["bound"]), flow.bound[:, :, 0])


def test_jacobians_are_those_of_the_trace_whole_and_along_the_highway(opened):
    one = opened("lstm", "vanilla")
    found = ask(one, slice="jacobians", variable="c", batch=1)
    torch.testing.assert_close(unpacked(found["whole"]), one.trace.jacobian_norms("c", batch=1))
    torch.testing.assert_close(unpacked(found["highway"]), one.trace.jacobian_norms("c", through="highway", batch=1))
    assert ask(opened("rnn", "tanh"), slice="jacobians")["highway"] is None


def test_the_largest_singular_value_of_a_big_matrix():
    from peephole.neural.view.beside import _size

    torch.manual_seed(3)
    matrix = torch.randn(300, 300, dtype=torch.float64)
    torch.testing.assert_close(_size(matrix), torch.linalg.matrix_norm(matrix, ord=2), rtol=1e-4, atol=0)
    assert _size(torch.zeros(300, 300)) == 0


def test_each_steps_share_of_the_gradient(kind, variant, opened):
    one = opened(kind, variant)
    found = ask(one, slice="gradients")
    for name in one.trace.parameters():
        shares = torch.stack([torch.linalg.vector_norm(one.trace.gradient(name, at=t)) for t in range(T)])
        torch.testing.assert_close(unpacked(found["shares"][name]), shares)
        assert found["norms"][name] == pytest.approx(torch.linalg.vector_norm(one.trace.gradient(name)).item())


def test_a_picture_has_no_more_cells_than_are_drawn_and_hides_nothing_strong():
    layer = LSTM(2, 200)
    one = OpenTrace(unfold(layer, torch.randn(1500, 1, 2), lambda y: y.square().sum((1, 2))))
    found = ask(one, slice="field", variable="c")
    cells = unpacked(found["values"])
    assert cells.shape == (CELLS, COLUMNS)
    assert cells.abs().max() == one.trace.value("c").abs().max()
    assert found["edges"][0] == 0
    assert found["edges"][-1] == 1500
    window = ask(one, slice="field", variable="c", errors=True, start=300, stop=700)
    assert unpacked(window["values"]).shape == (CELLS, 400)
    assert len(ask(one, slice="unit", unit=0)["values"]["c"]["shape"]) == 1
    assert unpacked(ask(one, slice="unit", unit=0, start=1400, stop=9999)["values"]["c"]).shape == (100,)


def test_pooling_keeps_the_strongest_with_its_sign():
    assert edges(10, 4) == [0, 2, 5, 8, 10]
    assert strongest(torch.tensor([1.0, -3, 2, 0.5]), 2, 0).tolist() == [-3, 2]
    assert strongest(torch.tensor([1.0, -3]), 5, 0).tolist() == [1, -3]


def test_the_head_tells_sizes_cell_and_what_stands_at_each_step():
    layer = LSTM(I, H, num_layers=2, variant="NP")
    x = torch.randn(3, 1, I)
    shown = Shown(
        title="Poem", below=[Words(["To", "be", "or"])], above=[Series(torch.ones(3, 1), ["p"])], wanted=[Words("abc")]
    )
    head = OpenTrace(unfold(layer, x, lambda y: y.sum((1, 2))), shown).head()
    json.dumps(head, allow_nan=False)
    assert head["title"] == "Poem"
    assert head["below"] == [{"kind": "words", "title": "", "labels": ["To", "be", "or"]}]
    assert head["layers"][1] == {"inputs": H, "hidden": H, "parameters": head["layers"][1]["parameters"]}
    assert head["layers"][0]["parameters"]["W_z"] == [H, I]
    assert head["spec"]["variables"][1]["terms"][0]["latex"] == "W_z x(t)"
    assert unpacked(head["step_losses"]).shape == (3, 1)


def test_what_is_not_there_is_told(opened):
    one = opened("gru", "")
    for question in ({"unit": H}, {"batch": B}, {"layer": 4}):
        with pytest.raises(NetworkSettingError, match=next(iter(question))):
            one.ask(Question(slice="unit", **question))
    with pytest.raises(NetworkSettingError, match="entry"):
        one.ask(Question(slice="entry", entry=I))
