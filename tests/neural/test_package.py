"""The room's public names, and that nothing but the room imports torch."""

import subprocess
import sys

import peephole.neural


def test_public_names_exist_and_are_listed():
    assert {"LSTM", "RNN", "GRU", "truncated_bptt", "clip_by_norm", "clip_by_value"} <= set(peephole.neural.__all__)
    for name in peephole.neural.__all__:
        assert getattr(peephole.neural, name).__doc__


def test_peephole_alone_does_not_import_torch_and_the_room_does_not_import_its_extras():
    code = (
        "import sys, peephole, peephole.core.errors; assert 'torch' not in sys.modules; "
        "import peephole.neural; assert 'torch' not in sys.modules; peephole.neural.LSTM; assert 'torch' in sys.modules; "
        "assert not {'onnx', 'onnxruntime', 'numba', 'scipy'} & set(sys.modules), 'an extra was imported'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
