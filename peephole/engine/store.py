"""Results on disk, content-addressed. A result is there completely or not at all, and is checked before it is used.

results/ab/<recipe key>.json     what a node gave: for each output port the object, facts, messages, time
objects/ab/<content key>/        the data of one output, and object.json with each file's size and time
schemas/ab/<recipe key>.json     the columns a recipe will give, found out without running it
seen/<document>.json             what each node of a document was made from when it last ran
tmp/<process>-<random>/          being written; renamed when complete, swept when the process is gone
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from peephole.core.errors import StoreError
from peephole.core.types import PortType

DEFAULT_LIMIT = 20 * 2**30
PARTS = ("results", "objects", "schemas", "seen", "tmp")


@dataclass(frozen=True)
class StoredOutput:
    """The data at one output port.  facts: rows, columns ...; key: content key; folder: where the codec finds it."""

    type: str
    key: str
    folder: Path
    facts: dict[str, Any]


@dataclass(frozen=True)
class StoredResult:
    """What one run of a node gave.  effects: files it wrote outside the store, with the identity they had."""

    recipe: str
    outputs: dict[str, StoredOutput]
    messages: list[str] = field(default_factory=list)
    seconds: float = 0.0
    effects: dict[str, str] = field(default_factory=dict)


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
        """The result of that recipe, if it is whole; a damaged one counts as absent and is dropped."""
        path = self._result_path(recipe)
        try:
            record = json.loads(path.read_bytes())
            outputs = {
                port: StoredOutput(o["type"], o["key"], self._object_path(o["key"]), o["facts"])
                for port, o in record["outputs"].items()
            }
            result = StoredResult(recipe, outputs, record["messages"], record["seconds"], record["effects"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            path.unlink(missing_ok=True)
            return None
        if not all(self._intact(o.folder) for o in outputs.values()) or not _effects_stand(result.effects):
            return None
        return result

    def touch(self, recipe: str) -> None:
        """Mark a result as used now, so that others are dropped first."""
        with contextlib.suppress(OSError):
            os.utime(self._result_path(recipe))

    def _intact(self, folder: Path) -> bool:
        """Whether the object's files are as they were written; damage drops the object."""
        try:
            manifest = json.loads((folder / "object.json").read_bytes())
            for name, seen in manifest["files"].items():
                stat = (folder / name).stat()
                if [stat.st_size, stat.st_mtime_ns] != seen:
                    raise ValueError(name)
        except FileNotFoundError:
            if not folder.exists():
                return False
        except (OSError, ValueError, KeyError, TypeError):
            pass
        else:
            return True
        self._discard(folder)
        return False

    # -- writing ---------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A new empty folder to write an object into; gone afterwards unless it was kept."""
        try:
            folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self.folder / "tmp"))
        except OSError as error:
            raise disk_error(error, self.folder) from error
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, folder: Path, port_type: PortType) -> StoredOutput:
        """Move a complete scratch folder to its place among the objects, named by its content."""
        codec = port_type.load_codec()
        facts, key = codec.summary(folder), f"{port_type.name.lower()}-{codec.content_key(folder)}"
        target = self._object_path(key)
        if not self._intact(target):
            try:
                files = {p.name: _identity(p) for p in sorted(folder.iterdir())}
                _write_json(folder / "object.json", {"type": port_type.name, "facts": facts, "files": files})
                target.parent.mkdir(exist_ok=True)
                os.rename(folder, target)
            except OSError as error:
                # another run may have put the same object there in the meantime
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST) or not self._intact(target):
                    raise disk_error(error, self.folder) from error
        return StoredOutput(port_type.name, key, target, facts)

    def remember(self, recipe: str, result: StoredResult) -> None:
        """Record what a recipe gave; replaces an older record."""
        outputs = {p: {"type": o.type, "key": o.key, "facts": o.facts} for p, o in result.outputs.items()}
        record = asdict(result) | {"recipe": recipe, "outputs": outputs, "made": time.time()}
        self._replace(self._result_path(recipe), record)

    def seen(self, document: str) -> dict[str, Any]:
        """What each node of a document was made from when it last ran, to say what has changed since."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "seen" / f"{document}.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return found

    def remember_seen(self, document: str, ingredients: Mapping[str, Any]) -> None:
        """Keep the ingredients of a document's nodes."""
        self._replace(self.folder / "seen" / f"{document}.json", dict(ingredients))

    def schema(self, recipe: str) -> dict[str, dict[str, str]] | None:
        """The exact schemas of a recipe's output tables, where they were found out before."""
        try:
            found: dict[str, dict[str, str]] = json.loads(self._schema_path(recipe).read_bytes())
        except (OSError, ValueError):
            return None
        return found

    def remember_schema(self, recipe: str, schemas: Mapping[str, Mapping[str, str]]) -> None:
        """Keep what was found out about a recipe's output tables without running it."""
        self._replace(self._schema_path(recipe), dict(schemas))

    def _replace(self, path: Path, content: dict[str, Any]) -> None:
        try:
            path.parent.mkdir(exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder / "tmp", prefix=f"{os.getpid()}-", delete=False) as file:
                file.write(json.dumps(content).encode())
            os.replace(file.name, path)
        except OSError as error:
            raise disk_error(error, self.folder) from error

    # -- keeping it small --------------------------------------------------------------------------------------------

    def size(self) -> int:
        """Bytes on disk."""
        return sum(_size(p) for p in self.folder.rglob("*"))

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """While this block runs nothing is dropped from the store, by whichever process."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield

    def tidy(self, limit: int | None = None) -> int:
        """Sweep what dead processes left and drop the least recently used results over the limit; gives the bytes freed.

        Does nothing while a run uses the store.
        """
        with self._alone() as alone:
            if not alone:
                return 0
            freed = self._sweep_scratch()
            return freed + self._drop_to(self.limit if limit is None else limit)

    def clear(self) -> int:
        """Drop every result; gives the bytes freed. Raises StoreError while a run uses the store."""
        with self._alone() as alone:
            if not alone:
                raise StoreError("The store is in use by a run.", remedy="Wait until it ends, or cancel it.")
            freed = self.size()
            for part in PARTS:
                shutil.rmtree(self.folder / part, ignore_errors=True)
                (self.folder / part).mkdir(exist_ok=True)
            return freed

    @contextlib.contextmanager
    def _alone(self) -> Iterator[bool]:
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def _sweep_scratch(self) -> int:
        freed = 0
        for left in (self.folder / "tmp").iterdir():
            if not _alive(left.name.partition("-")[0]):
                freed += sum(_size(p) for p in [left, *left.rglob("*")])
                self._discard(left)
        return freed

    def _drop_to(self, limit: int) -> int:
        sizes = {
            o.name: sum(_size(p) for p in o.iterdir()) for o in (self.folder / "objects").glob("*/*") if o.is_dir()
        }
        total, freed = sum(sizes.values()), 0
        records = sorted((self.folder / "results").glob("*/*.json"), key=lambda p: p.stat().st_mtime)
        users: dict[str, int] = {}
        objects = {p: _object_keys(p) for p in records}
        for keys in objects.values():
            for key in keys:
                users[key] = users.get(key, 0) + 1
        for key in sizes.keys() - users.keys():
            freed += sizes[key]
            self._discard(self._object_path(key))
        for record in records:
            if total - freed <= limit:
                break
            record.unlink(missing_ok=True)
            for key in objects[record]:
                users[key] -= 1
                if users[key] == 0:
                    freed += sizes.get(key, 0)
                    self._discard(self._object_path(key))
        return freed

    def _discard(self, folder: Path) -> None:
        """Take something away at once: renamed first, so that nobody meets half of it."""
        grave = self.folder / "tmp" / f"0-{os.urandom(6).hex()}"
        with contextlib.suppress(OSError):
            os.rename(folder, grave)
        if grave.is_dir():
            shutil.rmtree(grave, ignore_errors=True)
        else:
            grave.unlink(missing_ok=True)

    def _result_path(self, recipe: str) -> Path:
        return self.folder / "results" / recipe[:2] / f"{recipe}.json"

    def _schema_path(self, recipe: str) -> Path:
        return self.folder / "schemas" / recipe[:2] / f"{recipe}.json"

    def _object_path(self, key: str) -> Path:
        return self.folder / "objects" / key.rpartition("-")[2][:2] / key


def disk_error(error: OSError, where: Path) -> StoreError:
    """The person's words for a disk that refuses."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreError(
            f"The disk that holds {where} is full.",
            remedy="Free some space, run `peephole store clear`, or choose another folder with --store.",
        )
    return StoreError(
        f"{where} cannot be written: {error.strerror or error}.", remedy="Check the folder's permissions."
    )


def file_identity(path: str | Path) -> str:
    """What tells one version of a file from another: its size and time of change; "missing" for none."""
    try:
        stat = os.stat(path)
    except OSError:
        return "missing"
    return f"{stat.st_size}:{stat.st_mtime_ns}"


def _effects_stand(effects: Mapping[str, str]) -> bool:
    return all(file_identity(path) == identity for path, identity in effects.items())


def _object_keys(record: Path) -> list[str]:
    try:
        return [o["key"] for o in json.loads(record.read_bytes())["outputs"].values()]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _identity(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content))


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _alive(pid: str) -> bool:
    if not pid.isdigit() or pid == "0":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
