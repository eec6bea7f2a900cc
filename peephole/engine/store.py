"""Results on disk, content-addressed. A result is there completely or not at all, and is checked before it is used.

results/ab/<recipe key>.json     what a node gave: for each output port the object, facts, messages, time
objects/ab/<content key>/        the data of one output, and object.json with each file's size and time
schemas/<document>.json          the columns that recipes will give, found out without running them
seen/<document>.json             what each node of a document was made from when it last ran
checkpoints/ab/<work key>/       how far work has got; taken away when it is done, unless longer work goes on from there
tmp/<process>-<random>/          being written; renamed when complete, swept when the process is gone
lock, dropping                   held while runs use the store, and while one drops a damaged object
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter

from peephole.core.errors import StoreError
from peephole.core.types import PortType
from peephole.engine.files import disk_error, file_identity, size_of
from peephole.engine.records import MANIFEST, Manifest, Record, RecordedOutput, object_path, read_record, result_path
from peephole.engine.sweep import discard, drop_to, sweep_scratch

DEFAULT_LIMIT = 20 * 2**30
PARTS = ("results", "objects", "schemas", "seen", "checkpoints", "tmp")


@dataclass(frozen=True)
class StoredOutput:
    """The data at one output port.  facts: rows, columns ...; key: content key; folder: where the codec finds it."""

    type: str
    key: str
    folder: Path
    facts: dict[str, Any]


@dataclass(frozen=True)
class StoredResult:
    """What one run of a node gave.

    effects: files it wrote outside the store, with the identity they had.
    provisional: it stands in for what has failed (see `try_otherwise`), or the person had enough before it was whole: good to
    look at and to go on with, made again by the next run.
    """

    recipe: str
    outputs: dict[str, StoredOutput]
    messages: list[str] = field(default_factory=list)
    seconds: float = 0.0
    effects: dict[str, str] = field(default_factory=dict)
    provisional: bool = False


_SEEN: TypeAdapter[dict[str, dict[str, Any]]] = TypeAdapter(dict[str, dict[str, Any]])
_SCHEMAS = TypeAdapter(dict[str, dict[str, dict[str, str]]])


def default_folder() -> Path:
    """Where results are kept unless told otherwise: PEEPHOLE_STORE, or the user's cache folder."""
    if given := os.environ.get("PEEPHOLE_STORE"):
        return Path(given)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "peephole" / "store"


