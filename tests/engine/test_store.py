"""The store: a result is there whole or not at all; damage is made good; it stays small; a disk that refuses is named."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from engine_flows import flow, go_here, keys, plan_of, rows

from peephole.core.errors import StoreError
from peephole.core.types import Variable, port_types
from peephole.engine import store as store_module
from peephole.engine.files import size_of
from peephole.engine.store import Store, StoredResult

VARIABLE = port_types()["Variable"]


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def keep(store, recipe, value):
    """Store a variable under a recipe."""
    with store.scratch() as folder:
        VARIABLE.load_codec().save(Variable(value), folder)
        output = store.keep(folder, VARIABLE)
    result = StoredResult(recipe, {"variable": output}, ["a message"], 0.5)
    store.remember(recipe, result)
    return result


def objects(store):
    return sorted(p.name for p in (store.folder / "objects").glob("*/*"))


def test_what_was_kept_comes_back_in_another_process(store):
    kept = keep(store, "aa11", [1, "two"])
    assert Store(store.folder).result("aa11") == kept
    assert VARIABLE.load_codec().load(kept.outputs["variable"].folder) == Variable([1, "two"])
    assert store.result("aa12") is None
    assert not list((store.folder / "tmp").iterdir())


def test_equal_contents_are_kept_once(store):
    assert keep(store, "aa11", 5).outputs == keep(store, "bb22", 5).outputs
    assert len(objects(store)) == 1


# -- damage -------------------------------------------------------------------------------------------------------------


def _truncate(path):
    os.truncate(path, path.stat().st_size // 2)


def _other_content_same_size_and_time(path):
    times = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.unlink()
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _replace_by_other_object(path):
    other = next(p for p in path.parents[2].glob("*/*/table.parquet") if p.parent != path.parent)
    shutil.copy2(other, path)


def _rewrite(**changes):
    def change(path):
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return change


def _other_outputs(**changes):
    def change(path):
        record = json.loads(path.read_text())
        record["outputs"]["table"] |= changes
        path.write_text(json.dumps(record))

    return change


DAMAGE = {  # what is damaged, and how
    "table truncated": ("table.parquet", _truncate),
    "table emptied": ("table.parquet", lambda p: p.write_bytes(b"")),
    "table gone": ("table.parquet", lambda p: p.unlink()),
    "table other bytes": ("table.parquet", _other_content_same_size_and_time),
    "table of another result": ("table.parquet", _replace_by_other_object),
    "table a folder": ("table.parquet", lambda p: (p.unlink(), p.mkdir())),
    "manifest garbage": ("object.json", lambda p: p.write_bytes(b"\xff\x00{")),
    "manifest empty": ("object.json", lambda p: p.write_text("")),
    "manifest a list": ("object.json", lambda p: p.write_text("[]")),
    "manifest without files": ("object.json", _rewrite(files={})),
    "manifest files a list": ("object.json", _rewrite(files=["table.parquet"])),
    "manifest gone": ("object.json", lambda p: p.unlink()),
    "object gone": ("object.json", lambda p: shutil.rmtree(p.parent)),
    "object a file": ("object.json", lambda p: (shutil.rmtree(p.parent), p.parent.write_text("x"))),
    "record garbage": ("record", lambda p: p.write_bytes(os.urandom(50))),
    "record empty": ("record", lambda p: p.write_text("")),
    "record a number": ("record", lambda p: p.write_text("5")),
    "record of other types": ("record", _rewrite(outputs=[1], messages=3, seconds="x")),
    "record without outputs": ("record", _rewrite(outputs={})),
    "record of another recipe": ("record", _rewrite(recipe="0" * 40)),
    "record leads elsewhere": ("record", _other_outputs(key="../../../../etc")),
    "record names nothing": ("record", _other_outputs(key="table-0000")),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_made_good_in_silence(store, damage):
    part, change = DAMAGE[damage]
    document = flow({"n": "numbers", "g": "group_sum", "p": "parity"}, "n g", "n p")
    before, _ = go_here(document, store)
    folder = plan_of(document, store).steps["g"].result.outputs["table"].folder
    named = [p for p in (store.folder / "results").glob("*/*") if folder.name in p.read_text()]
    assert len(named) == 2  # by recipe, and by the content of what it was made from
    for path in named if part == "record" else [folder / part]:
        change(path)
    after, _ = go_here(document, store)
    assert after.status == "done"
    assert {n: r.cached for n, r in after.nodes.items()} == {"n": True, "g": False, "p": True}
    assert keys(after) == keys(before)
    assert rows(after, "g") == [(k, sum(n for n in range(10) if n % 7 == k)) for k in range(7)]
    third, _ = go_here(document, store)
    assert all(n.cached for n in third.nodes.values())
    assert not list((store.folder / "tmp").iterdir())


def test_garbage_in_what_is_only_helpful_does_not_matter(store):
    store.remember_seen("doc", {"a": {"x": 1}})
    store.remember_schemas("doc", {"aa11": {"table": {"n": "BIGINT"}}})
    assert store.seen("doc") == {"a": {"x": 1}}
    assert store.schemas("doc") == {"aa11": {"table": {"n": "BIGINT"}}}
    for path in (store.folder / "seen" / "doc.json", store.folder / "schemas" / "doc.json"):
        for garbage in (b"", b"[1]", b'{"a": 3}', b"\xff"):
            path.write_bytes(garbage)
            assert store.seen("doc") == {} or path.parent.name != "seen"
            assert store.schemas("doc") == {} or path.parent.name == "seen"


# -- keeping it small -------------------------------------------------------------------------------------------------


def test_what_was_used_least_recently_goes_first(store):
    for i, recipe in enumerate(["aa", "bb", "cc", "dd"]):
        keep(store, recipe, str(i) * 1000)
        os.utime(store.folder / "results" / recipe / f"{recipe}.json", (i, i))
    store.touch("aa")
    size = sum(size_of(p) for p in (store.folder / "objects").glob("*/*"))
    store.tidy(limit=store.size())
    assert all(store.result(r) for r in ("aa", "bb", "cc", "dd"))
    freed = store.tidy(limit=size * 6 // 10)
    assert freed > 0
    assert {r for r in ("aa", "bb", "cc", "dd") if store.result(r)} == {"aa", "dd"}
    assert len(objects(store)) == 2
    assert store.tidy(limit=0) > 0
    assert objects(store) == []


def test_an_object_goes_with_the_last_record_that_names_it(store):
    keep(store, "aa", "x")
    keep(store, "bb", "x")
    os.utime(store.folder / "results" / "aa" / "aa.json", (1, 1))
    (store.folder / "results" / "aa" / "aa.json").unlink()
    store.tidy()
    assert store.result("bb") is not None
    (store.folder / "results" / "bb" / "bb.json").write_text("garbage")
    store.tidy()
    assert objects(store) == []
    assert not list((store.folder / "results").glob("*/*"))


def test_a_shared_object_stays_with_the_record_used_last(store):
    for i, (recipe, value) in enumerate([("aa", "shared"), ("bb", "x" * 1000), ("cc", "shared"), ("dd", "y")]):
        keep(store, recipe, value)
        os.utime(store.folder / "results" / recipe / f"{recipe}.json", (i, i))
    store.tidy(limit=sum(size_of(p) for p in (store.folder / "objects").glob("*/*")) - 1)
    assert [r for r in ("aa", "bb", "cc", "dd") if store.result(r)] == ["cc", "dd"]


def test_what_dead_processes_left_is_swept_and_what_lives_stays(store):
    dead = subprocess.Popen(["true"])
    dead.wait()
    left = store.folder / "tmp" / f"{dead.pid}-abc"
    left.mkdir()
    (left / "table.parquet").write_bytes(b"x" * 10_000)
    (store.folder / "tmp" / "duckdb_temp_storage-0.tmp").write_bytes(b"x" * 1000)
    mine = store.new_scratch()
    assert store.tidy() >= 11_000
    assert list((store.folder / "tmp").iterdir()) == [mine]


def test_clearing_leaves_what_a_living_process_is_writing(store):
    keep(store, "aa", "x" * 1000)
    mine = store.new_scratch()  # as a studio's, in which it puts rows in order to show them
    (mine / "view.parquet").write_bytes(b"x" * 100_000)
    assert 1000 <= store.clear() < 100_000
    assert store.result("aa") is None
    assert list((store.folder / "tmp").iterdir()) == [mine]
    assert [file.name for file in mine.iterdir()] == ["view.parquet"]


USE = """
import sys
from pathlib import Path
from peephole.engine.store import Store
with Store(Path(sys.argv[1])).in_use():
    print("using", flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def used_by_another_process(store):
    with subprocess.Popen(
        [sys.executable, "-c", USE, store.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"using\n"
        yield other
        other.kill()


def test_nothing_is_dropped_while_a_run_uses_it_anywhere(store):
    keep(store, "aa", "x")
    with used_by_another_process(store) as other:
        assert store.tidy(limit=0) == 0
        with pytest.raises(StoreError, match="in use by a run"):
            store.clear()
        assert store.result("aa") is not None
        other.kill()  # a lock ends with its process
        other.wait()
        assert store.clear() > 0
    assert store.result("aa") is None
    keep(store, "aa", "x")
    assert store.result("aa") is not None


KEEP = """
import os, sys
from pathlib import Path
from test_store import keep
from peephole.engine.store import Store
store = Store(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for i in range(60):
    keep(store, f"{os.getpid():x}{i:04}", i)
"""


def test_two_processes_keep_the_same_objects_at_once(store):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    command = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n{KEEP}",
        store.folder,
    ]
    with subprocess.Popen(command, **pipes) as one, subprocess.Popen(command, **pipes) as two:
        for other in (one, two):
            assert other.stdout.readline() == b"ready\n"
        for other in (one, two):
            other.stdin.write(b"go\n")
            other.stdin.flush()
        assert [other.wait(30) for other in (one, two)] == [0, 0]
    assert len(objects(store)) == 60
    for other in (one, two):
        assert all(store.result(f"{other.pid:x}{i:04}") for i in range(60))
    assert not list((store.folder / "tmp").iterdir())


def test_threads_keep_the_same_objects_at_once(store):
    failures = []

    def work(name):
        try:
            for i in range(50):
                keep(store, f"{name}{i:04}", i)
                assert store.result(f"{name}{i:04}") is not None
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("ab", "cd", "ef")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("before", ["absent", "damaged"])
def test_what_another_run_keeps_between_two_looks_is_not_dropped(store, before, monkeypatch):
    first = keep(store, "aa11", 5).outputs["variable"].folder
    if before == "absent":
        shutil.rmtree(first)
    else:
        (first / "object.json").write_text("{")
    look, other = store_module._whole, Store(store.folder)

    def and_then_another_run_keeps_it(folder):
        monkeypatch.setattr(store_module, "_whole", look)
        seen = look(folder)
        keep(other, "bb22", 5)
        return seen

    monkeypatch.setattr(store_module, "_whole", and_then_another_run_keeps_it)
    store.result("aa11")
    assert store_module._whole is look
    assert Store(store.folder).result("bb22") is not None


def test_kept_work_is_dropped_oldest_first_beyond_its_share_and_when_nobody_takes_it_up(store):
    now = time.time()
    for name, days in (("aa1", 40), ("bb2", 3), ("cc3", 2), ("dd4", 1)):
        place = store.checkpoint(name)
        place.mkdir(parents=True)
        (place / "after-3.safetensors").write_bytes(b"x" * 4000)
        os.utime(place, (now - days * 86_400,) * 2)
    each = size_of(store.checkpoint("dd4"))
    store.tidy()
    assert [store.checkpoint(name).exists() for name in ("aa1", "bb2", "cc3", "dd4")] == [False, True, True, True]
    store.tidy(limit=4 * 2 * each)
    assert [store.checkpoint(name).exists() for name in ("bb2", "cc3", "dd4")] == [False, True, True]
