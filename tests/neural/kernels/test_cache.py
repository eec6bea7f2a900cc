"""Compiled kernels are kept on disk, and a compilation says that it is under way."""

import logging
import os
import subprocess
import sys
import time

from peephole.core.progress import reporting_to
from peephole.neural.kernels import _jit

SCRIPT = """
import numba.core.caching as caching
loaded = []
load = caching.FunctionCache.load_overload
def spy(self, *arguments):
    found = load(self, *arguments)
    loaded.append(found is not None)
    return found
caching.FunctionCache.load_overload = spy
from peephole.neural.kernels import _lstm_loops
_lstm_loops.address("forward", True)
print("loaded", loaded)
"""


def _run(folder):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return result.stdout.strip(), result.stderr


def test_a_second_process_compiles_nothing(tmp_path):
    first, message = _run(tmp_path)
    assert first == "loaded [False]"
    assert "Compiling the LSTM forward float32 kernel" in message
    second, message = _run(tmp_path)
    assert second == "loaded [True]"


class Heard:
    """What a running node is heard to do."""

    def __init__(self):
        self.told = []

    def progress(self, done, total, title, unit=""):
        assert not unit
        self.told.append((done, total, title))


def test_a_slow_compilation_is_announced_and_a_fast_one_is_not(monkeypatch, capsys, caplog):
    heard = Heard()
    monkeypatch.setattr(_jit, "MESSAGE_AFTER", 0.05)
    caplog.set_level(logging.INFO, "peephole")
    with _jit._message("quick"):
        pass
    with reporting_to(heard), _jit._message("quick"):
        pass
    with reporting_to(heard), _jit._message("slow"):
        time.sleep(0.5)
    assert heard.told == [(0, None, "Compiling the recurrent layer, once")]
    assert capsys.readouterr().err == "peephole: Compiling the slow kernel (once; it is kept on disk) ...\n"
    assert [record.message for record in caplog.records] == ["Compiling the slow kernel (once; it is kept on disk) ..."]


def test_the_stamp_is_a_part_of_what_is_compiled():
    assert 0 <= _jit.source_stamp() < 2**32
