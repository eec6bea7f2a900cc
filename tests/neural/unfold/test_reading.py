"""What a trace can be asked for besides numbers over time: forms of input, equations, tables, files."""

import json
import math
import re
import zipfile

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

from peephole import neural
from peephole.core.errors import StoreError
from peephole.neural import GRU, LSTM, RNN, Trace, unfold


def opened(problem, loss=None):
    return unfold(problem.module, problem.x, loss or problem.loss, hx=problem.hx, lengths=problem.lengths)


def test_public_names():
    assert {"unfold", "Trace", "ErrorFlow", "Equation", "LossError"} <= set(neural.__all__)
    assert all(hasattr(neural, name) for name in neural.__all__)


# -- forms of input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "module", [LSTM(3, 4), LSTM(3, 4, variant="FGR"), GRU(3, 4), RNN(3, 4)], ids=lambda m: m.spec.kind
)
def test_values_agree_with_the_layer_in_single_precision(module):
    x = torch.randn(7, 2, 3)
    trace = unfold(module, x, lambda y: y.sum())
    torch.testing.assert_close(trace.value(trace.spec.output), module(x)[0].detach(), rtol=1e-5, atol=1e-6)
    for name in trace.variables:
        torch.testing.assert_close(sum(trace.routes(name).values()), trace.error(name), rtol=1e-4, atol=1e-5)


def test_every_form_of_input_gives_the_same_trace(make_layer):
    lengths = [3, 5, 4]
    x = torch.randn(5, 3, 2, dtype=torch.float64)
    time_first = make_layer("lstm", "vanilla", 2, 3, bidirectional=True, implementation="reference")
    batch_first = LSTM(2, 3, bidirectional=True, batch_first=True, dtype=torch.float64, implementation="reference")
    batch_first.load_state_dict(time_first.state_dict())
    mask = (torch.arange(5).unsqueeze(1) < torch.tensor(lengths)).unsqueeze(-1)
    wanted = unfold(time_first, x, lambda y: (y**2).sum(-1), lengths=lengths)
    packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
    traces = {
        "batch first": unfold(batch_first, x.transpose(0, 1), lambda y: (y**2).sum(-1).T, lengths=lengths),
        "packed": unfold(time_first, packed, lambda y: (y.data**2).sum()),
        "masked": unfold(time_first, x, lambda y: ((y * mask) ** 2).sum(), lengths=lengths),
    }
    for trace in traces.values():
        assert trace.lengths.tolist() == lengths
        for name in trace.variables:
            for direction in ("forward", "reverse"):
                torch.testing.assert_close(
                    trace.value(name, direction=direction), wanted.value(name, direction=direction)
                )
                torch.testing.assert_close(
                    trace.error(name, direction=direction), wanted.error(name, direction=direction)
                )
    for b, length in enumerate(lengths):
        alone = unfold(time_first, x[:length, b], lambda y: (y**2).sum(-1))
        assert length == alone.T
        assert alone.B == 1
        for name in ("c", "i_bar"):
            torch.testing.assert_close(alone.error(name)[:, 0], wanted.error(name)[:length, b])
            assert not wanted.value(name)[length:, b].any()
            assert not wanted.error(name)[length:, b].any()


def test_a_sorted_packed_batch_with_states(make_layer):
    module = make_layer("gru", "", 2, 3, implementation="reference")
    x, h0 = torch.randn(4, 2, 2, dtype=torch.float64), torch.randn(1, 2, 3, dtype=torch.float64)
    packed = pack_padded_sequence(x, [4, 2])
    mine = unfold(module, packed, lambda _, h: (h**2).sum(), hx=h0)
    wanted = unfold(module, x, lambda _, h: (h**2).sum(), hx=h0, lengths=[4, 2])
    assert torch.equal(mine.error("h"), wanted.error("h"))
    assert torch.equal(mine.initial("h"), h0[0])


def test_dropout_acts_as_in_the_layer(make_layer):
    module = make_layer("lstm", "NP", 2, 8, num_layers=2, dropout=0.5, implementation="reference")
    for lengths in (None, [6, 3]):
        x = torch.randn(6, 2, 2, dtype=torch.float64, requires_grad=True)
        torch.manual_seed(3)
        loss = (module(x, lengths=lengths)[0] ** 2).sum()
        gradient = torch.autograd.grad(loss, x)[0]
        torch.manual_seed(3)
        trace = unfold(module, x, lambda y: (y**2).sum(), lengths=lengths)
        torch.testing.assert_close(trace.loss, loss.item())
        torch.testing.assert_close(trace.input_error(), gradient)
    module.eval()
    x = torch.randn(6, 2, 2, dtype=torch.float64)
    assert unfold(module, x, lambda y: y.sum()).loss == pytest.approx(module(x)[0].sum().item())


