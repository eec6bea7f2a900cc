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


TWO_AT_ONCE = """
import ctypes, sys, time
import numpy as np
from numba.core.caching import IndexDataCacheFile as File
from peephole.neural.kernels import _jit

def slowed(name, seconds):
    plain = getattr(File, name)
    def late(self, *what):
        time.sleep(seconds)
        return plain(self, *what)
    setattr(File, name, late)

def kernel(number):
    def give(pointer):
        _jit.carray(pointer, (1,), np.float64)[0] = number
    return give

number, index, code = map(float, sys.argv[1:])
slowed("_save_index", index)
slowed("_save_data", code)
print("ready", flush=True)
sys.stdin.readline()
place = ctypes.c_double()
ctypes.CFUNCTYPE(None, ctypes.c_void_p)(_jit.entry(kernel(number), "test"))(ctypes.addressof(place))
print(place.value)
"""


def test_two_processes_that_compile_kernels_of_one_name_at_once_do_not_mix_them_up(tmp_path):
    (tmp_path / "two_at_once.py").write_text(TWO_AT_ONCE)  # a kernel is kept beside a file only
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}

    def begun(number, index, code):
        command = [sys.executable, str(tmp_path / "two_at_once.py"), str(number), str(index), str(code)]
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "ready\n"
        return process

    def gives(*processes):
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        told = [process.communicate(timeout=60) for process in processes]
        assert [process.returncode for process in processes] == [0] * len(processes), told
        return [float(said) for said, _ in told]

    # both look; the first writes its index, the second its index and its code, the first its code
    assert gives(begun(1, 2, 4), begun(2, 4, 0)) == [1, 2]
    assert [gives(begun(number, 0, 0)) for number in (1, 2)] == [[1], [2]]


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
