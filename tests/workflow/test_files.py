"""Workflow files: saved whole or not at all."""

import os
import stat
import sys
import threading

import pytest

from peephole.core.errors import DocumentError
from peephole.workflow import files
from peephole.workflow.document import Document, NodeBlock
from peephole.workflow.files import load, save, workflow_path

OLD = Document(title="old")
NEW = Document(title="new", nodes={"a": NodeBlock(type="read", settings={"text": "ü" * 100})})


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "flow.peep.json"
    save(OLD, path)
    return path


def test_saved_and_loaded(path):
    save(NEW, path)
    assert load(path) == NEW
    first = path.read_bytes()
    save(load(path), path)
    assert path.read_bytes() == first
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_permissions_are_kept_and_new_files_have_the_usual_ones(path, tmp_path):
    os.chmod(path, 0o640)
    save(NEW, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    (tmp_path / "usual").write_text("")
    save(NEW, tmp_path / "fresh.peep.json")
    assert (tmp_path / "fresh.peep.json").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_stays_a_link(path, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.peep.json"
    link.symlink_to(os.path.join("..", path.name))
    save(NEW, link)
    assert link.is_symlink()
    assert load(path) == NEW == load(link)


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "open", "chmod"])
def test_a_failing_disk_leaves_the_old_file_and_no_other(path, monkeypatch, call):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    if call == "write":
        monkeypatch.setattr(files, "open", _half_written, raising=False)
    else:
        monkeypatch.setattr(files.os, call, full)
    with pytest.raises(DocumentError, match=r"No space left on device.*unchanged") as caught:
        save(NEW, path)
    monkeypatch.undo()
    assert caught.value.remedy
    assert load(path) == OLD
    assert os.listdir(path.parent) == [path.name]


def _half_written(handle, mode):
    file = os.fdopen(handle, mode)

    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *args):
            file.close()

        def write(self, content):
            file.write(content[: len(content) // 2])
            raise OSError(28, "No space left on device")

    return Full()


def test_an_interrupt_in_the_middle_leaves_the_old_file_and_no_other(path, monkeypatch):
    def interrupted(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(NEW, path)
    assert load(path) == OLD
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="uses RLIMIT_FSIZE")
def test_a_disk_that_is_really_full(path):
    import resource
    import signal

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60, hard))
    try:
        with pytest.raises(DocumentError, match="cannot be saved"):
            save(NEW, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert load(path) == OLD
    assert os.listdir(path.parent) == [path.name]


def test_readers_never_see_half_a_file(path):
    stop = threading.Event()
    seen, wrong = [], []

    def read():
        while not stop.is_set():
            try:
                seen.append(load(path))
            except DocumentError as error:
                wrong.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    writers = [threading.Thread(target=lambda d=d: [save(d, path) for _ in range(40)]) for d in (OLD, NEW)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stop.set()
    reader.join()
    assert wrong == []
    assert all(document in (OLD, NEW) for document in seen)
    assert os.listdir(path.parent) == [path.name]


def test_what_cannot_be_saved_to_says_so(tmp_path, path):
    with pytest.raises(DocumentError, match="not a file"):
        save(NEW, tmp_path)
    with pytest.raises(DocumentError, match="No such file or directory"):
        save(NEW, tmp_path / "none" / "x.peep.json")
    with pytest.raises(DocumentError, match="cannot be saved"):
        save(NEW, tmp_path / "a\0b.peep.json")
    if os.geteuid() != 0:
        os.chmod(path, 0o444)
        with pytest.raises(DocumentError, match="write-protected"):
            save(NEW, path)


def test_too_large_to_be_read_again_is_not_saved(path, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 200)
    with pytest.raises(DocumentError, match="may have 0 MB"):
        save(NEW, path)
    path.write_bytes(b" " * 300)
    with pytest.raises(DocumentError, match="no workflow has"):
        load(path)


def test_what_cannot_be_loaded_says_so(tmp_path, path):
    with pytest.raises(DocumentError, match=r"There is no file .*In that folder: flow.peep.json"):
        load(tmp_path / "flwo.peep.json")
    with pytest.raises(DocumentError, match="is not a file"):
        load(tmp_path)
    with pytest.raises(DocumentError, match="cannot be read"):
        load(tmp_path / "a\0b")
    path.write_bytes(b'{"title": "\xff"}')
    with pytest.raises(DocumentError, match="not UTF-8 text: byte 11"):
        load(path)
    path.write_bytes(b"{")
    with pytest.raises(DocumentError, match=r"flow.peep.json is not JSON: line 1, column 2"):
        load(path)


def test_a_byte_order_mark_is_fine(path):
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(path) == OLD


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("flow", "flow.peep.json"),
        ("flow.json", "flow.peep.json"),
        ("a/b.peep.json", "a/b.peep.json"),
        ("v1.2", "v1.2.peep.json"),
    ],
)
def test_the_ending_of_workflow_files(name, expected):
    assert workflow_path(name).as_posix() == expected
