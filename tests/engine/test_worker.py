"""Inside the worker: threads that import at the same time, and runs that end while commands come."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from peephole.engine.worker import Job, Worker

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
import sys, threading
from peephole.engine.worker import import_one_at_a_time
sys.path.insert(0, sys.argv[1])
import_one_at_a_time()
import email.mime.text
begun, go = threading.Event(), threading.Event()
threading.Thread(target=lambda: exec("import slow")).start()
begun.wait()
import email.mime.text
from email.mime.text import MIMEText
threading.Timer(0.3, go.set).start()
import colorsys  # not there yet: waits
print(hasattr(sys.modules["slow"], "done"))
"""
SLOW = """
import __main__
__main__.begun.set()
__main__.go.wait()
done = True
"""


def test_what_is_there_is_had_while_another_thread_imports(tmp_path):
    (tmp_path / "slow.py").write_text(SLOW)
    command = [sys.executable, "-c", MEANWHILE, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "True\n"


def test_a_wish_to_stop_reaches_every_run_though_one_ends_meanwhile(monkeypatch):
    worker, stop = Worker(io.BytesIO()), Job.cancel
    for _ in range(2):
        worker.obey(b'{"command": "run"}')
    first, second = worker._asked

    def and_then_it_is_over(job):
        stop(job)
        if job is first:
            worker._asked.remove(job)

    monkeypatch.setattr(Job, "cancel", and_then_it_is_over)
    worker.obey(b'{"command": "cancel"}')
    assert second.stop.is_set()
