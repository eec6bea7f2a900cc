"""A disk that refuses is named, and the store stays usable; queries that spill over do not meet."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from ast import literal_eval

import duckdb
import pytest
from engine_flows import flow, go_here, table_of

from peephole.core.errors import StoreError
from peephole.engine.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match=r"cannot be kept in .*--store"):
        Store(tmp_path / "file" / "store")


def test_a_store_that_became_unwritable(store):
    document = flow({"n": "numbers", "a": "same", "v": "value"}, "n a")
    shutil.rmtree(store.folder / "objects")
    (store.folder / "objects").symlink_to("/proc/self/ns")  # permissions do not stop root, and this does
    result, log = go_here(document, store)
    assert {p.id for p in result.problems.values()} == {"store"}
    assert "cannot be written" in result.problems["n"].what
    assert log.ends() == {"n": "failed", "v": "failed", "a": "skipped"}
    assert not list((store.folder / "tmp").iterdir())
    (store.folder / "objects").unlink()
    assert go_here(document, store)[0].status == "done"


FULL = """
    import resource, sys
    from pathlib import Path
    from engine_flows import flow, go_here, go
    from peephole.engine.store import Store
    store = Store(Path(sys.argv[1]))
    big = {"n": ("spilling", {"rows": 400_000}), "a": ("same", {"tag": "a"}), "v": "value"}
    document = flow(big, "n a")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    if sys.argv[2] == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    result, log = go_here(document, store)
    print(result.status, log.ends(), result.problems["n"].id, result.problems["n"].what, sep="|")
    if sys.argv[2] == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        print(go_here(document, store)[0].status)
"""


def full(folder, how):
    script = textwrap.dedent(FULL)
    done = subprocess.run(
        [sys.executable, "-c", script, folder, how], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def _says_full(line):
    status, ends, kind, what = line.split("|")
    assert (status, kind) == ("failed", "store")
    assert "is full" in what
    assert literal_eval(ends) == {"v": "finished", "n": "failed", "a": "skipped"}


def test_a_file_that_may_not_grow_is_told_as_a_full_disk(tmp_path):
    lines = full(tmp_path / "store", "limit")
    _says_full(lines[0])
    assert lines[1] == "done"
    assert not list((tmp_path / "store" / "tmp").iterdir())


@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        _says_full(full(disk / "store", "disk")[0])
        store = Store(disk / "store")
        assert not list((store.folder / "tmp").iterdir())
        assert go_here(flow({"v": "value"}), store)[0].nodes["v"].cached
    finally:
        subprocess.run(["umount", disk], check=True)


SPILLED = 3_000_000


def test_sorts_that_spill_side_by_side_do_not_meet(store, monkeypatch):
    monkeypatch.setattr("peephole.engine.sessions.memory_share", lambda _: "64MiB")
    nodes = {"a": ("spilling", {"rows": SPILLED}), "b": ("spilling", {"rows": SPILLED, "seed": 2})}
    spilled = set()
    done = threading.Event()

    def watch():
        while not done.wait(0.02):
            with contextlib.suppress(FileNotFoundError):  # taken away while we look
                spilled.update(p.parent for p in (store.folder / "tmp").glob("*/duckdb_temp*"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    result, _ = go_here(flow(nodes), store)
    done.set()
    watcher.join()
    assert result.status == "done", result.problems
    for name in nodes:
        found = duckdb.sql(f"SELECT count(*), sum(n), max(r), count(DISTINCT r) FROM '{table_of(result, name)}'")
        assert found.fetchall() == [(SPILLED, SPILLED * (SPILLED - 1) // 2, SPILLED, SPILLED)]
    assert len(spilled) == 2, "the queries fit into memory, so this proves nothing"
    assert not list((store.folder / "tmp").iterdir())
