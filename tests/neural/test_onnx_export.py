"""The exported LSTM agrees with ONNX Runtime."""

import pytest
import torch

from peephole.core.errors import MissingLibraryError
from peephole.neural import LSTM, export_onnx, onnx_export
from peephole.neural.cells.variants import VARIANTS
from peephole.neural.errors import ConversionError

pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
EXPORTED = [name for name in VARIANTS if name != "FGR"]


def run(model, **inputs):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return [torch.from_numpy(a) for a in session.run(None, {name: value.numpy() for name, value in inputs.items()})]


def random_layer(variant, **settings):
    layer = LSTM(5, 6, variant=variant, **settings)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_(std=0.5)
    return layer


@pytest.mark.parametrize("variant", EXPORTED)
@pytest.mark.parametrize(
    ("num_layers", "bidirectional", "batch_first"), [(1, False, False), (2, True, True), (3, False, True)]
)
def test_agrees_with_the_runtime(variant, num_layers, bidirectional, batch_first):
    settings = {"num_layers": num_layers, "bidirectional": bidirectional, "batch_first": batch_first}
    layer = random_layer(variant, **settings)
    x = torch.randn(4, 7, 5)
    with torch.no_grad():
        y, (h, c) = layer(x)
    for got, wanted in zip(run(export_onnx(layer), input=x), (y, h, c), strict=True):
        assert got.shape == wanted.shape
        assert (got - wanted).abs().max() < 1e-5 * max(1, wanted.abs().max())


@pytest.mark.parametrize("bias", [True, False])
def test_states_and_lengths_go_in(tmp_path, bias):
    layer = random_layer("vanilla", num_layers=2, bidirectional=True, bias=bias)
    path = tmp_path / "layer.onnx"
    model = export_onnx(layer, path, states=True, lengths=True)
    assert path.read_bytes() == model.SerializeToString()
    x, h_0, c_0 = torch.randn(7, 3, 5), torch.randn(4, 3, 6), torch.randn(4, 3, 6)
    lengths = torch.tensor([4, 7, 1], dtype=torch.int32)
    with torch.no_grad():
        y, (h, c) = layer(x, (h_0, c_0), lengths)
    for got, wanted in zip(run(model, input=x, h_0=h_0, c_0=c_0, lengths=lengths), (y, h, c), strict=True):
        assert (got - wanted).abs().max() < 1e-5


def test_a_float64_layer_is_written_in_float32():
    layer = random_layer("NP", dtype=torch.float64)
    x = torch.randn(3, 2, 5)
    (got, *_), wanted = run(export_onnx(layer), input=x), layer(x.double())[0].detach()
    assert got.dtype == torch.float32
    assert (got - wanted).abs().max() < 1e-5


def test_full_gate_recurrence_is_refused():
    with pytest.raises(ConversionError, match="FGR cannot be exported"):
        export_onnx(LSTM(3, 4, variant="FGR"))


def test_without_the_package_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(MissingLibraryError, match=r"peephole\[onnx\]"):
        onnx_export.export_onnx(LSTM(3, 4))