class Store:
    """A folder of results. Several processes may use one at once.  limit: bytes kept when nothing runs."""

    def __init__(self, folder: Path | None = None, limit: int = DEFAULT_LIMIT) -> None:
        self.folder = (folder or default_folder()).absolute()
        self.limit = limit
        try:
            for part in PARTS:
                (self.folder / part).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"Results cannot be kept in {self.folder}: {error.strerror}.",
                remedy="Choose another folder with --store or PEEPHOLE_STORE.",
            ) from error

    # -- reading ---------------------------------------------------------------------------------------------------

    def result(self, recipe: str) -> StoredResult | None:
        """The result of that recipe, if it is whole; a damaged one counts as absent."""
        record = read_record(result_path(self.folder, recipe), recipe)
        if record is None:
            return None
        outputs = {
            port: StoredOutput(o.type, o.key, object_path(self.folder, o.key), o.facts)
            for port, o in record.outputs.items()
        }
        if not all(self._intact(o.folder) for o in outputs.values()) or not _effects_stand(record.effects):
            return None
        return StoredResult(recipe, outputs, record.messages, record.seconds, record.effects, record.provisional)

    def touch(self, recipe: str) -> None:
        """Mark a result as used now, so that others are dropped first."""
        with contextlib.suppress(OSError):
            os.utime(result_path(self.folder, recipe))

    def _intact(self, folder: Path) -> bool:
        """Whether the object's files are as they were written; damage drops the object."""
        if _whole(folder):
            return True
        if not folder.exists():
            return False
        # Whoever drops looks again, alone: another run may just have put the object there, or made it good.
        with self._lock_file("dropping") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                return False
            if _whole(folder):
                return True
            discard(folder, self.folder)
            return False

    # -- writing ---------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A new empty folder to write an object into; gone afterwards unless it was kept."""
        folder = self.new_scratch()
        try:
            yield folder
        finally:
            if os.path.exists(folder):
                shutil.rmtree(folder, ignore_errors=True)

    def new_scratch(self) -> Path:
        """A new empty folder that is swept some time after this process has ended."""
        try:
            return Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=os.path.join(self.folder, "tmp")))
        except OSError as error:
            raise disk_error(error, self.folder) from error

    def keep(self, folder: Path, port_type: PortType) -> StoredOutput:
        """Move a complete scratch folder to its place among the objects, named by its content."""
        codec = port_type.load_codec()
        facts, key = codec.summary(folder), f"{port_type.name.lower()}-{codec.content_key(folder)}"
        target = object_path(self.folder, key)
        if not self._intact(target):
            try:
                files = {name: file_identity(f"{folder}/{name}") for name in sorted(os.listdir(folder))}
                manifest = Manifest(type=port_type.name, facts=facts, files=files)
                with open(f"{folder}/{MANIFEST}", "wb") as file:
                    file.write(manifest.model_dump_json().encode())
                _into(folder, target, os.rename)
            except OSError as error:
                # another run may have put the same object there in the meantime
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST) or not self._intact(target):
                    raise disk_error(error, self.folder) from error
        return StoredOutput(port_type.name, key, target, facts)

    def remember(self, recipe: str, result: StoredResult) -> None:
        """Record what a recipe gave; replaces an older record."""
        record = Record(
            recipe=recipe,
            outputs={p: RecordedOutput(type=o.type, key=o.key, facts=o.facts) for p, o in result.outputs.items()},
            messages=result.messages,
            seconds=result.seconds,
            effects=result.effects,
            provisional=result.provisional,
        )
        self._replace(result_path(self.folder, recipe), record.model_dump_json())

    def seen(self, document: str) -> dict[str, dict[str, Any]]:
        """What each node of a document was made from when it last ran, to say what has changed since."""
        try:
            return _SEEN.validate_json((self.folder / "seen" / f"{document}.json").read_bytes())
        except (OSError, ValueError):
            return {}

    def remember_seen(self, document: str, ingredients: Mapping[str, Any]) -> None:
        """Keep the ingredients of a document's nodes."""
        self._replace(self.folder / "seen" / f"{document}.json", json.dumps(dict(ingredients)))

    def schemas(self, document: str) -> dict[str, dict[str, dict[str, str]]]:
        """By recipe, the exact schemas of output tables that were found out without running a document's nodes."""
        try:
            return _SCHEMAS.validate_json((self.folder / "schemas" / f"{document}.json").read_bytes())
        except (OSError, ValueError):
            return {}

    def remember_schemas(self, document: str, schemas: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
        """Keep what was found out about a document's output tables."""
        self._replace(self.folder / "schemas" / f"{document}.json", json.dumps(dict(schemas)))

    def checkpoint(self, recipe: str) -> Path:
        """Where work may be kept.  recipe: its name (`Step.work`)."""
        return self.folder / "checkpoints" / recipe[:2] / recipe

    def drop_checkpoint(self, recipe: str) -> None:
        """The work is done: what was kept of it goes."""
        if (left := self.checkpoint(recipe)).exists():
            discard(left, self.folder)

    def _replace(self, path: Path, text: str) -> None:
        """Write a file that is there completely or not at all."""
        part = os.path.join(self.folder, "tmp", f"{os.getpid()}-{os.urandom(6).hex()}")
        try:
            with open(part, "wb") as file:
                file.write(text.encode())
            _into(part, path, os.replace)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(part)
            raise disk_error(error, self.folder) from error

    # -- keeping it small --------------------------------------------------------------------------------------------

    def size(self) -> int:
        """Bytes on disk."""
        return size_of(self.folder)

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """While this block runs nothing is dropped from the store, by whichever process."""
        with self._lock_file("lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield

    def tidy(self, limit: int | None = None) -> int:
        """Sweep what dead processes left and drop the least recently used results over the limit; gives the bytes freed.

        Does nothing while a run uses the store.
        """
        with self._alone() as alone:
            if not alone:
                return 0
            return sweep_scratch(self.folder) + drop_to(self.folder, self.limit if limit is None else limit)

    def clear(self) -> int:
        """Drop every result; gives the bytes freed. Raises StoreError while a run uses the store."""
        with self._alone() as alone:
            if not alone:
                raise StoreError("The store is in use by a run.", remedy="Wait until it ends, or cancel it.")
            before = self.size()
            sweep_scratch(self.folder)  # what lives stays: a studio looks at its views and sorts there without a run
            for part in set(PARTS) - {"tmp"}:
                shutil.rmtree(self.folder / part, ignore_errors=True)
                (self.folder / part).mkdir(exist_ok=True)
            return before - self.size()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[bool]:
        with self._lock_file("lock") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def _lock_file(self, name: str) -> IO[str]:
        try:
            return (self.folder / name).open("w")
        except OSError as error:
            raise disk_error(error, self.folder) from error


def _whole(folder: Path) -> bool:
    """Whether an object is there with all its files as they were written."""
    try:
        with open(f"{folder}/{MANIFEST}", "rb") as file:
            manifest = Manifest.model_validate_json(file.read())
    except (OSError, ValueError):
        return False
    return all(file_identity(f"{folder}/{name}") == identity for name, identity in manifest.files.items())


def _into(source: str | Path, target: Path, move: Callable[[str | Path, Path], None]) -> None:
    """Move something to its place; the folder of that is nearly always there."""
    try:
        move(source, target)
    except FileNotFoundError:
        target.parent.mkdir(exist_ok=True)
        move(source, target)


def _effects_stand(effects: Mapping[str, str]) -> bool:
    return all(file_identity(path) == identity for path, identity in effects.items())
