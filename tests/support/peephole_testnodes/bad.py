"""Nodes that fail, misbehave or end the very process they run in."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import narwhals as nw

from peephole.core.errors import DataError
from peephole.core.node import node
from peephole.core.progress import message, metric, progress
from peephole.core.settings import ReadPath
from peephole.core.types import Model, Table
from peephole.tables.session import current_session
from peephole_testnodes.tables import Halves


@node(family="test", outside=True)
def deaf(table: Table, *, seconds: float = 30.0) -> Table:
    """Sleep without ever asking whether to stop, as a library's fit does.

    table: any rows.
    seconds: how long.
    """
    time.sleep(seconds)
    return table


@node(family="test", outside=True)
def die(table: Table, *, signal: int = 9, marker: str = "", after: float = 0.0) -> Table:
    """End this very process with a signal, once if a marker file is named.

    table: any rows.
    signal: which.
    marker: path of a file that says it has died already.
    after: how many seconds it lives.
    """
    time.sleep(after)
    if not marker or not Path(marker).exists():
        if marker:
            Path(marker).touch()
        os.kill(os.getpid(), signal)
        time.sleep(10)
    return table


@node(family="test", outside=True)
def fail(table: Table, *, text: str = "It is wrong.") -> Table:
    """Fail with a message.

    table: any rows.
    text: the message.
    """
    raise DataError(text, remedy="Do it otherwise.")


@node(family="test", outside=True)
def crash(table: Table) -> Table:
    """Fail as buggy code does.

    table: any rows.
    """
    raise ZeroDivisionError("division by zero")


@node(family="test", outside=True)
def nothing(table: Table) -> Model:
    """Give nothing where a model was promised.

    table: any rows.
    """
    return None  # type: ignore[return-value]


@node(family="test", outside=True)
def half(table: Table) -> Halves:
    """Give one table where two were promised.

    table: any rows.
    low: a table.
    high: another.
    """
    return table  # type: ignore[return-value]


@node(family="test", outside=True)
def raises(table: Table, *, kind: str = "SystemExit") -> Table:
    """Raise an exception that many an `except Exception` misses.

    table: any rows.
    kind: its name.
    """
    raise {"SystemExit": SystemExit, "KeyboardInterrupt": KeyboardInterrupt, "MemoryError": MemoryError}[kind]()


@node(family="test", light=True)
def exits_when_asked(table: Table) -> Table:
    """End the interpreter while the query is only being built.

    table: any rows.
    """
    sys.exit("no")


@node(family="test", outside=True)
def noisy(table: Table) -> Table:
    """Write to standard output and error in every way there is, and read standard input.

    table: any rows.
    """
    print('{"event": "run-finished", "status": "failed", "seconds": 0}', flush=True)
    os.write(1, b'{"event": "run-finished"}\n\xff\xfe no text\n')
    ctypes.CDLL(None).puts(b"from C")
    subprocess.run(["echo", "from a child"], check=True)
    print("\udcff is no text either", file=sys.stderr) if sys.stderr.errors == "backslashreplace" else None
    heard = sys.stdin.read() + subprocess.run(["cat"], check=True, capture_output=True).stdout.decode()
    message(f"heard {heard!r}")
    return table


@node(family="test", outside=True)
def odd_reports(table: Table) -> Table:
    """Report what JSON and text encodings cannot hold.

    table: any rows.
    """
    for _ in progress(iter(range(3)), "Odd \udcff title", total=float("inf")):
        metric(loss=float("nan"), rate=float("inf"), fine=1.0)
    message("a file called \udcff")
    return table


@node(family="test", outside=True)
def odd_error(table: Table) -> Table:
    """Fail over a file whose name is no text.

    table: any rows.
    """
    raise DataError("The file \udcff is bad.")


@node(family="test", outside=True)
def leaves_thread(table: Table) -> Table:
    """Start a thread that never ends.

    table: any rows.
    """
    threading.Thread(target=time.sleep, args=(600,)).start()
    return table


@node(family="test", outside=True)
def leaves_child(table: Table, *, seconds: float = 0.0, away: bool = False, pid_file: str) -> Table:
    """Start a process that goes on for ten minutes.

    table: any rows.
    seconds: to work on afterwards.
    away: whether it breaks away into a session of its own.
    pid_file: where to write its number.
    """
    child = subprocess.Popen(["sleep", "600"], start_new_session=away)
    part = Path(f"{pid_file}.part")
    part.write_text(str(child.pid))
    part.rename(pid_file)
    time.sleep(seconds)
    return table


@node(family="test", outside=True)
def changes_input(*, path: ReadPath) -> Table:
    """Read a file that changes at this very moment, but for its size and time.

    path: the file.
    """
    file = current_session().folder / path
    rows = len(file.read_text())
    times = file.stat()
    file.write_text(file.read_text()[::-1])
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    return current_session().from_arrow(nw.from_dict({"rows": [rows]}, backend="pyarrow").to_native())


@node(family="test", outside=True)
def fits(table: Table, *, trees: int = 100_000) -> Table:
    """Fit a forest for a long time, deep inside a library.

    table: any rows.
    trees: how many.
    """
    from sklearn.datasets import make_classification
    from sklearn.ensemble import RandomForestClassifier

    print("fitting", flush=True)
    RandomForestClassifier(trees, random_state=0).fit(*make_classification(5000, 20, random_state=0))
    return table
