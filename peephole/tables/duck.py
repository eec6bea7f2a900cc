"""The embedded engine: DuckDB, a locked-down connection for each session."""
# ruff: noqa: S608 - names and paths go through `quoted` and `literal`

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import narwhals as nw

from peephole.core.errors import Cancelled
from peephole.core.schema import ROW
from peephole.tables import csv_source, duck_writing, json_source
from peephole.tables.csv_options import CsvOptions
from peephole.tables.duck_errors import explained
from peephole.tables.duck_watching import watched
from peephole.tables.places import appearing_whole, data_folder
from peephole.tables.schema import ExactSchema, Stored, hide_rows, literal, quoted

if TYPE_CHECKING:
    import pyarrow as pa


class DuckSession:
    """One connection, used by one thread at a time (only `interrupt` may come from another)."""

    engine = "duckdb"

    def __init__(
        self,
        *,
        read: Sequence[Path] = (),
        write: Sequence[Path] = (),
        threads: int | None = None,
        memory_limit: str | None = None,
        spill: Path | None = None,
    ) -> None:
        """Open a connection that can touch only `read` and `write` (DuckDB makes no difference between the two)."""
        self.folder = Path.cwd()
        self.steady = False
        self._scratch = Path(tempfile.gettempdir()).resolve() / f"peephole-{uuid.uuid4().hex}"
        self._clean_up = weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
        self._connection = duckdb.connect(":memory:")
        self._scans: dict[tuple[object, ...], duckdb.DuckDBPyRelation] = {}  # a run reads the same file again and again
        self._known: tuple[tuple[object, ...], Stored] | None = None  # the file written or looked at last
        settings = (
            _fixed_settings()
            | _chosen_settings(threads, memory_limit, spill or self._scratch)
            | _allowed([*read, *write], [self._scratch, data_folder().resolve()])
        )
        for name, value in settings.items():
            self._connection.execute(f"SET {name} = {value}")
        # The last two: nothing outside, and no way back.
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def scan_parquet(self, path: Path, *, number_rows: bool = False) -> nw.LazyFrame[Any]:
        """A frame over a Parquet file.  number_rows: add the hidden row number where the file has none."""
        with explained(path, reading=True):
            if not self.steady or not path.exists():
                return nw.from_native(self._scan(path, number_rows))
            here = (_identity(path), number_rows)
            if here not in self._scans:
                self._scans[here] = self._scan(path, number_rows)
        return nw.from_native(self._scans[here])

    def _scan(self, path: Path, number_rows: bool) -> duckdb.DuckDBPyRelation:
        relation = self._sql(f"SELECT * FROM read_parquet({_file(path)})")
        if not number_rows or ROW in relation.columns:
            return relation
        columns = ", ".join(quoted(name) for name in relation.columns)
        source = f"read_parquet({_file(path)}, file_row_number = true)"
        return self._sql(f"SELECT {columns}, file_row_number AS {ROW} FROM {source}")

    def scan_places(self, path: Path, name: str) -> nw.LazyFrame[Any]:
        """A frame over a Parquet file, with each row's place in the file, from 0, as a column of that name."""
        with explained(path, reading=True):
            place = f"CAST(file_row_number AS UINTEGER) AS {quoted(name)}"
            options = f"{_file(path)}, file_row_number = true"
            return nw.from_native(
                self._sql(f"SELECT * EXCLUDE (file_row_number), {place} FROM read_parquet({options})")
            )

    def read_csv(self, path: Path, options: CsvOptions) -> nw.LazyFrame[Any]:
        """A frame over a text file, with the hidden row number."""
        with explained(path):
            return nw.from_native(csv_source.read(self._connection, path.resolve(), options, self._scratch_folder))

    def read_json(self, path: Path, look_at: int) -> nw.LazyFrame[Any]:
        """A frame over a file of JSON objects, with the hidden row number."""
        with explained(path):
            return nw.from_native(json_source.read(self._connection, path.resolve(), look_at))

    def empty(self, schema: ExactSchema) -> nw.LazyFrame[Any]:
        """A frame of these columns without rows."""
        columns = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in schema.items())
        return nw.from_native(self._sql(f"SELECT {columns} WHERE false"))

    def from_arrow(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """A frame over rows in memory."""
        return nw.from_native(self._connection.from_arrow(table))

    def put(self, name: str, rows: pa.Table) -> None:
        """Rows in memory under a name, in the place of those that were there."""
        self._connection.register(name, rows)

    def named(self, name: str) -> nw.LazyFrame[Any]:
        """A frame that reads the rows that lie under the name when it runs; their columns must stay the same."""
        return nw.from_native(self._connection.view(name))

    def from_batches(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> nw.LazyFrame[Any]:
        """A frame over rows that come in parts: kept in a scratch file as long as the session lives."""
        return self.scan_parquet(self.spool(schema, batches), number_rows=True)

    def spool(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Path:
        """Write rows that come in parts into a scratch file."""
        import pyarrow.parquet as pq

        path = self.scratch_file()
        with pq.ParquetWriter(path, schema, compression="lz4") as writer:
            for batch in batches:
                writer.write_batch(batch)
        return path

    def settled(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """The same few rows for more than one query (see Session)."""
        if not self.steady:
            return frame
        name = f"settled {uuid.uuid4().hex}"
        try:
            frame.to_native().create(name)
        except duckdb.InterruptException:
            raise Cancelled from None
        except duckdb.Error:  # told where the query runs that it is part of, with the step whose fault it is
            return frame
        return nw.from_native(self._connection.table(quoted(name)))

    def write_parquet(
        self,
        frame: nw.LazyFrame[Any],
        path: Path,
        on_progress: Any = None,
        compression: str = "lz4_raw",
        *,
        few: bool = False,
    ) -> int:
        """Run the frame's query into a file and tell how many rows it has (see Session)."""
        native: Any = frame.to_native()
        with appearing_whole(path) as part, explained(path), watched(self._connection, on_progress):
            stored = duck_writing.write_few(native, part) if few else None
            if stored is None:
                return duck_writing.copy(native, part, compression)
        self._known = _identity(path), stored
        return stored.rows

    def write_csv(self, frame: nw.LazyFrame[Any], path: Path, delimiter: str, on_progress: Any = None) -> None:
        """Run the frame's query into a text file."""
        with appearing_whole(path) as part, explained(path), watched(self._connection, on_progress):
            compression = "gzip" if path.suffix == ".gz" else "none"
            frame.to_native().write_csv(str(part.resolve()), sep=delimiter, header=True, compression=compression)

    def write_json(self, frame: nw.LazyFrame[Any], path: Path, on_progress: Any = None) -> None:
        """Run the frame's query into a text file with one JSON object a line."""
        with appearing_whole(path) as part, explained(path), watched(self._connection, on_progress):
            compression = "gzip" if path.suffix == ".gz" else "none"
            lines: Any = json_source.line(frame.to_native())
            lines.write_csv(
                str(part.resolve()), sep="\x01", header=False, quotechar="", escapechar="", compression=compression
            )

    def batches(self, frame: nw.LazyFrame[Any]) -> pa.RecordBatchReader:
        """Run the frame's query into a scratch file, and give its rows in parts."""
        path = self.scratch_file()
        self.write_parquet(frame, path)
        return stored_batches(path)

    def content_key(self, path: Path) -> str:
        """Hash of columns and rows, their order left aside."""
        return self.look_at(path).key

    def look_at(self, path: Path) -> Stored:
        """What a Parquet file holds: by one query over all rows, but for the file that was written or looked at last."""
        here = _identity(path)
        if self._known is not None and self._known[0] == here:
            return self._known[1]
        with explained(path, reading=True):
            relation = self._sql(f"SELECT * FROM read_parquet({_file(path)})")
            types = duck_writing.types_of(relation)
            hashed = f"SELECT {duck_writing.hash_of(types)} AS h FROM read_parquet({_file(path)})"
            found = self._connection.execute(f"SELECT count(*), sum(h), bit_xor(h) FROM ({hashed})")
            rows, total, mixed = found.fetchall()[0]
        key = duck_writing.key_of(types, rows, total, mixed)
        stored = Stored(int(rows), key, types, duck_writing.words_of(relation, types))
        self._known = here, stored
        return stored

    def stored_rows(self, path: Path) -> int:
        """How many rows a Parquet file has, by its own account."""
        import pyarrow.parquet as pq

        with explained(path, reading=True):
            return int(pq.read_metadata(path).num_rows)

    def row_count(self, frame: nw.LazyFrame[Any]) -> int:
        """How many rows the frame has; runs its query."""
        with explained():
            return int(frame.select(nw.len()).collect("pyarrow").item())

    def first_rows(self, frame: nw.LazyFrame[Any], count: int, offset: int = 0) -> pa.Table:
        """Some rows in their order, without the hidden row number."""
        with explained():
            relation = frame.to_native()
            if ROW in relation.columns:
                relation = relation.order(ROW)
            shown = ", ".join(quoted(name) for name in hide_rows(relation.columns))
            return relation.limit(count, offset).project(shown).to_arrow_table()

    def interrupt(self) -> None:
        """Stop what runs, from another thread; the session stays usable."""
        self._connection.interrupt()

    def close(self) -> None:
        """Let go of memory and spilled files."""
        self._connection.close()
        self._clean_up()

    def scratch_file(self) -> Path:
        """The name of a file that is there as long as the session lives."""
        return self._scratch_folder() / f"{uuid.uuid4().hex}.parquet"

    def _scratch_folder(self) -> Path:
        self._scratch.mkdir(mode=0o700, exist_ok=True)
        return self._scratch

    def _sql(self, query: str) -> duckdb.DuckDBPyRelation:
        return self._connection.sql(query)


def stored_batches(path: Path) -> pa.RecordBatchReader:
    """The rows of a Parquet file in parts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    return pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(50_000))


def _fixed_settings() -> dict[str, str]:
    return {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "python_enable_replacements": "false",  # a formula or file name never means a Python variable
        "preserve_insertion_order": "true",
        "TimeZone": "'UTC'",
        # It has a file read otherwise where a column is cast: text as it is written there, not as the value is.
        "disabled_optimizers": "'type_pushdown'",
        "default_collation": "'binary'",
        # query_progress() answers -1 while the bar is off.
        "enable_progress_bar": "true",
        "enable_progress_bar_print": "false",
        "progress_bar_time": "0",
    }


def _chosen_settings(threads: int | None, memory_limit: str | None, spill: Path) -> dict[str, str]:
    chosen = {"threads": str(threads)} if threads else {}
    if memory_limit:
        chosen["memory_limit"] = literal(memory_limit)
    chosen["temp_directory"] = literal(str(spill.resolve()))
    return chosen


def _allowed(paths: list[Path], always: list[Path]) -> dict[str, str]:
    resolved = [p.resolve() for p in paths]
    folders = [os.path.join(p, "") for p in (*filter(Path.is_dir, resolved), *always)]
    files = [str(p) for p in resolved if not p.is_dir()]
    return {
        "allowed_directories": f"[{', '.join(literal(f) for f in folders)}]",
        "allowed_paths": f"[{', '.join(literal(f) for f in files)}]",
    }


def _identity(path: Path) -> tuple[object, ...]:
    """What tells this state of a file from others."""
    found = path.stat()
    return str(path), found.st_size, found.st_mtime_ns, found.st_ino


def _file(path: Path) -> str:
    return literal(str(path.resolve()))
