"""Inside the worker: threads that import at the same time."""

from __future__ import annotations

import subprocess
import sys

import pytest

SIDE_BY_SIDE = """
import ctypes, importlib, sys, threading, time
from peephole.engine.worker import import_one_at_a_time
sys.path.insert(0, sys.argv[1])
import_one_at_a_time()
failures = []

def compiled(name):  # as compiled code imports
    load = ctypes.pythonapi.PyImport_ImportModuleLevel
    load.restype, load.argtypes = ctypes.py_object, [ctypes.c_char_p, *[ctypes.c_void_p] * 3, ctypes.c_int]
    return load(name.encode(), None, None, None, 0)

ways = {"function": importlib.import_module, "statement": lambda name: exec("import " + name), "compiled": compiled}

def work(load, wait):
    time.sleep(wait)
    try:
        load()
    except BaseException as error:
        failures.append(repr(error))

threads = [
    threading.Thread(target=work, args=(lambda: ways[sys.argv[2]]("one"), 0.0), daemon=True),
    threading.Thread(target=work, args=(lambda: ways[sys.argv[3]]("two"), 0.1), daemon=True),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(10)
print([thread.is_alive() for thread in threads], failures)
"""


WAYS = ["function", "statement", "compiled"]


@pytest.mark.parametrize("one", WAYS)
@pytest.mark.parametrize("two", WAYS)
def test_imports_side_by_side_neither_meet_nor_wait_for_each_other_for_ever(tmp_path, one, two):
    (tmp_path / "one.py").write_text("import time; time.sleep(0.3); import two; done = two.name")
    (tmp_path / "two.py").write_text("import time; name = 2; time.sleep(0.3); import one; done = one.__name__")
    command = [sys.executable, "-c", SIDE_BY_SIDE, tmp_path, one, two]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[False, False] []\n"


MEANWHILE = """
import sys, threading, time
from peephole.engine.worker import import_one_at_a_time
sys.path.insert(0, sys.argv[1])
import_one_at_a_time()
import email.mime.text
slow = threading.Thread(target=lambda: exec("import slow"))
slow.start()
time.sleep(0.2)
import email.mime.text
from email.mime.text import MIMEText
print(slow.is_alive())
import colorsys  # not there yet: waits
print(slow.is_alive())
"""


def test_what_is_there_is_had_while_another_thread_imports(tmp_path):
    (tmp_path / "slow.py").write_text("import time; time.sleep(1)")
    command = [sys.executable, "-c", MEANWHILE, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["True", "False"]