def test_opening_computes_no_jacobian_error_map_or_step_gradient(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("computed when opened")

    for name in ("jacobians.going_back", "jacobians.full_state", "flow.error_flow", "gradients.gradient"):
        monkeypatch.setattr(f"peephole.neural.traces.{name}", refuse)
    monkeypatch.setattr("peephole.neural.traces.back.Backward.__init__", refuse)
    unfold(LSTM(2, 3, num_layers=2), torch.randn(5, 1, 2), lambda y: y.sum((1, 2)))


def test_opening_leaves_the_module_alone():
    module = LSTM(2, 3)
    readout = torch.nn.Linear(3, 1)
    with torch.no_grad():
        trace = unfold(module, torch.randn(5, 1, 2), lambda y: readout(y).sum())
    assert all(parameter.grad is None for parameter in [*module.parameters(), *readout.parameters()])
    assert not trace.error("c").requires_grad
    assert not trace.value("x").requires_grad
    assert "T=5" in repr(trace)


# -- equations ----------------------------------------------------------------------------------------------------------


def computed(latex):
    """The right side of an equation with numbers, worked out."""
    text = latex.split(" = ", 1)[1]
    text = re.sub(r"\\underbrace\{([^{}]*(?:\{[^{}]*\})?)\}_\{.*?\}(?= [+-] |$)", r"(\1)", text)
    text = text.replace(r"\cdot", "*").replace("10^", "10**").replace("{", "(").replace("}", ")")
    text = re.sub(r"\\tanh\^2\(([^()]*)\)", r"tanh(\1)**2", text).replace(r"\tanh", "tanh").replace(r"\sigma", "sigma")
    text = re.sub(r"\[(.*?) > 0\]", r"float(\1 > 0)", text).replace("^", "**").replace(r"\max", "max")
    text = re.sub(
        r"(?<=[\d)])\(", "*(", text.replace("tanh(", "tanh (").replace("sigma(", "sigma (").replace("max(", "max (")
    )
    known = {"tanh": math.tanh, "sigma": lambda v: 1 / (1 + math.exp(-v)), "max": max, "float": float}
    return eval(text, {"__builtins__": {}}, known)


@pytest.mark.parametrize(
    "where", [{"t": 0, "unit": 1}, {"t": 3, "unit": 0, "batch": 1}, {"t": 4, "unit": 2, "batch": 2}]
)
def test_equations_with_the_numbers_put_in(kind, variant, where, problem):
    trace = opened(problem(kind, variant))
    spot = where["t"], where.get("batch", 0), where["unit"]
    for name in trace.variables:
        if name == "x":
            continue
        for equation, value in (
            (trace.equation(name, **where), trace.value(name)[spot].item()),
            (trace.error_equation(name, **where), trace.error(name)[spot].item()),
        ):
            assert equation.value == value
            assert sum(term.value for term in equation.terms) == pytest.approx(value, abs=1e-12)
            assert computed(equation.numbers) == pytest.approx(value, rel=4e-3, abs=2e-3)
            assert equation.symbols.count("{") == equation.symbols.count("}")
            assert equation.numbers.count("{") == equation.numbers.count("}")
            wires = [wire for term in equation.terms for wire in term.wires]
            assert set(wires) <= set(trace.spec.wires)


def test_the_equation_of_the_cell_s_error(problem):
    trace = opened(problem("lstm", "vanilla"))
    equation = trace.error_equation("c", 2, 1)
    assert equation.symbols == trace.spec.error_equation("c")
    assert r"p_{\mathrm{for}} \odot \delta \bar{f}(t+1)" in equation.symbols
    shares = trace.routes("c")
    assert [term.id for term in equation.terms] == list(shares)
    assert [term.value for term in equation.terms] == [share[2, 0, 1].item() for share in shares.values()]
    assert all(
        term.numbers == "0" for term in trace.error_equation("c", 4, 1).terms if term.id.endswith(("next", "way"))
    )
    assert trace.equation("x", 0, 1).terms == ()
    zero = opened(problem("lstm", "vanilla", bias=False)).equation("z_bar", 1, 0)
    assert [term.id for term in zero.terms] == ["W_z", "R_z"]


# -- tables -------------------------------------------------------------------------------------------------------------


def test_a_tidy_table(problem):
    trace = opened(problem("lstm", "vanilla", num_layers=2, bidirectional=True, lengths=[2, 5, 3]))
    table = trace.to_table()
    assert table.column_names == ["layer", "direction", "variable", "t", "batch", "unit", "value", "error"]
    cells = 10 * (2 + 10 * 3) * 2 + 10 * (6 + 10 * 3) * 2
    assert len(table) == cells
    for row in table.take(list(range(0, cells, 37))).to_pylist():
        where = {"layer": row["layer"], "direction": row["direction"]}
        spot = row["t"], row["batch"], row["unit"]
        assert row["value"] == trace.value(row["variable"], **where)[spot].item()
        assert row["error"] == trace.error(row["variable"], **where)[spot].item()
        assert row["t"] < trace.lengths[row["batch"]]
    small = trace.to_table(["c", "f"], layer=1, direction="reverse")
    assert small.column("variable").unique().to_pylist() == ["c", "f"]
    assert len(small) == 2 * 10 * 3


# -- files --------------------------------------------------------------------------------------------------------------


def test_saved_and_read_back(kind, variant, problem, tmp_path):
    example = problem(kind, variant, num_layers=2, bidirectional=True, lengths=[2, 5, 3])
    trace = opened(example, example.per_step)
    trace.save(tmp_path / "one.trace")
    again = Trace.load(tmp_path / "one.trace")
    assert again.loss == trace.loss
    assert again.spec == trace.spec
    assert torch.equal(again.step_losses, trace.step_losses)
    assert again.to_table().equals(trace.to_table())
    assert again.to_table(loss_at=2).equals(trace.to_table(loss_at=2))
    where = {"layer": 1, "direction": "reverse"}
    for name in trace.parameters(**where):
        assert torch.equal(again.gradient(name, **where), trace.gradient(name, **where))
    state = trace.spec.states[0]
    assert torch.equal(again.jacobian(state, 0, batch=1, **where), trace.jacobian(state, 0, batch=1, **where))
    assert torch.equal(again.error_flow().norms, trace.error_flow().norms)
    for name in trace.spec.states:
        assert torch.equal(again.routes(name, **where)["final_state"], trace.routes(name, **where)["final_state"])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_precision_is_kept(dtype, tmp_path):
    trace = unfold(GRU(2, 3, dtype=dtype), torch.randn(4, 1, 2, dtype=dtype), lambda y: y.sum())
    trace.save(tmp_path / "trace.npz")
    assert torch.equal(Trace.load(tmp_path / "trace.npz").error("h"), trace.error("h"))


def test_a_file_holds_arrays_and_json_only(problem, tmp_path):
    opened(problem("lstm", "vanilla")).save(tmp_path / "trace.npz")
    with np.load(tmp_path / "trace.npz", allow_pickle=False) as file:
        assert all(file[name].dtype.kind in "fiu" for name in file.files)
        assert json.loads(file["header"].tobytes())["kind"] == "lstm"
    assert list(tmp_path.iterdir()) == [tmp_path / "trace.npz"]


def test_damaged_and_foreign_files_are_refused(problem, tmp_path):
    good = tmp_path / "trace.npz"
    opened(problem("lstm", "vanilla")).save(good)
    with np.load(good) as file:
        arrays = {name: file[name] for name in file.files}
    header = json.loads(arrays["header"].tobytes())

    def written(**changed):
        path = tmp_path / "changed.npz"
        kept = {name: value for name, value in {**arrays, **changed}.items() if value is not None}
        np.savez(path, **kept)
        return path

    def with_header(**changed):
        return written(header=np.frombuffer(json.dumps({**header, **changed}).encode(), np.uint8))

    garbage, cut = tmp_path / "garbage", tmp_path / "cut"
    garbage.write_bytes(b"no archive at all")
    cut.write_bytes(good.read_bytes()[:500])
    objects = tmp_path / "objects.npz"
    np.savez(objects, header=np.array([object()]))
    with zipfile.ZipFile(tmp_path / "other.npz", "w") as other:
        other.writestr("readme", "hello")
    for path in (tmp_path / "missing", garbage, cut, objects, tmp_path / "other.npz"):
        with pytest.raises(StoreError, match="cannot be read as a trace"):
            Trace.load(path)
    for change in (
        {"version": 99}, {"kind": "transformer"}, {"T": 99}, {"dtype": "int"}, {"places": [[0, "sideways"]]}, {"places": []},
    ):  # fmt: skip
        with pytest.raises(StoreError, match="cannot be read as a trace"):
            Trace.load(with_header(**change))
    for change in (
        {"0/forward/R": arrays["0/forward/R"][:, :-1]},
        {"0/forward/gates": arrays["0/forward/gates"][:-1]},
        {"0/forward/x": None},
        {"outside/y": arrays["outside/y"][:-1]},
        {"outside/final/1": None},
        {"outside/final/0": arrays["outside/final/0"][:, :-1]},
    ):
        with pytest.raises(StoreError, match="cannot be read as a trace"):
            Trace.load(written(**change))
    with pytest.raises(StoreError, match="cannot be written"):
        opened(problem("rnn", "tanh")).save(tmp_path / "nowhere" / "trace.npz")
